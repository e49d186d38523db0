import { civilTimeOf, dateOfCivilDay } from './civil-time.ts'
import type { Attention, Decision, Fix } from './decision.ts'
import type { Detail, Outcome } from './outcome.ts'
import { LANE_BITS } from './ticket-code.ts'

export type Language = 'fr' | 'en'
type Said = Record<Language, string>

/**
 * How an answer looks and sounds: `go` it opens, `attention` it opens and the staff should look, `wait` not now, `stop`
 * not with this. Colour, sign, tone and word each say it alone, so that no visitor depends on seeing red and green.
 */
export type Look = 'go' | 'attention' | 'wait' | 'stop'
export type Appearance = {
  colour: 'green' | 'amber' | 'blue' | 'red'
  pictogram: 'arrow' | 'exclamation' | 'clock' | 'barred'
  /** One rising pair; two short ones; one long and even; three falling. */
  tone: 'rising' | 'double' | 'even' | 'falling'
}
export const APPEARANCES: Readonly<Record<Look, Appearance>> = {
  go: { colour: 'green', pictogram: 'arrow', tone: 'rising' },
  attention: { colour: 'amber', pictogram: 'exclamation', tone: 'double' },
  wait: { colour: 'blue', pictogram: 'clock', tone: 'even' },
  stop: { colour: 'red', pictogram: 'barred', tone: 'falling' },
}

/** The one word for each outcome, to be read from two metres, and how it looks. */
export const OUTCOME_WORDS: Readonly<Record<Outcome, Said & { look: Look }>> = {
  ok: { fr: 'Bienvenue', en: 'Welcome', look: 'go' },
  invalid: { fr: 'Inconnu', en: 'Unknown', look: 'stop' },
  revoked: { fr: 'Remplacé', en: 'Replaced', look: 'stop' },
  blocked: { fr: 'Bloqué', en: 'Blocked', look: 'stop' },
  canceled: { fr: 'Annulé', en: 'Cancelled', look: 'stop' },
  unpaid: { fr: 'À payer', en: 'Unpaid', look: 'stop' },
  unapproved: { fr: 'À confirmer', en: 'Unconfirmed', look: 'stop' },
  product: { fr: 'Ailleurs', en: 'Elsewhere', look: 'stop' },
  invalid_time: { fr: 'Pas maintenant', en: 'Not now', look: 'wait' },
  rules: { fr: 'Non admis', en: 'Not admitted', look: 'stop' },
  already_redeemed: { fr: 'Déjà utilisé', en: 'Already used', look: 'stop' },
  ambiguous: { fr: 'À préciser', en: 'Unclear', look: 'stop' },
  incomplete: { fr: 'Incomplet', en: 'Incomplete', look: 'stop' },
  error: { fr: 'Erreur', en: 'Error', look: 'stop' },
  capacity: { fr: 'Complet', en: 'Full', look: 'wait' },
  lane_closed: { fr: 'Fermé', en: 'Closed', look: 'wait' },
  duplicate_read: { fr: 'Passez', en: 'Go through', look: 'go' },
  no_show: { fr: 'Repassez', en: 'Scan again', look: 'wait' },
}

/** Of a decision, what is told to people. */
export type Told = Pick<Decision, 'outcome' | 'detail' | 'fix'> & { attention: readonly Attention[] }

export const lookOf = ({ outcome, attention }: Pick<Told, 'outcome' | 'attention'>): Look =>
  outcome === 'ok' && attention.length > 0 ? 'attention' : OUTCOME_WORDS[outcome].look

/** What is wrong, in a sentence, where the outcome does not say it all. */
const DETAIL_SENTENCES: Readonly<Record<Detail, Said>> = {
  unreadable: { fr: 'Ce code n’est pas un billet', en: 'This code is not a ticket' },
  'seal-wrong': { fr: 'Ce billet n’est pas authentique', en: 'This ticket is not genuine' },
  'key-unknown': { fr: 'Ce billet n’est pas des nôtres', en: 'This ticket is not one of ours' },
  'key-over': { fr: 'Ce billet est d’une autre saison', en: 'This ticket is from another season' },
  'test-ticket': { fr: 'Billet d’essai', en: 'Test ticket' },
  'not-known-here': { fr: 'Billet inconnu ici', en: 'Ticket not known here' },
  'type-unknown': { fr: 'Tarif inconnu', en: 'Unknown ticket type' },
  'other-museum': { fr: 'Autre musée', en: 'Another museum' },
  'other-lane': { fr: 'Autre passage', en: 'Another lane' },
  'not-yet': { fr: 'Pas encore valable', en: 'Not valid yet' },
  over: { fr: 'Plus valable', en: 'No longer valid' },
  'other-slot': { fr: 'Autre horaire', en: 'Another time slot' },
  'before-opening': { fr: 'Pas encore ouvert', en: 'Not open yet' },
  'after-closing': { fr: 'Le musée est fermé', en: 'The museum is closed' },
  'closed-today': { fr: 'Le musée est fermé', en: 'The museum is closed' },
  'out-of-service': { fr: 'Passage hors service', en: 'Lane out of service' },
  'rule-not-met': { fr: 'Les conditions du tarif ne sont pas remplies', en: 'The terms of this ticket are not met' },
  'used-up': { fr: 'Billet déjà utilisé', en: 'Ticket already used' },
  'used-up-today': { fr: 'Billet déjà utilisé aujourd’hui', en: 'Ticket already used today' },
  'still-inside': { fr: 'Billet déjà à l’intérieur', en: 'This ticket is already inside' },
  full: { fr: 'Le musée est plein, patientez', en: 'The museum is full, please wait' },
  'grant-open': { fr: 'Passez, c’est ouvert', en: 'Go through, it is open' },
  'not-shown': { fr: 'Billet non présenté', en: 'Ticket not shown' },
}

export type Answer = Appearance & {
  look: Look
  word: string
  /** What is wrong and what helps; may be empty. */
  sentence: string
}

/** Why the staff should look. What concerns the visitor is shown at the lane, too. */
const ATTENTION_SENTENCES: Readonly<Record<Attention, Said>> = {
  proof: { fr: 'Justificatif à présenter', en: 'Please show your proof' },
  companion: { fr: 'Avec accompagnateur', en: 'With a companion' },
  forced: { fr: 'Entrée accordée par l’accueil', en: 'Let in by the staff' },
  unpaid: { fr: 'Reste à payer', en: 'Still to be paid' },
  crowded: { fr: 'Bientôt complet', en: 'Nearly full' },
  'clock-unknown': { fr: 'Heure non vérifiée', en: 'Time not verified' },
}

/** All that a screen or a sound needs of a decision, in one language. */
export function answerIn(language: Language, decision: Told): Answer {
  const look = lookOf(decision)
  const detail = decision.detail === null ? '' : DETAIL_SENTENCES[decision.detail][language]
  const fix = decision.fix === null ? '' : fixIn(language, decision.fix)
  const shown = decision.attention.filter((one) => ['unpaid', 'proof', 'companion'].includes(one))
  const sentence =
    shown.length > 0
      ? shown.map((one) => attentionIn(language, one)).join('. ')
      : [detail, fix].filter((part) => part !== '').join(language === 'fr' ? '\u202f: ' : ': ')
  return { ...APPEARANCES[look], look, word: OUTCOME_WORDS[decision.outcome][language], sentence }
}

export const attentionIn = (language: Language, attention: Attention): string =>
  ATTENTION_SENTENCES[attention][language]

/** The nearest fix: « valable à 14 h », « valable au musée de Salagon ». */
export function fixIn(language: Language, fix: Fix): string {
  const isFrench = language === 'fr'
  switch (fix.kind) {
    case 'from': {
      const at =
        fix.minutes === null ? '' : isFrench ? ` à ${hourIn('fr', fix.minutes)}` : ` at ${hourIn('en', fix.minutes)}`
      if (fix.isToday) return isFrench ? `valable${at}` : `valid${at}`
      return isFrench ? `valable le ${dayIn('fr', fix.day)}${at}` : `valid on ${dayIn('en', fix.day)}${at}`
    }
    case 'ended':
      return isFrench ? `valable jusqu’au ${dayIn('fr', fix.day)}` : `valid until ${dayIn('en', fix.day)}`
    case 'museum':
      return isFrench ? `valable à l’autre musée, ${fix.name}` : `valid at the other museum, ${fix.name}`
    case 'lane':
      return isFrench ? `passez par ${laneIn('fr', fix.bits)}` : `please use ${laneIn('en', fix.bits)}`
    case 'opens': {
      const hour = hourIn(language, fix.minutes)
      if (fix.isToday) return isFrench ? `ouverture à ${hour}` : `opens at ${hour}`
      return isFrench ? `ouverture le ${dayIn('fr', fix.day)} à ${hour}` : `opens on ${dayIn('en', fix.day)} at ${hour}`
    }
    case 'entered':
      return isFrench ? `entrée à ${clockIn('fr', fix.at)}` : `entered at ${clockIn('en', fix.at)}`
    case 'entered-elsewhere': {
      const at = clockIn(language, fix.at)
      if (fix.day === null)
        return isFrench
          ? `entrée à l’autre musée, ${fix.museum}, à ${at}`
          : `entered at the other museum, ${fix.museum}, at ${at}`
      return isFrench
        ? `entrée à l’autre musée, ${fix.museum}, le ${dayIn('fr', fix.day)} à ${at}`
        : `entered at the other museum, ${fix.museum}, on ${dayIn('en', fix.day)} at ${at}`
    }
    case 'desk':
      return isFrench ? 'adressez-vous à l’accueil' : 'please ask at the desk'
  }
}

/** « 14 h », « 9 h 30 »; 2 pm is written 14:00 in English too, as museums do here. */
function hourIn(language: Language, minutes: number): string {
  const hour = Math.floor(minutes / 60)
  const rest = String(minutes % 60).padStart(2, '0')
  if (language === 'en') return `${hour}:${rest}`
  return rest === '00' ? `${hour}\u00a0h` : `${hour}\u00a0h\u00a0${rest}`
}

const LOCALES = { fr: 'fr-FR', en: 'en-GB' } as const

/** In French the first of a month is « 1er », which the locale's own data does not say. */
const dayIn = (language: Language, day: number): string => {
  const format = new Intl.DateTimeFormat(LOCALES[language], { day: 'numeric', month: 'long', timeZone: 'UTC' })
  const text = format.format(Date.parse(dateOfCivilDay(day)))
  return language === 'fr' ? text.replace(/^1(?=\s)/, '1er') : text
}

function clockIn(language: Language, at: string): string {
  const { minutes } = civilTimeOf(Date.parse(at))
  return hourIn(language, minutes)
}

function laneIn(language: Language, bits: number): string {
  const isFrench = language === 'fr'
  if ((bits & LANE_BITS.tripod) !== 0) return isFrench ? 'le tourniquet' : 'the turnstile'
  if ((bits & LANE_BITS.wide) !== 0) return isFrench ? 'le grand passage' : 'the wide gate'
  return isFrench ? 'l’entrée coupe-file' : 'the priority lane'
}
