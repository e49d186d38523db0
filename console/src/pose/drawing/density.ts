import { contains, type Point, type Polygon } from './polygon.ts'

/** A known length across the picture at one height: the width of the road from edge to edge. */
export type Measure = { y: number; from: number; to: number; metres: number }

/** How many pixels a metre takes, by height in the picture: it grows evenly from the horizon down. */
export type Scale = { pxPerMAtTop: number; pxPerMAtBottom: number }

/** Two heights nearer than this say too little of all the others. */
export const APART_MIN = 0.1

/** How many pixels of the published picture one metre takes at a measure's height. */
export const pxPerMOf = ({ from, to, metres }: Measure, widthPx: number): number =>
  (Math.abs(to - from) * widthPx) / metres

/**
 * The scale of a view, from lengths that are known at two heights. On even ground a length shrinks in proportion to its
 * height under the horizon, so two of them give all the others; with more, the best line through them.
 * @returns null while there are no two, or where what is nearer would look smaller
 */
export function scaleOf(measures: readonly Measure[], widthPx: number): Scale | null {
  const heights = measures.map(({ y }) => y)
  if (measures.length < 2 || Math.max(...heights) - Math.min(...heights) < APART_MIN) return null
  const known = measures.map((measure) => ({ y: measure.y, density: pxPerMOf(measure, widthPx) }))
  const mean = (of: (one: (typeof known)[number]) => number) =>
    known.reduce((sum, one) => sum + of(one), 0) / known.length
  const [y, density] = [mean((one) => one.y), mean((one) => one.density)]
  const slope =
    known.reduce((sum, one) => sum + (one.y - y) * (one.density - density), 0) /
    known.reduce((sum, one) => sum + (one.y - y) ** 2, 0)
  if (slope <= 0) return null
  return { pxPerMAtTop: density - slope * y, pxPerMAtBottom: density + slope * (1 - y) }
}

/** Pixels a metre at one height; 0 above the horizon. */
export const pxPerMAt = ({ pxPerMAtTop, pxPerMAtBottom }: Scale, y: number): number =>
  Math.max(0, pxPerMAtTop + (pxPerMAtBottom - pxPerMAtTop) * y)

/** A picture is looked at on a grid of so many points: a hundredth of its width is finer than a finger. */
const COLUMNS = 100
const ROWS = 60

/** Where a picture shows the most of what stands there, of all that a test leaves: the point, and pixels a metre. */
export type Densest = { at: Point; pxPerM: number } | null

function densestWhere(scale: Scale, isOpen: (at: Point) => boolean): Densest {
  for (let row = ROWS - 1; row >= 0; row -= 1) {
    const y = (row + 0.5) / ROWS
    const pxPerM = pxPerMAt(scale, y)
    if (pxPerM === 0) return null
    for (let column = 0; column < COLUMNS; column += 1) {
      const at: Point = [(column + 0.5) / COLUMNS, y]
      if (isOpen(at)) return { at, pxPerM }
    }
  }
  return null
}

/** The worst place that no mask hides. Density only grows downwards, so the lowest open place is the worst. */
export const densestOpen = (scale: Scale, masks: readonly Polygon[]): Densest =>
  densestWhere(scale, (at) => !masks.some((mask) => contains(mask, at)))

/** The farthest and the nearest part of the road zone, in pixels a metre. */
export function roadDensity(scale: Scale, road: Polygon): { far: number; near: number } {
  const heights = road.map(([, y]) => y)
  return { far: pxPerMAt(scale, Math.min(...heights)), near: pxPerMAt(scale, Math.max(...heights)) }
}
