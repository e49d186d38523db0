import { pathToFileURL } from 'node:url'
import { LIMITS as CLOUD_LIMITS } from '@vigie/cloud-api/commissioning/limits'
import * as cloud from '@vigie/cloud-api/commissioning/pixel-density'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { root } from './sources.ts'

/** The phone says at once what the cloud's checks will say later: two programs, one answer. */
type Phone = Pick<typeof cloud, 'scaleOf' | 'densityAt' | 'FACE_M' | 'PLATE_M'> & {
  lowestOpen(masks: [number, number][][]): readonly [number, number] | null
  LIMITS: Record<string, number>
}
const path = `${root}console/src/pose/drawing/density.ts`
const phone = (await import(pathToFileURL(path).href)) as Phone // compared, not trusted

const SIZE = { widthPx: 1280, heightPx: 720 }
/** A millionth is far finer than a finger; lines that differ by 1e-320 have a camera at no finite height. */
const share = fc.nat({ max: 1_000_000 }).map((millionths) => millionths / 1_000_000)
const measure = fc.record({ y: share, from: share, to: share, metres: fc.double({ min: 2, max: 12, noNaN: true }) })

describe('pixels a metre', () => {
  test('are the same on the phone and in the cloud, for any two lines across a road', () => {
    fc.assert(
      fc.property(measure, measure, share, fc.constantFrom(0, cloud.PLATE_M, cloud.FACE_M), (one, other, y, above) => {
        const [here, there] = [phone.scaleOf([one, other], SIZE), cloud.scaleOf([one, other], SIZE)]
        expect(here === null).toBe(there === null)
        if (here === null || there === null) return
        expect(phone.densityAt(here, y, above)).toBeCloseTo(cloud.densityAt(there, y, above), 3)
      }),
    )
  })

  test('are judged at the same place and by the same limits', () => {
    const polygon = [
      [0, 0.6],
      [1, 0.6],
      [1, 1],
      [0, 1],
    ] as [number, number][]
    expect(phone.lowestOpen([polygon])?.[1]).toBe(cloud.lowestUncovered([{ polygon }]))
    expect(phone.LIMITS).toEqual({
      facePxPerM: CLOUD_LIMITS.facePxPerM.value,
      platePxPerM: CLOUD_LIMITS.platePxPerM.value,
      roadPxPerM: CLOUD_LIMITS.roadPxPerM.value,
    })
    expect([phone.FACE_M, phone.PLATE_M]).toEqual([cloud.FACE_M, cloud.PLATE_M])
  })
})
