import { GATE_WORDS } from '../../alarms/gate-words.ts'
import type { GateState, Lane } from '../../api/museum.ts'
import { NARROW, sinceInWords, timeOfDay } from '../../look/wording.ts'
import { FAULT_WORDS } from '../../veille/fault-words.ts'

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

/** What a lane gives alarm for, where it is no code of a fault, nor about its box. */
const CAUSES: Record<string, string> = {
  forced: 'passage forcé',
  'too-long': 'rotation trop longue',
}

export const causeInWords = (cause: string): string =>
  CAUSES[cause] ?? GATE_WORDS[cause]?.title ?? FAULT_WORDS[cause]?.title ?? `panne inconnue (${cause})`

const OLD_MS = 24 * 3_600_000

/** What the staff should know of the gateway's lists; null: nothing. A lane whose own are old gives alarm by itself. */
export function listsInWords(
  { feed: { seconds }, cloud }: Pick<GateState, 'feed' | 'cloud'>,
  now: number,
): string | null {
  if (seconds !== null && seconds * 1_000 >= OLD_MS)
    return `Aucune nouvelle des billets depuis ${sinceInWords(now - seconds * 1_000, now)}${NARROW}: ce qui a été annulé ou vendu ailleurs depuis n’est pas connu ici.`
  if (seconds === null && !cloud.isConnected)
    return 'La passerelle n’a pas encore pu vérifier ses listes de billets auprès du centre.'
  return null
}

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
