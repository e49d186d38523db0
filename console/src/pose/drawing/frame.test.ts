import fc from 'fast-check'
import { expect, test } from 'vitest'
import { moved, pointAt, WHOLE, zoomed } from './frame.ts'

const SIZE = { width: 390, height: 220 }

test('the point under the fingers stays under them while they spread', () => {
  const around = { x: 200, y: 90 }
  const near = zoomed(WHOLE, 3, around, SIZE)
  expect(near.scale).toBe(3)
  const [x, y] = pointAt(near, around, SIZE)
  expect(x).toBeCloseTo(200 / 390)
  expect(y).toBeCloseTo(90 / 220)
})

test('a picture always fills its frame, however it is pushed and pinched', () => {
  const move = fc.record({ factor: fc.double({ min: 0.1, max: 9, noNaN: true }), dx: fc.integer(), dy: fc.integer() })
  fc.assert(
    fc.property(fc.array(move, { maxLength: 30 }), (moves) => {
      const lie = moves.reduce(
        (last, { factor, dx, dy }) => moved(zoomed(last, factor, { x: 10, y: 10 }, SIZE), dx, dy, SIZE),
        WHOLE,
      )
      for (const corner of [
        { x: 0, y: 0 },
        { x: SIZE.width, y: SIZE.height },
      ]) {
        for (const share of pointAt(lie, corner, SIZE)) {
          expect(share).toBeGreaterThanOrEqual(-1e-9)
          expect(share).toBeLessThanOrEqual(1 + 1e-9)
        }
      }
    }),
  )
})
