import type { TourDocument } from '@vigie/config-schema/site-document'
import { type Plan, phaseOf } from './next-capture.ts'

/**
 * The order in which a camera goes to its presets: the document's, begun so that it ends at home. A round then needs as
 * many turns as there are presets, and none to go home.
 */
export function tourOrder<Preset extends { id: string }>(presets: readonly Preset[], home?: string): Preset[] {
  const at = presets.findIndex(({ id }) => id === home)
  return [...presets.slice(at + 1), ...presets.slice(0, at + 1)]
}

/**
 * The plan of each preset of a tour: all in one interval, one after the other, at least as far apart as they must be and
 * no further than the interval lets them.
 * @param name of the camera: its round begins elsewhere in the interval than another's
 * @param place of the preset in the tour, from 0
 */
export function planOnTour(
  name: string,
  { place, of, dwellS }: { place: number; of: number } & Pick<TourDocument, 'dwellS'>,
  intervalMs: number,
): Plan {
  const evenMs = intervalMs / of
  const stepMs = dwellS === undefined ? evenMs : Math.min(dwellS * 1000, evenMs)
  return { intervalMs, phaseMs: Math.floor(phaseOf(name, intervalMs) + place * stepMs) % intervalMs }
}
