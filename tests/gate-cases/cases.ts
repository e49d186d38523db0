/** One behaviour of a gate. `absent`: why it concerns nothing that we have; such a case needs no test. */
export type GateCase = { id: string; says: string; absent?: string }
export type GateChapter = { title: string; cases: readonly GateCase[] }

const cases = (lines: Readonly<Record<string, string>>): GateCase[] =>
  Object.entries(lines).map(([id, says]) => ({ id, says }))
const absent = (why: string, lines: Readonly<Record<string, string>>): GateCase[] =>
  cases(lines).map((one) => ({ ...one, absent: why }))

const NO_QUESTIONS = 'a ticket asks nothing: what has to be shown is in its type, and the staff looks at it'
const NO_ADD_ONS = 'nothing is sold as an addition to a ticket'
const NO_MEDIA = 'a code is a ticket: there are no wristbands or cards that a ticket is linked to'

/** What gates must do, by ids that do not change. A test holds a case by beginning its title with the id. */
export const GATE_CASES: readonly GateChapter[] = [
  {
    title: 'Once, twice, many times',
    cases: cases({
      R01: 'A paid ticket is let in the first time, and one row says so',
      R03: 'An unknown code is invalid and written down without an entry',
      R04: 'The same ticket a second time is refused, with time and gate of its first entry',
      R05: 'Without a network the ledger of the gate alone refuses a second entry',
      R07: 'A ticket for several entries is let in as often, with a row each',
      R08: 'The same question asked twice has the same answer and one row',
      R11: 'An exit before the first entry uses up nothing',
      R12: 'In, out and out again leaves the ticket outside',
      R13: 'Where it is allowed, who went out comes in again, once for each time outside',
      R14: 'Where it is not, who went out stays out',
    }),
  },
  {
    title: 'How a ticket stands',
    cases: cases({
      S01: 'A cancelled or expired order is refused as cancelled',
      S02: 'So is a single ticket that was cancelled alone',
      S03: 'An order that is not paid is refused as unpaid',
      S04: 'An unpaid ticket is let in where its type may be and the staff says so',
      S07: 'One that nobody approved is refused, and cannot be forced',
      S08: 'One that is blocked is refused, and its type is told all the same',
      S09: 'The end of its days counts to the second',
      S10: 'So does their beginning',
      S12: 'A type without a right to this lane is told which lane is its own',
      S14: 'Another slot is refused with the right one named',
      S15: 'A ticket without a slot is good at any time of its days',
      S17: 'A ticket of the other museum is told which',
    }),
  },
  {
    title: 'Forcing, undoing, searching',
    cases: cases({
      F01: 'A second entry can be forced, and its row says by whom and why',
      F03: 'So can a cancelled ticket',
      F04: 'So can an unpaid one',
      F05: 'So can a revoked one, and the row stays with its ticket',
      F07: 'Force does not reach a wrong museum or a wrong day',
      F10: 'Within 30 s the same person undoes an entry by a further row; nothing is deleted',
      F11: 'Two characters find nothing at the desk, four do',
      F12: 'A question for two museums, one of which is not one’s own, is refused whole and names it',
      F13: 'No museum, or two in place of one, is a request in error',
      F15: 'A code with + - / = in it is found',
    }),
  },
  {
    title: 'Questions at the gate',
    cases: absent(NO_QUESTIONS, {
      Q01: 'A question that must be answered holds the entry back',
      Q02: 'One that may be is asked once',
      Q03: 'One that was answered before is not asked',
      Q05: 'Force does without the answer',
      Q07: 'One that is meant for elsewhere is not asked',
      Q08: 'Answers are kept in one form',
    }),
  },
  {
    title: 'Several tickets behind one code',
    cases: [
      ...absent(NO_ADD_ONS, {
        P01: 'An addition alone is not let in by its main ticket',
        P02: 'It is where it is looked for',
        P04: 'It is forced apart from its main ticket',
      }),
      ...absent(NO_MEDIA, {
        P05: 'A medium lets its ticket in',
        P06: 'A medium without a ticket is invalid',
        P09: 'Of two tickets behind one medium the one that is good now is taken',
      }),
      ...cases({ P12: 'A card for ten entries is good for ten, over both museums, also without a network' }),
    ],
  },
  {
    title: 'Rules, clock and calendar',
    cases: cases({
      T01: 'A rule holds for entries and not for exits',
      T02: 'A rule may ask for product, type, lane or museum',
      T03: 'A rule that asks for a lane is not met where there is none',
      T04: 'So many entries at most; exits do not count',
      T05: 'Only who is outside',
      T07: 'Two days of one’s choice, as often as wanted on each',
      T08: 'Minutes since the first or the last entry, and never before there was one',
      T09: 'Entries and days since or before a moment',
      T10: 'A slot with its tolerance, to the minute; without one, the hours of the museum',
      T11: 'A time on the wall is right in summer and in winter',
      T12: 'A weekday is the local one',
      T16: 'At three in the night whoever is still counted inside is counted out, once',
      T17: 'Where nobody is inside, nothing is written',
    }),
  },
  {
    title: 'Signed codes',
    cases: cases({
      K01: 'A good signature is enough, though the ticket is in no list',
      K02: 'One character changed is invalid, and touches no ticket',
      K03: 'A slot that is signed into the code counts to the second',
      K04: 'What the feed has taken back is revoked',
      K05: 'What is blocked is refused, and good again when it is unblocked',
      K06: 'A type that the gate does not know is an error, without an entry',
      K07: 'A key that the gate has not, or has for other days, lets nobody in',
      K12: 'A test ticket opens no lane that visitors use',
      K13: 'A ticket from a till that was cut off is let in by its signature',
    }),
  },
  {
    title: 'Lists, sending and conflicts',
    cases: [
      ...cases({
        Y01: 'The first feed comes in several pages, and all of them are kept',
        Y02: 'Cut in the middle, it goes on where it was, without loss or doubles',
        Y03: 'Later only what changed comes, and the mark moves after it is kept',
        Y05: 'What was decided with the link away is sent once, in order',
        Y10: 'What is refused for good is told with its reason, and the rest goes on',
        Y11: 'A device or box whose access was taken back is shut out and lets nobody in; what it decided stays until the cloud has it',
        Y12: 'A box that stands at a museum no more is told nothing of it, and the others go on',
        Y13: 'A code that nobody knows asks for news',
        Y16: 'A crowd of them asks once',
        Y19: 'A failed scan is taken with what was read, as its hash, and a known reason',
        Y20: 'Tickets of another seller come again without doubles; a refund revokes; it hears once who came',
      }),
    ],
  },
  {
    title: 'The reader',
    cases: cases({
      L01: 'CR, LF, CRLF, ETX or 60 ms of silence end a code, however it is split',
      L03: 'The mark of a symbology is taken off and kept apart',
      L04: 'So is the mark of a character set',
      L06: 'A control character inside is refused, and moves no cursor where it is told',
      L08: 'A code that is held is shown once',
      L09: 'Taken away and held again, it is shown anew',
      L10: 'Without an end it is dropped at its bound, and the next code is read',
      L11: 'A few characters or the bars of goods are noise, told once a minute',
      L13: 'Unplugged and plugged in under another name, it reads again without a restart',
      L15: 'Lower case, or a space that is gone from the end, is the same ticket or none',
      L16: 'It is told to read only if its model takes such orders',
    }),
  },
  {
    title: 'The arm, the fire, who is inside',
    cases: cases({
      G01: 'An entry is one known frame to the board, soon after the last character',
      G03: 'A passage in time uses the entry, and counts',
      G06: 'A passage without an entry is forced: counted, told, and no ticket is used',
      G08: 'The same code while the lane stands open for it is no second scan',
      G09: 'A turn that lasts too long is told, and the lane goes on after it',
      G13: 'A cut wire of the fire detection is a fire',
      G14: 'A fire opens while board and ledger are silent',
      G15: 'Free turning has a reason and an end, and counts by direction',
      G17: 'A full museum refuses or warns, and an exit makes room at once',
      G20: 'Who is inside is told without the cloud, and after a restart',
      G21: 'Without a reader at the exit the number is an estimate, and says so',
      G22: 'Out of hours or out of service is said, with the opening time',
      G23: 'What is said differs in word, colour, sign and tone, each for itself',
      G24: 'A queue for half an hour, with the link going and coming: no decision is late, none is lost',
    }),
  },
  {
    title: 'Privacy',
    cases: [
      ...cases({
        D01: 'No name is on a ticket or at a gate',
        D03: 'After the visit what names a ticket is forgotten, and the counts stay',
      }),
      ...absent('no gate has data of a person that one role might see and another not', {
        D04: 'A role that may not see data of the ticket’s holder lets in without it',
      }),
      ...cases({
        D05: 'A gate answers nobody without a pass',
        D07: 'Numbers of tickets are unbroken, those of free ones included',
      }),
    ],
  },
]
