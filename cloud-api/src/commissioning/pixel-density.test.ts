import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { densityAt, FACE_M, isInside, lowestUncovered, scaleOf } from './pixel-density.ts'

const SIZE = { widthPx: 1280, heightPx: 720 }
/** What a camera at a height sees of a road of 6 m, with a focal length in pixels and its horizon at a height of the picture. */
function roadSeen(y: number, { heightM = 6, horizonY = 0.3 } = {}) {
  const pxPerM = ((y - horizonY) * SIZE.heightPx) / heightM
  const half = (6 * pxPerM) / SIZE.widthPx / 2
  return { y, from: 0.5 - half, to: 0.5 + half, metres: 6 }
}

describe('the scale of a road', () => {
  test('from two widths gives the camera its height, and the picture its horizon, wherever they were measured', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.35, max: 0.6, noNaN: true }),
        fc.double({ min: 0.71, max: 1, noNaN: true }),
        fc.double({ min: 3, max: 12, noNaN: true }),
        (high, low, heightM) => {
          const scale = scaleOf([roadSeen(low, { heightM }), roadSeen(high, { heightM })], SIZE)
          expect(scale?.cameraHeightM).toBeCloseTo(heightM, 6)
          expect(scale?.horizonY).toBeCloseTo(0.3, 6)
          expect(scale?.pxPerMAt(0.9)).toBeCloseTo((0.6 * 720) / heightM, 6)
        },
      ),
    )
  })

  test('is not made up from one width, from two too close together, or from a road that grows with distance', () => {
    expect(scaleOf([roadSeen(0.5)], SIZE)).toBeNull()
    expect(scaleOf([roadSeen(0.5), roadSeen(0.55)], SIZE)).toBeNull()
    expect(
      scaleOf(
        [
          { ...roadSeen(0.5), y: 0.9 },
          { ...roadSeen(0.9), y: 0.5 },
        ],
        SIZE,
      ),
    ).toBeNull()
  })

  test('shows a face larger than the ground behind it, and one before a camera at its own height without bound', () => {
    const scale = scaleOf([roadSeen(0.5), roadSeen(0.9)], SIZE)
    if (scale === null) throw new Error('two widths')
    // At 6 m a face hides ground that is 6 / (6 - 1.7) times as far as its foot.
    expect(densityAt(scale, 0.9, FACE_M)).toBeCloseTo((72 * 6) / 4.3, 6)
    expect(densityAt(scale, 0.9, 0)).toBeCloseTo(72, 6)
    expect(densityAt(scale, 0.2, FACE_M)).toBe(0)
    const low = scaleOf([roadSeen(0.5, { heightM: 1.5 }), roadSeen(0.9, { heightM: 1.5 })], SIZE)
    expect(low && densityAt(low, 0.9, FACE_M)).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('the lowest place without a mask', () => {
  const bottom = (from: number, left = 0, right = 1) => ({
    polygon: [
      [left, from],
      [right, from],
      [right, 1],
      [left, 1],
    ] as [number, number][],
  })

  test('is the bottom of the picture where a mask leaves any of it open', () => {
    expect(lowestUncovered([])).toBe(1)
    expect(lowestUncovered([bottom(0.8, 0, 0.9)])).toBe(1)
  })

  test('is the upper edge of what covers all of the bottom', () => {
    expect(lowestUncovered([bottom(0.75)])).toBeCloseTo(0.75, 1)
    expect(lowestUncovered([bottom(0.7, 0, 0.5), bottom(0.8, 0.5, 1)])).toBeCloseTo(0.8, 1)
    expect(lowestUncovered([bottom(0)])).toBeNull()
  })

  test('knows inside from outside, also of a polygon with a bay', () => {
    const bay: [number, number][] = [
      [0.1, 0.1],
      [0.9, 0.1],
      [0.9, 0.9],
      [0.5, 0.3],
      [0.1, 0.9],
    ]
    expect([isInside([0.2, 0.5], bay), isInside([0.5, 0.6], bay), isInside([0.5, 0.2], bay)]).toEqual([
      true,
      false,
      true,
    ])
  })
})
