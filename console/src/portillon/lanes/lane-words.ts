import type { Lane } from '../../api/museum.ts'
import { NARROW, sinceInWords, timeOfDay } from '../../look/wording.ts'

/** Each mode of a lane with its one word, and how much it needs somebody. */
export const MODE_WORDS: Record<Lane['mode'], { word: string; need: 'calm' | 'open' | 'soon' | 'now' }> = {
  locked: { word: 'En service', need: 'calm' },
  granted: { word: 'Ouvert', need: 'open' },
  rotating: { word: 'Passage', need: 'open' },
  free: { word: 'Rotation libre', need: 'soon' },
  fire: { word: 'Incendie', need: 'now' },
  fault: { word: 'En panne', need: 'now' },
  'out-of-service': { word: 'Hors service', need: 'soon' },
}

/** What a lane gives alarm for, where it is no code of a fault. */
const CAUSES: Record<string, string> = {
  forced: 'passage forcé',
  'too-long': 'rotation trop longue',
  'row-refused': 'une ligne de son registre a été refusée',
}

export const causeInWords = (cause: string): string => CAUSES[cause] ?? `panne ${cause}`

/** Where it stands, in one line. */
export function laneInWords({ isHere, mode, since, until, cause, reason }: Lane, now: number): string {
  const parts = [
    isHere ? null : 'sans liaison, ce qui suit est ancien',
    mode === 'fire' ? 'libre dans les deux sens' : null,
    until !== null && mode === 'free'
      ? `jusqu’à ${timeOfDay(Date.parse(until))}`
      : `depuis ${sinceInWords(Date.parse(since), now)}`,
    cause === null ? null : causeInWords(cause),
    reason === null ? null : `motif${NARROW}: ${reason}`,
  ]
  const said = parts.filter((part) => part !== null).join(', ')
  return said.charAt(0).toUpperCase() + said.slice(1)
}
