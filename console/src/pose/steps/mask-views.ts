import { NARROW } from '../../look/wording.ts'
import type { Measure } from '../drawing/density.ts'
import type { Sheet, Zone } from '../drawing/drawing.ts'
import { crossesItself, type Polygon } from '../drawing/polygon.ts'
import type { Journey } from '../journey/journey.ts'

/** What was drawn on one view; the cloud's checks read the same (cloud-api/src/commissioning/entered.ts). */
export type DrawnView = {
  roadZone?: Polygon
  measures?: readonly Measure[]
  zones?: readonly Zone[]
  /** The day on which somebody said that the masks are right; absent: nobody has. */
  approvedOn?: string
}
export type DrawnViews = Record<string, DrawnView>

export function drawnViews({ entries }: Journey): DrawnViews {
  const views = entries.masks?.entered['views']
  return typeof views === 'object' && views !== null ? (views as DrawnViews) : {} // entered by masks-step.tsx alone
}

export const sheetOf = ({ zones = [], roadZone }: DrawnView): Sheet => ({ zones, road: roadZone ?? null })

/** A view with another drawing: what was approved is not what stands there now. */
export function redrawn(view: DrawnView, { zones, road }: Sheet): DrawnView {
  const { measures } = view
  return { zones, ...(road === null ? {} : { roadZone: road }), ...(measures === undefined ? {} : { measures }) }
}

/** Two lines across the road, as they lie before they are pulled to its edges. */
export const FIRST_MEASURES: readonly Measure[] = [
  { y: 0.5, from: 0.42, to: 0.58, metres: 6 },
  { y: 0.85, from: 0.25, to: 0.75, metres: 6 },
]

/** Why a view's masks cannot be approved yet, in words; null: they can. */
export function whyNotYet({ roadZone, zones = [] }: DrawnView): string | null {
  if (roadZone === undefined) return 'Tracez d’abord la route'
  const crossed = [...zones.filter(({ polygon }) => crossesItself(polygon)).map(({ label }) => label)]
  if (crossesItself(roadZone)) crossed.push('la route')
  if (crossed.length > 0) return `Un contour se croise${NARROW}: ${crossed.join(', ')}`
  if (zones.some(({ label }) => label.trim() === '')) return 'Donnez un nom à chaque masque'
  return null
}
