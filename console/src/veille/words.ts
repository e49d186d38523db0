import type { PastFrame } from '../api/schemas.ts'
import { FRESHNESS_WORDS, HARD, momentInWords, numberInWords, sinceInWords as sinceMoment } from '../look/wording.ts'
import { faultWords } from './fault-words.ts'
import type { Need } from './wall/need.ts'
import type { Unit } from './wall/site.ts'

/** The wall's words: those of a picture's freshness, one for a camera that gives no picture any more, one for a doubt. */
export const NEED_WORDS: Record<Need, string> = {
  ...FRESHNESS_WORDS,
  failing: 'caméra en panne',
  doubted: 'image douteuse',
}
/** The same for more than one site. */
export const NEED_WORDS_SEVERAL: Record<Need, string> = {
  ...NEED_WORDS,
  failing: 'caméras en panne',
  doubted: 'images douteuses',
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

/** After "depuis", of a time as the API says it. */
export const sinceInWords = (since: string, now: number): string => sinceMoment(Date.parse(since), now)

/** What the unit knows of its own clock. */
export const CLOCK_WORDS = {
  synchronised: 'à l’heure, confirmée',
  estimated: 'estimée',
  unknown: 'non confirmée depuis le démarrage',
} as const

/** A picture of the last day: when it was taken, until when the view was seen unchanged, and what is doubtful. */
export function pastInWords({ capturedAt, seenAt, clock, doubts }: PastFrame, now: number): string {
  const [taken, until] = [momentInWords(Date.parse(capturedAt), now), momentInWords(Date.parse(seenAt), now)]
  return [
    taken,
    ...(until === taken ? [] : [`inchangée jusqu’à ${until}`]),
    ...doubts.map((code) => faultWords(code).title),
    ...(clock === 'estimated' ? ['heure estimée'] : clock === 'unknown' ? ['heure incertaine'] : []),
  ].join(', ')
}

/** The classes of what a unit sends. */
export const CLASS_WORDS = {
  ticket: 'billets',
  alarm: 'alarmes',
  state: 'états',
  telemetry: 'mesures',
  frame: 'images',
} as const
export const CLASSES = Object.keys(CLASS_WORDS) as (keyof typeof CLASS_WORDS)[] // the keys are exactly the classes

/** "22 essais manqués". */
export const failuresInWords = (count: number): string =>
  `${numberInWords(count)}${HARD}${count < 2 ? 'essai manqué' : 'essais manqués'}`
