import { describe, expect, test } from 'vitest'
import { drawingOf, emptySheet, step } from './drawing.ts'
import { strokeDone, touchDown } from './gesture.ts'
import type { Point } from './polygon.ts'

const SQUARE: Point[] = [
  [0.2, 0.2],
  [0.6, 0.2],
  [0.6, 0.6],
  [0.2, 0.6],
]
const touch = (x: number, y: number) => ({ at: [x, y] as const, reach: 0.08, stretch: 16 / 9 })
const drawn = step(drawingOf(emptySheet), { type: 'mask-drawn', polygon: SQUARE })

describe('a finger', () => {
  test('takes the corner under it, before the sign between two corners, before it draws', () => {
    expect(touchDown(drawn, 'mask', touch(0.22, 0.22)).gesture).toEqual({ type: 'corner', corner: 0 })
    expect(touchDown(drawn, 'mask', touch(0.4, 0.2))).toMatchObject({
      gesture: { type: 'corner', corner: 1 },
      events: [{ type: 'corner-pulled-out', after: 0 }],
    })
    expect(touchDown(drawn, 'mask', touch(0.9, 0.9)).gesture.type).toBe('stroke')
  })

  test('moves the picture with the hand, and still takes a corner', () => {
    expect(touchDown(drawn, 'hand', touch(0.9, 0.9)).gesture.type).toBe('pan')
    expect(touchDown(drawn, 'hand', touch(0.2, 0.2)).gesture.type).toBe('corner')
  })

  test('makes no corner of a polygon that is not chosen', () => {
    const none = step(drawn, { type: 'chosen', what: null })
    expect(touchDown(none, 'mask', touch(0.2, 0.2)).gesture.type).toBe('stroke')
  })
})

describe('a stroke', () => {
  test('becomes what the tool draws', () => {
    expect(strokeDone(drawn, 'road', SQUARE)?.type).toBe('road-drawn')
    expect(strokeDone(drawn, 'mask', SQUARE)?.type).toBe('mask-drawn')
  })

  test('that is a tap chooses the newest mask under it, then the road, then nothing', () => {
    const withRoad = step(drawn, {
      type: 'road-drawn',
      polygon: [
        [0.5, 0.5],
        [1, 0.5],
        [1, 1],
        [0.5, 1],
      ],
    })
    const both = step(withRoad, { type: 'mask-drawn', polygon: SQUARE })
    expect(strokeDone(both, 'mask', [[0.3, 0.3]])).toEqual({ type: 'chosen', what: 1 })
    expect(strokeDone(both, 'mask', [[0.9, 0.9]])).toEqual({ type: 'chosen', what: 'road' })
    expect(strokeDone(both, 'mask', [[0.05, 0.9]])).toEqual({ type: 'chosen', what: null })
  })
})
