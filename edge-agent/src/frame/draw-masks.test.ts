import type { MaskZone } from '@vigie/config-schema/site-document'
import { describe, expect, test } from 'vitest'
import { drawMasks, layOutMasks, MASK_GROW_PX, type RawPicture } from './draw-masks.ts'

const widthPx = 80
const heightPx = 40
const box = (left: number, top: number, right: number, bottom: number): MaskZone['polygon'] => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
]
const zone = (fill: MaskZone['fill'], polygon: MaskZone['polygon']): MaskZone => ({ label: 'zone', fill, polygon })

/** Every pixel another colour, so that a pixel that was not drawn over is known again. */
function picture(channels = 3): RawPicture {
  const data = Buffer.alloc(widthPx * heightPx * channels)
  for (let pixel = 0; pixel < widthPx * heightPx; pixel++) {
    for (let channel = 0; channel < channels; channel++)
      data[pixel * channels + channel] = (pixel * 7 + channel * 85) % 251
  }
  return { data, widthPx, heightPx, channels }
}

function draw(
  zones: MaskZone[],
  channels = 3,
): { at(x: number, y: number): number[]; before(x: number, y: number): number[] } {
  const before = picture(channels)
  const after = picture(channels)
  drawMasks(after, layOutMasks(zones, after))
  const read =
    ({ data }: RawPicture) =>
    (x: number, y: number) => [...data.subarray((y * widthPx + x) * channels, (y * widthPx + x + 1) * channels)]
  return { at: read(after), before: read(before) }
}

describe('drawMasks', () => {
  test('fills a solid zone and a rim around it with one grey, and leaves the rest as it was', () => {
    const { at, before } = draw([zone('solid', box(0.25, 0.25, 0.5, 0.75))])
    for (let y = 0; y < heightPx; y++) {
      for (let x = 0; x < widthPx; x++) {
        if (x >= 20 - MASK_GROW_PX + 1 && x < 40 + MASK_GROW_PX - 1 && y >= 10 && y < 30) {
          expect(at(x, y)).toEqual([128, 128, 128])
        }
        if (x < 20 - MASK_GROW_PX || x >= 40 + MASK_GROW_PX || y < 10 - MASK_GROW_PX || y >= 30 + MASK_GROW_PX) {
          expect(at(x, y)).toEqual(before(x, y))
        }
      }
    }
  })

  test('makes of a pixelated zone blocks of one fortieth of the width, each the mean of what it hides', () => {
    const { at, before } = draw([zone('pixelated', box(0.25, 0.25, 0.5, 0.75))])
    const hidden = [before(20, 10), before(21, 10), before(20, 11), before(21, 11)]
    const mean = [0, 1, 2].map((channel) =>
      Math.round(hidden.reduce((sum, pixel) => sum + (pixel[channel] ?? 0), 0) / 4),
    )
    expect(at(20, 10)).toEqual(mean)
    for (let y = 10; y < 30; y += 2) {
      for (let x = 20; x < 40; x += 2) {
        expect(at(x + 1, y)).toEqual(at(x, y))
        expect(at(x, y + 1)).toEqual(at(x, y))
      }
    }
  })

  test('lets a solid zone hide a pixelated one, whichever stands first in the document', () => {
    const pixelated = zone('pixelated', box(0, 0, 1, 1))
    const solid = zone('solid', box(0.25, 0.25, 0.5, 0.75))
    for (const zones of [
      [pixelated, solid],
      [solid, pixelated],
    ])
      expect(draw(zones).at(30, 20)).toEqual([128, 128, 128])
  })

  test('takes the mean of an untouched picture: a grey neighbour does not show through', () => {
    const alone = draw([zone('pixelated', box(0.5, 0.25, 0.75, 0.75))])
    const beside = draw([zone('solid', box(0.25, 0.25, 0.5, 0.75)), zone('pixelated', box(0.5, 0.25, 0.75, 0.75))])
    expect(beside.at(50, 20)).toEqual(alone.at(50, 20))
  })

  test('covers the whole picture, up to its last row and column, and pictures of one channel', () => {
    for (const channels of [1, 3]) {
      const { at } = draw([zone('solid', box(0, 0, 1, 1))], channels)
      for (const [x, y] of [
        [0, 0],
        [79, 0],
        [0, 39],
        [79, 39],
      ] as const)
        expect(at(x, y)).toEqual(new Array(channels).fill(128))
      const pixelated = draw([zone('pixelated', box(0, 0, 1, 1))], channels)
      expect(pixelated.at(79, 39)).toEqual(pixelated.at(78, 38))
    }
  })
})
