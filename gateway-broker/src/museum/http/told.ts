import { GateRole } from '@vigie/contract/gate/device-pass'
import { LaneMode } from '@vigie/contract/gate/lane-mode'
import { Detail, Direction, Outcome } from '@vigie/contract/gate/outcome'
import { TicketStatus } from '@vigie/contract/gate/ticket-status'
import Type from 'typebox'

/*
 * What the API tells, in shapes that have a name in its description. No name of a visitor stands in any of them, since none
 * comes to the gateway at all.
 */
const orNull = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
const Time = Type.String({ format: 'date-time' })
const Count = Type.Integer({ minimum: 0 })

export const Me = Type.Object(
  { staff: Type.String(), role: GateRole, site: Type.String(), until: Time },
  { $id: 'Me', description: 'Whose device this is, and until when its pass is good.' },
)

export const Lane = Type.Object(
  {
    lane: Type.String(),
    label: Type.String({ description: 'What the staff calls it.' }),
    kind: orNull(Type.Union([Type.Literal('tripod'), Type.Literal('wide')])),
    mode: LaneMode,
    since: Time,
    cause: orNull(Type.String({ description: 'Why it is in fault, or what it last gave alarm for.' })),
    by: orNull(Type.String()),
    reason: orNull(Type.String()),
    until: orNull(Time),
    isHere: Type.Boolean({ description: 'Linked now; while it is not, what is said of it is old.' }),
  },
  { $id: 'Lane' },
)
export type Lane = Type.Static<typeof Lane>

export const DecisionRow = Type.Object(
  {
    id: Type.String(),
    at: Time,
    lane: orNull(Type.String({ description: 'Null: a phone of the staff.' })),
    direction: Direction,
    outcome: Outcome,
    detail: orNull(Detail),
    ticket: orNull(Type.String()),
    persons: Count,
    by: orNull(Type.String()),
    reason: orNull(Type.String({ description: 'Why the staff opened a lane without a ticket.' })),
    forced: orNull(Type.Object({ by: Type.String(), reason: Type.String(), instead: Outcome })),
    isUndone: Type.Boolean(),
    isOfPhoneAlone: Type.Boolean({ description: 'Made on a phone that did not reach the gateway.' }),
    clock: Type.String({ description: 'synchronised, estimated or unknown.' }),
  },
  { $id: 'DecisionRow', description: 'A decision as it stands in the ledger.' },
)
export type DecisionRow = Type.Static<typeof DecisionRow>

export const Inside = Type.Object(
  {
    persons: Count,
    isEstimate: Type.Boolean({ description: 'Not every way out is counted, or a lane is away.' }),
    level: Type.Enum(['free', 'crowded', 'full']),
    warnAt: orNull(Count),
    refuseAt: orNull(Count),
  },
  { $id: 'Inside' },
)

export const Alarm = Type.Object(
  { id: Type.String(), at: Time, lane: orNull(Type.String()), cause: Type.String(), reason: orNull(Type.String()) },
  { $id: 'Alarm', description: 'Something that a lane or the gateway gave alarm for today.' },
)

export const GateState = Type.Object(
  {
    site: Type.String(),
    museum: orNull(Type.String()),
    at: Time,
    clock: Type.String({ description: 'synchronised, estimated or unknown.' }),
    lanes: Type.Array(Type.Ref('Lane')),
    inside: Type.Ref('Inside'),
    decisions: Type.Array(Type.Ref('DecisionRow'), { description: 'The newest first.' }),
    alarms: Type.Array(Type.Ref('Alarm')),
    openConflicts: Count,
    overrides: Type.Object(
      { usedToday: Count, perDay: Count, beyondToday: Count },
      {
        description: 'By everybody together; `perDay` are allowed to each person, `beyondToday` were made beyond that.',
      },
    ),
    catalogue: orNull(Type.Object({ version: Count, at: Time })),
    feed: Type.Object({ n: Count, seconds: orNull(Count) }),
    cloud: Type.Object({
      isConnected: Type.Boolean(),
      waiting: Type.Integer({ description: 'Rows that the cloud has not confirmed.' }),
      refused: Type.Integer({ description: 'Rows that it will not take.' }),
    }),
  },
  { $id: 'GateState', description: 'All that the page of the gate staff shows; also the data of an event `state`.' },
)

export const Fix = Type.Object(
  { kind: Type.Enum(['from', 'ended', 'museum', 'lane', 'opens', 'entered', 'entered-elsewhere', 'desk']) },
  { $id: 'Fix', additionalProperties: true, description: 'What comes nearest to helping the visitor, as data.' },
)

export const DecisionTold = Type.Object(
  {
    id: Type.String({ description: 'Of the row in the ledger.' }),
    at: Time,
    direction: Direction,
    outcome: Outcome,
    detail: orNull(Detail),
    ticket: orNull(Type.String()),
    medium: Type.Enum(['signed', 'foreign', 'none']),
    type: orNull(Count),
    persons: Count,
    attention: Type.Array(Type.String()),
    fix: orNull(Type.Ref('Fix')),
    firstEntry: orNull(Type.Object({ at: Time, lane: orNull(Type.String()) })),
    forced: orNull(Type.Object({ by: Type.String(), reason: Type.String(), instead: Outcome })),
    canBeForced: Type.Boolean({ description: 'Whether an override may let it in, if any is left.' }),
    canEnterUnpaid: Type.Boolean({
      description: 'Whether, asked with `ignoreUnpaid`, it is let in before it is paid.',
    }),
    overridesLeft: Type.Integer({ minimum: 0, description: 'For this person, today.' }),
    isRepeated: Type.Boolean({ description: 'The same question was asked before: no further row was written.' }),
    undoUntil: orNull(Time),
  },
  { $id: 'Decision' },
)
export type DecisionTold = Type.Static<typeof DecisionTold>

export const UploadVerdict = Type.Object(
  {
    nonce: Type.String(),
    outcome: Type.Enum(['stored', 'known', 'refused']),
    reason: orNull(Type.String()),
    id: orNull(Type.String()),
  },
  { $id: 'UploadVerdict' },
)

export const TicketFound = Type.Object(
  {
    ticket: Type.String(),
    number: orNull(Type.String({ description: 'As it is printed, where the gateway was told.' })),
    serial: orNull(Count),
    seller: orNull(Type.String()),
    type: orNull(Count),
    typeWords: orNull(Type.String({ description: 'In French, as the catalogue has it.' })),
    firstDay: orNull(Type.String({ format: 'date' })),
    lastDay: orNull(Type.String({ format: 'date' })),
    slot: orNull(Type.String({ description: 'When its slot begins, 14:00 say.' })),
    status: TicketStatus,
    isUsedUp: Type.Boolean({ description: 'Whether nobody else would be let in on it now, as far as is known here.' }),
    entries: Type.Array(
      Type.Object({ at: Time, lane: orNull(Type.String()), persons: Count, isBeyond: Type.Boolean() }),
    ),
    elsewhere: Type.Array(Type.Object({ at: Time, museum: Type.String(), persons: Count }), {
      description: 'Entries at another museum, the newest ones, as far as the cloud has told.',
    }),
    inside: Count,
    canBeForced: Type.Boolean({
      description: 'Whether an override lets in on it now, if any is left, though nobody shows it.',
    }),
    overridesLeft: Type.Integer({ minimum: 0, description: 'For this person, today.' }),
    undo: orNull(
      Type.Object(
        { decision: Type.String(), until: Time },
        { description: 'Its last entry, while this person may take it back.' },
      ),
    ),
    decisions: Type.Array(Type.Ref('DecisionRow')),
  },
  { $id: 'TicketFound' },
)
export type TicketFound = Type.Static<typeof TicketFound>

export const Admission = Type.Object(
  {
    row: Type.String(),
    at: Time,
    lane: orNull(Type.String()),
    persons: Count,
    clock: Type.String(),
    clockErrorMs: orNull(Count),
    listAge: Type.Object({ feed: Count, seconds: orNull(Count) }),
    isOfPhoneAlone: Type.Boolean(),
  },
  { $id: 'Admission' },
)

export const ConflictTold = Type.Object(
  {
    id: Type.String(),
    ticket: Type.String(),
    persons: Type.Integer({ description: 'How many too many were let in.' }),
    stands: Type.Array(Type.Ref('Admission')),
    beyond: Type.Array(Type.Ref('Admission')),
    acknowledged: orNull(Type.Object({ at: Time, by: Type.String(), note: orNull(Type.String()) })),
  },
  {
    $id: 'Conflict',
    description: 'A ticket that let in more than it gives a right to; the earliest admission stands.',
  },
)

const ByDirection = Type.Object({ in: Count, out: Count })
export const DayReport = Type.Object(
  {
    site: Type.String(),
    day: Type.String({ format: 'date' }),
    persons: Type.Object({ entered: Count, left: Count, insideNow: Count, isEstimate: Type.Boolean() }),
    peak: orNull(Type.Object({ persons: Count, at: Time }, { description: 'The most that were inside at once.' })),
    lanes: Type.Array(Type.Object({ lane: orNull(Type.String()), passages: ByDirection })),
    passages: Type.Object({
      grant: ByDirection,
      forced: ByDirection,
      free: ByDirection,
      fire: ByDirection,
      staff: ByDirection,
      phone: ByDirection,
    }),
    outcomes: Type.Record(Type.String(), Count, { description: 'Decisions by outcome.' }),
    tickets: Type.Integer({ description: 'How many tickets were let in.' }),
    admitted: Type.Array(
      Type.Object({
        type: orNull(Type.Integer({ description: 'Null: of other sellers, or not known here.' })),
        typeWords: orNull(Type.String({ description: 'In French, as the catalogue has it.' })),
        tickets: Count,
        persons: Count,
      }),
      { description: 'Whom tickets let in, by type.' },
    ),
    returned: Type.Integer({ description: 'Persons who were granted and did not pass.' }),
    unseen: Type.Integer({ description: 'Those of them of whom nobody knows: the box of the lane was away.' }),
    undone: Count,
    overrides: Type.Array(Type.Ref('DecisionRow')),
    overridesBeyond: Type.Array(Type.String(), {
      description: 'Ids of those beyond what their person may make on a day: a phone made them alone.',
    }),
    corrections: Type.Array(Type.Object({ at: Time, inside: Count, by: Type.String(), reason: Type.String() })),
    conflicts: Count,
    clockUnknown: Type.Integer({ description: 'Rows that were written with the clock unknown.' }),
  },
  { $id: 'DayReport' },
)
export type DayReport = Type.Static<typeof DayReport>

export const SCHEMAS = [
  ...[Me, Lane, DecisionRow, Inside, Alarm, GateState, Fix, DecisionTold, UploadVerdict],
  ...[TicketFound, Admission, ConflictTold, DayReport],
]
