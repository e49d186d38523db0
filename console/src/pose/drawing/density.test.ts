import { describe, expect, test } from 'vitest'
import {
  densitiesOf,
  densityAt,
  FACE_M,
  LIMITS,
  lowestOpen,
  type Measure,
  pxPerMAt,
  pxPerMOf,
  scaleOf,
} from './density.ts'
import type { Point } from './polygon.ts'

const SIZE = { widthPx: 1280, heightPx: 720 }
/** A road of 6 m that takes a tenth of the width at mid-height, and half of it at the bottom. */
const FAR: Measure = { y: 0.5, from: 0.45, to: 0.55, metres: 6 }
const NEAR: Measure = { y: 1, from: 0.25, to: 0.75, metres: 6 }
const scale = scaleOf([NEAR, FAR], SIZE)
if (scale === null) throw new Error('two measures give a scale')
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
    expect(pxPerMAt(scale, 0.75)).toBeCloseTo(64)
    // The horizon of these two lies at 3/8; above it there is no ground.
    expect(pxPerMAt(scale, 0.375)).toBeCloseTo(0)
    expect(pxPerMAt(scale, 0.1)).toBe(0)
  })

  test('are more for a face than for the ground behind it: it is nearer to the camera', () => {
    expect(scale.cameraHeightM).toBeCloseTo(4.22, 2)
    expect(densityAt(scale, 0.75, FACE_M)).toBeCloseTo((64 * 4.22) / (4.22 - 1.7), 0)
    expect(densityAt({ ...scale, cameraHeightM: 1.5 }, 0.75, FACE_M)).toBe(Number.POSITIVE_INFINITY)
  })

  test('stay unknown with one measure, with two at one height, and where the far end would look nearer', () => {
    expect(scaleOf([FAR], SIZE)).toBe(null)
    expect(scaleOf([NEAR, { ...NEAR, y: 0.95 }], SIZE)).toBe(null)
    expect(
      scaleOf(
        [
          { ...FAR, y: 1 },
          { ...NEAR, y: 0.5 },
        ],
        SIZE,
      ),
    ).toBe(null)
  })
})

describe('what a view shows', () => {
  test('is worst at the lowest place that no mask hides', () => {
    expect(lowestOpen([])?.[1]).toBe(1)
    expect(lowestOpen([band(0.8, 1)])?.[1]).toBeCloseTo(0.81, 1)
    expect(lowestOpen([band(0, 1)])).toBe(null)
  })

  test('is wrong with a bare foreground, and says how much of it must be hidden to be right', () => {
    const bare = densitiesOf(scale, [], band(0.5, 0.9))
    expect(bare.face.isRight).toBe(false)
    expect(bare.hideBelow).not.toBe(null)
    const hidden = densitiesOf(scale, [band((bare.hideBelow ?? 1) - 0.03, 1)], band(0.5, 0.9))
    expect(hidden.face.isRight && hidden.plate.isRight).toBe(true)
    expect(hidden.face.pxPerM).toBeGreaterThan(LIMITS.facePxPerM * 0.8)
    expect(hidden.hideBelow).toBe(null)
  })

  test('must still show the far end of the road', () => {
    expect(densitiesOf(scale, [], band(0.5, 0.9)).road).toMatchObject({ isRight: true })
    expect(densitiesOf(scale, [], band(0.4, 0.9)).road).toMatchObject({ isRight: false })
    expect(densitiesOf(scale, [], null).road).toBe(null)
  })

  test('is hidden from the horizon down when the camera hangs lower than a face', () => {
    const low = { ...scale, cameraHeightM: 1.5 }
    expect(densitiesOf(low, [], null).hideBelow).toBeCloseTo(scale.horizonY)
  })
})
