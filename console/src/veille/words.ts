import { dayInWords, FRESHNESS_WORDS, HARD, momentInWords, NARROW, numberInWords } from '../look/wording.ts'
import type { Need } from './wall/need.ts'
import type { Unit } from './wall/site.ts'

/** The wall's words: those of a picture's freshness, and one for a camera that gives no picture any more. */
export const NEED_WORDS: Record<Need, string> = { ...FRESHNESS_WORDS, failing: 'caméra en panne' }
/** The same for more than one site. */
export const NEED_WORDS_SEVERAL: Record<Need, string> = {
  ...NEED_WORDS,
  failing: 'caméras en panne',
  stale: 'images anciennes',
  withdrawn: 'retirées',
}

/** "en liaison depuis 08 h 12", "hors ligne depuis hier, 22 h 40 (liaison perdue)". */
export function presenceInWords({ presence, since, reason }: Unit, now: number): string {
  const from = since === null ? '' : ` depuis ${sinceInWords(since, now)}`
  if (presence === 'online') return `en liaison${from}`
  if (presence === 'unknown') return 'jamais entendue'
  return `hors ligne${from}${reason === null ? '' : ` (${reason === 'lost' ? 'liaison perdue' : 'arrêtée sur demande'})`}`
}

/** After "depuis": "14 h 05", "hier, 14 h 05", "le jeudi 20 novembre, 14 h 05". */
export function sinceInWords(since: string, now: number): string {
  const at = Date.parse(since)
  const moment = momentInWords(at, now)
  return moment.startsWith(dayInWords(at)) ? `le ${moment}` : moment
}

/** What the unit knows of its own clock. */
export const CLOCK_WORDS = {
  synchronised: 'à l’heure, confirmée',
  estimated: 'estimée',
  unknown: 'non confirmée depuis le démarrage',
} as const

/** "1,2 Go", "340 Mo", "12 ko": as French people write bytes, by thousands. */
export function bytesInWords(bytes: number): string {
  const unit = UNITS.find(({ of }) => bytes >= of) ?? { of: 1, name: 'octets' }
  const value = bytes / unit.of
  return `${numberInWords(value >= 100 ? Math.round(value) : value)}${HARD}${unit.name}`
}

const UNITS = [
  { of: 1e9, name: 'Go' },
  { of: 1e6, name: 'Mo' },
  { of: 1e3, name: 'ko' },
]

/** "22 essais manqués". */
export const failuresInWords = (count: number): string =>
  `${numberInWords(count)}${HARD}${count < 2 ? 'essai manqué' : 'essais manqués'}`

/** A term and what it is: "Horloge : estimée". */
export const termInWords = (term: string, value: string): string => `${term}${NARROW}: ${value}`
