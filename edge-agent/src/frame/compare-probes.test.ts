import { describe, expect, test } from 'vitest'
import { createProbeComparison } from './compare-probes.ts'
import { drawnProbe } from './drawn-probe.fixture.ts'

const compare = createProbeComparison({ zones: [], overlays: [] })

describe('two pictures of a view', () => {
  test.each([0.3, 1, 3, 6])('are the same to a person when only the noise differs (%s of 255)', (noise) => {
    for (let seed = 2; seed < 12; seed++) {
      expect(compare(drawnProbe({ noise }), drawnProbe({ noise, seed })), `seed ${seed}`).toBe('same')
    }
  })

  test('are identical only when no pixel differs', () => {
    expect(compare(drawnProbe(), drawnProbe())).toBe('identical')
    const nearly = drawnProbe()
    nearly.luma[4000] = (nearly.luma[4000] ?? 0) + 1
    expect(compare(drawnProbe(), nearly)).toBe('same')
  })

  test('differ when a car has come, near or far, by day or in the noise of the night', () => {
    const near = { left: 130, top: 85, width: 14, height: 10, colour: [200, 0] as const }
    const far = { left: 121, top: 64, width: 5, height: 4, colour: [150, 0] as const }
    for (const box of [near, far]) {
      expect(compare(drawnProbe(), drawnProbe({ seed: 2, boxes: [box] }))).toBe('different')
      expect(compare(drawnProbe({ boxes: [box] }), drawnProbe({ seed: 2 }))).toBe('different')
    }
    expect(compare(drawnProbe({ noise: 5 }), drawnProbe({ noise: 5, seed: 2, boxes: [near] }))).toBe('different')
  })

  test('differ when something has come that is as bright as the road but has a colour', () => {
    const car = { left: 125, top: 85, width: 12, height: 9, colour: [105, 60] as const }
    expect(compare(drawnProbe(), drawnProbe({ seed: 2, boxes: [car] }))).toBe('different')
  })

  test('differ when snow has covered the road, even thinly', () => {
    const snow = { left: 60, top: 80, width: 120, height: 55, colour: [122, -2] as const }
    expect(compare(drawnProbe(), drawnProbe({ seed: 2, boxes: [snow] }))).toBe('different')
  })

  test('differ when the camera was turned a little, or gives another size', () => {
    expect(compare(drawnProbe(), drawnProbe({ seed: 2, shiftPx: [3, 0] }))).toBe('different')
    expect(compare(drawnProbe(), { ...drawnProbe(), widthPx: 135, heightPx: 240 })).toBe('different')
  })

  test('are the same when only the clock in the overlay, or what is masked, has changed', () => {
    const inOverlay = { left: 4, top: 3, width: 80, height: 12, colour: [250, 0] as const }
    const inMask = { left: 190, top: 60, width: 20, height: 30, colour: [20, 90] as const }
    const careless = createProbeComparison({
      overlays: [{ x: 0, y: 0, width: 0.4, height: 0.12 }],
      zones: [
        {
          label: 'house',
          fill: 'pixelated',
          polygon: [
            [0.78, 0.43],
            [0.9, 0.43],
            [0.9, 0.68],
            [0.78, 0.68],
          ],
        },
      ],
    })
    expect(careless(drawnProbe(), drawnProbe({ seed: 2, boxes: [inOverlay, inMask] }))).toBe('same')
    expect(careless(drawnProbe(), drawnProbe({ boxes: [inOverlay] }))).toBe('identical')
    expect(compare(drawnProbe(), drawnProbe({ seed: 2, boxes: [inOverlay] }))).toBe('different')
  })
})
