import type { MaskZone } from '@vigie/config-schema/site-document'
import type { Measure } from './entered.ts'

type Point = readonly [x: number, y: number]
type Polygon = readonly Point[]

/** How many pixels a metre has in a picture, by height: on level ground it grows in proportion from the horizon down. */
export type Scale = { pxPerMAt: (y: number) => number; horizonY: number; cameraHeightM: number }

/** A face stands so high over the road, in metres; a plate is fixed at half a metre. */
export const FACE_M = 1.7
export const PLATE_M = 0.5
/** Two measures closer together than this part of the picture's height give no line: a finger's width decides it. */
const APART = 0.1

/**
 * The scale of the road from two known lengths at different heights of a picture. Null: fewer than two, too close
 * together, or the lower one not larger in the picture, as no level road is.
 */
export function scaleOf(measures: readonly Measure[], size: { widthPx: number; heightPx: number }): Scale | null {
  const known = measures
    .map(({ y, from, to, metres }) => ({ y, pxPerM: (Math.abs(to - from) * size.widthPx) / metres }))
    .sort((one, other) => one.y - other.y)
  const [high, low] = [known[0], known.at(-1)]
  if (high === undefined || low === undefined || low.y - high.y < APART || low.pxPerM <= high.pxPerM) return null
  const slope = (low.pxPerM - high.pxPerM) / (low.y - high.y)
  const horizonY = low.y - low.pxPerM / slope
  return {
    pxPerMAt: (y) => Math.max(0, slope * (y - horizonY)),
    horizonY,
    // A camera at height h over the ground sees it so: pixels a metre = pixels under the horizon / h.
    cameraHeightM: size.heightPx / slope,
  }
}

/**
 * How many pixels a metre has something that stands on the road and is seen at height `y` of the picture, `aboveM` over
 * its foot: the foot may lie under the picture's edge. Infinite: the camera hangs no higher than that.
 */
export function densityAt({ horizonY, cameraHeightM, pxPerMAt }: Scale, y: number, aboveM: number): number {
  if (cameraHeightM <= aboveM) return Number.POSITIVE_INFINITY
  if (y <= horizonY) return 0
  return (pxPerMAt(y) * cameraHeightM) / (cameraHeightM - aboveM)
}

/** Points that are looked at, across and down: the finest corner of a mask that a finger can set is coarser. */
const COLUMNS = 64
const ROWS = 48

/** The lowest place of a picture that no mask covers, from 0 to 1; null: all of it is covered. */
export function lowestUncovered(zones: readonly Pick<MaskZone, 'polygon'>[]): number | null {
  for (let row = ROWS - 1; row >= 0; row--) {
    const y = (row + 0.5) / ROWS
    for (let column = 0; column < COLUMNS; column++) {
      const point: Point = [(column + 0.5) / COLUMNS, y]
      if (!zones.some(({ polygon }) => isInside(point, polygon))) return (row + 1) / ROWS
    }
  }
  return null
}

/** Whether a point lies in a polygon, by the number of edges to its left (even-odd, as masks are drawn). */
export function isInside([x, y]: Point, polygon: Polygon): boolean {
  let inside = false
  polygon.forEach(([x1, y1], index) => {
    const [x0, y0] = polygon.at(index - 1) ?? [x1, y1]
    if (y0 > y !== y1 > y && x < ((x1 - x0) * (y - y0)) / (y1 - y0) + x0) inside = !inside
  })
  return inside
}
