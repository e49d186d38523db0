import type { Drawing, DrawingEvent } from './drawing.ts'
import { polygonChosen } from './drawing.ts'
import { contains, middleAfter, nearestCorner, type Point, polygonFromStroke } from './polygon.ts'

/** What a finger on the picture does: draws, pulls a corner, or moves the picture. */
export type Tool = 'mask' | 'road' | 'hand'
export type Gesture = { type: 'stroke'; points: Point[] } | { type: 'corner'; corner: number } | { type: 'pan' }

/** A finger is this wide, in pixels of the screen: 56 px targets, from the middle. */
export const REACH_PX = 28
/** The signs between two corners are reached from nearer, so that they are not hit instead of a corner. */
const MIDDLE_REACH = 0.7

export type Touch = {
  at: Point
  /** How far a finger reaches, as a share of the picture's height. */
  reach: number
  /** A share of the width is so many shares of the height. */
  stretch: number
}

/** A finger has come down: what begins, and what that does to the drawing. */
export function touchDown(
  drawing: Drawing,
  tool: Tool,
  { at, reach, stretch }: Touch,
): { gesture: Gesture; events: DrawingEvent[] } {
  const polygon = polygonChosen(drawing)
  if (polygon !== null) {
    const corner = nearestCorner(polygon, at, reach, stretch)
    if (corner !== null) return { gesture: { type: 'corner', corner }, events: [{ type: 'corner-taken' }] }
    const middles = polygon.map((_, index) => middleAfter(polygon, index))
    const middle = nearestCorner(middles, at, reach * MIDDLE_REACH, stretch)
    if (middle !== null) {
      const pulled: DrawingEvent = { type: 'corner-pulled-out', after: middle, to: at }
      return { gesture: { type: 'corner', corner: middle + 1 }, events: [pulled] }
    }
  }
  if (tool === 'hand') return { gesture: { type: 'pan' }, events: [] }
  return { gesture: { type: 'stroke', points: [at] }, events: [] }
}

/** The finger was lifted after a stroke: a shape is taken, a tap chooses what lies under it. */
export function strokeDone(drawing: Drawing, tool: Tool, stroke: readonly Point[]): DrawingEvent | null {
  const polygon = polygonFromStroke(stroke)
  if (polygon !== null && tool !== 'hand') return { type: tool === 'road' ? 'road-drawn' : 'mask-drawn', polygon }
  const [at] = stroke
  if (at === undefined) return null
  return { type: 'chosen', what: zoneUnder(drawing, at) }
}

/** The newest mask under a point, else the road, else nothing. */
export function zoneUnder({ sheet }: Drawing, at: Point): number | 'road' | null {
  const mask = sheet.zones.findLastIndex(({ polygon }) => contains(polygon, at))
  if (mask >= 0) return mask
  return sheet.road !== null && contains(sheet.road, at) ? 'road' : null
}
