import { describe, expect, test } from 'vitest'
import { densestOpen, type Measure, pxPerMAt, pxPerMOf, roadDensity, scaleOf } from './density.ts'
import type { Point } from './polygon.ts'

/** A road of 6 m that takes a tenth of 1280 px at mid-height, and half of them at the bottom. */
const FAR: Measure = { y: 0.5, from: 0.45, to: 0.55, metres: 6 }
const NEAR: Measure = { y: 1, from: 0.25, to: 0.75, metres: 6 }
const band = (top: number, bottom: number): Point[] => [
  [0, top],
  [1, top],
  [1, bottom],
  [0, bottom],
]

describe('pixels a metre', () => {
  test('are counted in the picture that is published', () => {
    expect(pxPerMOf(NEAR, 1280)).toBeCloseTo(106.7, 1)
    expect(pxPerMOf(NEAR, 1920)).toBeCloseTo(160)
  })

  test('grow evenly with the height under the horizon, from two widths of the road', () => {
    const scale = scaleOf([FAR, NEAR], 1280)
    if (scale === null) throw new Error('two measures give a scale')
    expect(pxPerMAt(scale, 0.75)).toBeCloseTo(64)
    // The horizon of these two lies at 3/8; above it there is no ground.
    expect(pxPerMAt(scale, 0.375)).toBeCloseTo(0)
    expect(pxPerMAt(scale, 0.1)).toBe(0)
  })

  test('stay unknown with one measure, with two at one height, and where the far end would look nearer', () => {
    expect(scaleOf([FAR], 1280)).toBe(null)
    expect(scaleOf([NEAR, { ...NEAR, y: 0.95 }], 1280)).toBe(null)
    expect(
      scaleOf(
        [
          { ...FAR, y: 1 },
          { ...NEAR, y: 0.5 },
        ],
        1280,
      ),
    ).toBe(null)
  })
})

describe('the worst place of a view', () => {
  const scale = scaleOf([FAR, NEAR], 1280)
  if (scale === null) throw new Error('two measures give a scale')

  test('is the lowest that no mask hides', () => {
    expect(densestOpen(scale, [])?.pxPerM).toBeGreaterThan(105)
    const masked = densestOpen(scale, [band(0.8, 1)])
    expect(masked?.at[1]).toBeLessThan(0.8)
    expect(masked?.pxPerM).toBeCloseTo(pxPerMAt(scale, masked?.at[1] ?? 0))
  })

  test('is nowhere when all ground is hidden', () => {
    expect(densestOpen(scale, [band(0.3, 1)])).toBe(null)
  })

  test('of the road zone is its far end, for what must still be seen there', () => {
    const { far, near } = roadDensity(scale, band(0.5, 0.9))
    expect(far).toBeCloseTo(21.3, 1)
    expect(near).toBeCloseTo(89.6, 1)
  })
})
