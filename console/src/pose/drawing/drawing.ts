import { inPicture, middleAfter, POINTS_MAX, POINTS_MIN, type Point, type Polygon } from './polygon.ts'

/** How a mask hides: one grey, or blocks too coarse for a face or a plate. */
export type Fill = 'solid' | 'pixelated'
/** A part of the view that must not be seen. */
export type Zone = { label: string; fill: Fill; polygon: Polygon }

/** What is drawn on one view: masks, and where the road is. */
export type Sheet = { zones: readonly Zone[]; road: Polygon | null }

/** Which polygon is worked on: a mask by its place in the list, or the road. */
export type Chosen = number | 'road' | null

/** A sheet while it is drawn, with what it was before and what was taken back. */
export type Drawing = {
  sheet: Sheet
  chosen: Chosen
  past: readonly Sheet[]
  undone: readonly Sheet[]
}

export type DrawingEvent =
  | { type: 'mask-drawn'; polygon: Polygon; label?: string }
  | { type: 'road-drawn'; polygon: Polygon }
  | { type: 'chosen'; what: Chosen }
  /** A finger has come down on a corner: all its moves until it is lifted are taken back as one. */
  | { type: 'corner-taken' }
  | { type: 'corner-moved'; corner: number; to: Point }
  | { type: 'corner-pulled-out'; after: number; to?: Point }
  | { type: 'corner-removed'; corner: number }
  | { type: 'removed' }
  | { type: 'labelled'; label: string }
  | { type: 'filled'; fill: Fill }
  | { type: 'undo' }
  | { type: 'redo' }

/** What a mask document may hold. */
export const ZONES_MAX = 32
export const LABEL_MAX = 80
/** A slip of a glove is some steps; fifty sheets of 32 polygons are small. */
const PAST_MAX = 50

export const emptySheet: Sheet = { zones: [], road: null }

export const drawingOf = (sheet: Sheet): Drawing => ({ sheet, chosen: null, past: [], undone: [] })

export const polygonChosen = ({ sheet, chosen }: Drawing): Polygon | null =>
  chosen === null ? null : chosen === 'road' ? sheet.road : (sheet.zones[chosen]?.polygon ?? null)

export const zoneChosen = ({ sheet, chosen }: Drawing): Zone | null =>
  typeof chosen === 'number' ? (sheet.zones[chosen] ?? null) : null

/** The drawing after something was done. What cannot be done changes nothing. */
export function step(drawing: Drawing, event: DrawingEvent): Drawing {
  const { sheet, chosen, past, undone } = drawing
  switch (event.type) {
    case 'mask-drawn': {
      if (sheet.zones.length >= ZONES_MAX) return drawing
      const zone: Zone = { label: event.label ?? nameFor(sheet.zones), fill: 'solid', polygon: event.polygon }
      return { ...changed(drawing, { ...sheet, zones: [...sheet.zones, zone] }), chosen: sheet.zones.length }
    }
    case 'road-drawn':
      return { ...changed(drawing, { ...sheet, road: event.polygon }), chosen: 'road' }
    case 'chosen':
      return { ...drawing, chosen: event.what }
    case 'corner-taken':
      return changed(drawing, sheet)
    case 'corner-moved':
      // Part of what began when the corner was taken.
      return reshaped(drawing, (polygon) =>
        polygon.map((point, index) => (index === event.corner ? inPicture(event.to) : point)),
      )
    case 'corner-pulled-out': {
      const polygon = polygonChosen(drawing)
      if (polygon === null || polygon.length >= POINTS_MAX) return drawing
      const corner = inPicture(event.to ?? middleAfter(polygon, event.after))
      return reshaped(changed(drawing, sheet), (corners) => corners.toSpliced(event.after + 1, 0, corner))
    }
    case 'corner-removed': {
      const polygon = polygonChosen(drawing)
      if (polygon === null || polygon.length <= POINTS_MIN) return drawing
      return reshaped(changed(drawing, sheet), (corners) => corners.toSpliced(event.corner, 1))
    }
    case 'removed':
      if (chosen === null) return drawing
      return {
        ...changed(
          drawing,
          chosen === 'road' ? { ...sheet, road: null } : { ...sheet, zones: sheet.zones.toSpliced(chosen, 1) },
        ),
        chosen: null,
      }
    case 'labelled':
      return zoneChanged(drawing, { label: event.label.slice(0, LABEL_MAX) })
    case 'filled':
      return zoneChanged(drawing, { fill: event.fill })
    case 'undo': {
      const before = past.at(-1)
      if (before === undefined) return drawing
      return { sheet: before, chosen: still(before, chosen), past: past.slice(0, -1), undone: [...undone, sheet] }
    }
    case 'redo': {
      const after = undone.at(-1)
      if (after === undefined) return drawing
      return { sheet: after, chosen: still(after, chosen), past: [...past, sheet], undone: undone.slice(0, -1) }
    }
  }
}

/** Remembers the sheet as it was, and forgets what had been taken back. */
const changed = (drawing: Drawing, sheet: Sheet): Drawing => ({
  sheet,
  chosen: drawing.chosen,
  past: [...drawing.past, drawing.sheet].slice(-PAST_MAX),
  undone: [],
})

function reshaped(drawing: Drawing, change: (polygon: Polygon) => Polygon): Drawing {
  const { sheet, chosen } = drawing
  const polygon = polygonChosen(drawing)
  if (polygon === null) return drawing
  if (chosen === 'road') return { ...drawing, sheet: { ...sheet, road: change(polygon) } }
  const zones = sheet.zones.map((zone, index) => (index === chosen ? { ...zone, polygon: change(polygon) } : zone))
  return { ...drawing, sheet: { ...sheet, zones } }
}

function zoneChanged(drawing: Drawing, change: Partial<Zone>): Drawing {
  const { sheet, chosen } = drawing
  if (zoneChosen(drawing) === null) return drawing
  const zones = sheet.zones.map((zone, index) => (index === chosen ? { ...zone, ...change } : zone))
  return changed(drawing, { ...sheet, zones })
}

/** What stays chosen on another sheet. */
function still(sheet: Sheet, chosen: Chosen): Chosen {
  if (chosen === 'road') return sheet.road === null ? null : chosen
  return chosen !== null && chosen < sheet.zones.length ? chosen : null
}

/** "Zone 3", the first number that no zone has. */
function nameFor(zones: readonly Zone[]): string {
  let number = 1
  while (zones.some(({ label }) => label === `Zone ${number}`)) number += 1
  return `Zone ${number}`
}
