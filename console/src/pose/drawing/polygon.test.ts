import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  areaOf,
  contains,
  crossesItself,
  inPicture,
  middleAfter,
  nearestCorner,
  POINTS_MAX,
  type Point,
  polygonFromStroke,
} from './polygon.ts'

const SQUARE: Point[] = [
  [0.2, 0.2],
  [0.6, 0.2],
  [0.6, 0.6],
  [0.2, 0.6],
]
const BOW: Point[] = [
  [0.2, 0.2],
  [0.6, 0.6],
  [0.6, 0.2],
  [0.2, 0.6],
]
const circle = (points: number, radius = 0.2): Point[] =>
  Array.from({ length: points }, (_, index) => {
    const angle = (index / points) * 2 * Math.PI
    return [0.5 + radius * Math.cos(angle), 0.5 + radius * Math.sin(angle)]
  })

describe('a polygon', () => {
  test('knows what lies inside it, also in a hollow', () => {
    expect(contains(SQUARE, [0.4, 0.4])).toBe(true)
    expect(contains(SQUARE, [0.7, 0.4])).toBe(false)
    const hollow: Point[] = [
      [0, 0],
      [1, 0],
      [1, 1],
      [0.5, 0.1],
      [0, 1],
    ]
    expect(contains(hollow, [0.5, 0.5])).toBe(false)
    expect(contains(hollow, [0.1, 0.5])).toBe(true)
  })

  test('has an area, whichever way round it was drawn', () => {
    expect(areaOf(SQUARE)).toBeCloseTo(0.16)
    expect(areaOf(SQUARE.toReversed())).toBeCloseTo(0.16)
  })

  test('is told when it crosses itself, and not when its neighbours only meet', () => {
    expect(crossesItself(SQUARE)).toBe(false)
    expect(crossesItself(BOW)).toBe(true)
    expect(crossesItself(SQUARE.slice(0, 3))).toBe(false)
    expect(crossesItself(circle(40))).toBe(false)
  })

  test('is told when a corner lies on another edge', () => {
    expect(
      crossesItself([
        [0, 0],
        [1, 0],
        [1, 1],
        [0.5, 0],
        [0, 1],
      ]),
    ).toBe(true)
  })

  test('gives the corner under a finger, the nearest of two, and none far away', () => {
    expect(nearestCorner(SQUARE, [0.21, 0.22], 0.05)).toBe(0)
    expect(nearestCorner(SQUARE, [0.45, 0.2], 0.3)).toBe(1)
    expect(nearestCorner(SQUARE, [0.4, 0.4], 0.05)).toBe(null)
  })

  test('has a place for a new corner in the middle of each edge, also of the last', () => {
    expect(middleAfter(SQUARE, 0)).toEqual([0.4, 0.2])
    expect(middleAfter(SQUARE, 3)).toEqual([0.2, 0.4])
  })
})

describe('what a finger drew', () => {
  test('becomes a polygon of few corners that covers the same', () => {
    const drawn = SQUARE.flatMap((from, index) => {
      const to = SQUARE[(index + 1) % 4] ?? from
      return Array.from({ length: 25 }, (_, step): Point => {
        const share = step / 25
        return [from[0] + (to[0] - from[0]) * share + (step % 2) * 0.002, from[1] + (to[1] - from[1]) * share]
      })
    })
    const polygon = polygonFromStroke(drawn)
    expect(polygon?.length).toBeLessThanOrEqual(6)
    expect(areaOf(polygon ?? [])).toBeCloseTo(0.16, 2)
  })

  test('is nothing when it was a tap or a line', () => {
    expect(polygonFromStroke([])).toBe(null)
    expect(polygonFromStroke([[0.5, 0.5]])).toBe(null)
    expect(
      polygonFromStroke([
        [0.1, 0.1],
        [0.3, 0.3],
        [0.5, 0.5],
        [0.9, 0.9],
      ]),
    ).toBe(null)
  })

  test('stays in the picture, with no more corners than a document holds, whatever the finger did', () => {
    const point = fc.tuple(fc.double({ min: -3, max: 4, noNaN: true }), fc.double({ min: -3, max: 4, noNaN: true }))
    fc.assert(
      fc.property(fc.array(point, { maxLength: 400 }), (stroke) => {
        const polygon = polygonFromStroke(stroke)
        if (polygon === null) return
        expect(polygon.length).toBeGreaterThanOrEqual(3)
        expect(polygon.length).toBeLessThanOrEqual(POINTS_MAX)
        for (const corner of polygon) expect(corner).toEqual(inPicture(corner))
      }),
    )
  })

  test('loses less than a fiftieth of the picture of what was circled', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 12, max: 900 }),
        fc.double({ min: 0.05, max: 0.45, noNaN: true }),
        (points, radius) => {
          const stroke = circle(points, radius)
          expect(Math.abs(areaOf(polygonFromStroke(stroke) ?? []) - areaOf(stroke))).toBeLessThan(0.02)
        },
      ),
    )
  })
})
