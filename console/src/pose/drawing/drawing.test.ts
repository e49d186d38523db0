import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Drawing, type DrawingEvent, drawingOf, emptySheet, polygonChosen, step, ZONES_MAX } from './drawing.ts'
import { POINTS_MAX, POINTS_MIN, type Point } from './polygon.ts'

const TRIANGLE: Point[] = [
  [0.1, 0.1],
  [0.5, 0.1],
  [0.3, 0.4],
]
const after = (...events: DrawingEvent[]): Drawing => events.reduce(step, drawingOf(emptySheet))
const drawn: DrawingEvent = { type: 'mask-drawn', polygon: TRIANGLE }

describe('drawing', () => {
  test('names each mask, hides it whole, and chooses it', () => {
    const { sheet, chosen } = after(drawn, drawn)
    expect(sheet.zones.map(({ label, fill }) => `${label} ${fill}`)).toEqual(['Zone 1 solid', 'Zone 2 solid'])
    expect(chosen).toBe(1)
  })

  test('takes back all the moves of one finger at once', () => {
    const moved = after(
      drawn,
      { type: 'corner-taken' },
      { type: 'corner-moved', corner: 0, to: [0.2, 0.2] },
      { type: 'corner-moved', corner: 0, to: [0.25, 0.3] },
    )
    expect(polygonChosen(moved)?.[0]).toEqual([0.25, 0.3])
    const back = step(moved, { type: 'undo' })
    expect(polygonChosen(back)?.[0]).toEqual([0.1, 0.1])
    expect(polygonChosen(step(back, { type: 'redo' }))?.[0]).toEqual([0.25, 0.3])
  })

  test('forgets what was taken back once something else is drawn', () => {
    const other = after(drawn, { type: 'undo' }, { type: 'road-drawn', polygon: TRIANGLE }, { type: 'redo' })
    expect(other.sheet).toEqual({ zones: [], road: TRIANGLE })
  })

  test('has one road, which has neither a label nor a fill', () => {
    const { sheet } = after({ type: 'road-drawn', polygon: TRIANGLE }, { type: 'labelled', label: 'x' })
    expect(sheet).toEqual({ zones: [], road: TRIANGLE })
  })

  test('keeps a corner in the picture, and a polygon at three corners', () => {
    const pushed = after(drawn, { type: 'corner-taken' }, { type: 'corner-moved', corner: 1, to: [1.8, -2] })
    expect(polygonChosen(pushed)?.[1]).toEqual([1, 0])
    expect(polygonChosen(step(pushed, { type: 'corner-removed', corner: 0 }))).toHaveLength(POINTS_MIN)
  })

  test('never makes what a mask document would refuse, whatever is done in whatever order', () => {
    const share = fc.double({ min: -1, max: 2, noNaN: true })
    const point = fc.tuple(share, share)
    const event = fc.oneof<fc.Arbitrary<DrawingEvent>[]>(
      fc.constant(drawn),
      fc.constant<DrawingEvent>({ type: 'road-drawn', polygon: TRIANGLE }),
      fc.constant<DrawingEvent>({ type: 'undo' }),
      fc.constant<DrawingEvent>({ type: 'redo' }),
      fc.constant<DrawingEvent>({ type: 'removed' }),
      fc.constant<DrawingEvent>({ type: 'corner-taken' }),
      fc.nat(40).map((what): DrawingEvent => ({ type: 'chosen', what })),
      fc.record({ corner: fc.nat(70), to: point }).map((of): DrawingEvent => ({ type: 'corner-moved', ...of })),
      fc.record({ after: fc.nat(2), to: point }).map((of): DrawingEvent => ({ type: 'corner-pulled-out', ...of })),
      fc.nat(70).map((corner): DrawingEvent => ({ type: 'corner-removed', corner })),
      fc.string({ maxLength: 200 }).map((label): DrawingEvent => ({ type: 'labelled', label })),
    )
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200 }), (events) => {
        const { sheet } = events.reduce(step, drawingOf(emptySheet))
        expect(sheet.zones.length).toBeLessThanOrEqual(ZONES_MAX)
        for (const { polygon, label } of sheet.zones) {
          expect(label.length).toBeLessThanOrEqual(80)
          expect(polygon.length).toBeGreaterThanOrEqual(POINTS_MIN)
          expect(polygon.length).toBeLessThanOrEqual(POINTS_MAX)
          expect(polygon.flat().every((at) => at >= 0 && at <= 1)).toBe(true)
        }
      }),
    )
  })
})
