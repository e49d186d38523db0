import { PREVIEW_PICTURE_MAX_BYTES, PREVIEW_WIDTH_MAX_PX } from '@vigie/contract/bounds'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { makeCoarse } from './coarse-picture.ts'

const WIDTH_PX = 1920
const HEIGHT_PX = 1080

/** A plate that is a seventh of the picture wide, with upright strokes, black on white, so many pixels from one to the next. */
async function plate(periodPx: number): Promise<Buffer> {
  const plateWidthPx = Math.round(WIDTH_PX / 7)
  const bars = Array.from(
    { length: Math.floor(plateWidthPx / periodPx) },
    (_, bar) => `<rect x="${bar * periodPx}" width="${periodPx / 2}" height="60"/>`,
  )
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${plateWidthPx}" height="60"><rect width="100%" height="100%" fill="#fff"/>${bars.join('')}</svg>`
  return sharp({ create: { width: WIDTH_PX, height: HEIGHT_PX, channels: 3, background: '#888' } })
    .composite([{ input: Buffer.from(svg), left: 800, top: 500 }])
    .jpeg({ quality: 95 })
    .toBuffer()
}

// A letter of such a plate is some 30 px wide and has two strokes, three at most.
test.each([10, 14, 20])(
  'a plate as large as a road camera ever shows one has no letters left: strokes each %i px',
  async (periodPx) => {
    const { jpeg, widthPx, heightPx } = await makeCoarse(await plate(periodPx))
    expect(Math.max(widthPx, heightPx)).toBeLessThanOrEqual(PREVIEW_WIDTH_MAX_PX)
    expect(jpeg.byteLength).toBeLessThan(PREVIEW_PICTURE_MAX_BYTES)
    const scale = widthPx / WIDTH_PX
    const row = {
      left: Math.ceil(840 * scale),
      top: Math.round(530 * scale),
      width: Math.floor(180 * scale),
      height: 1,
    }
    const seen = await sharp(jpeg).extract(row).greyscale().raw().toBuffer()
    // Black and white of the letters have become one grey: of 255 steps between them some are left, by chance of the grid.
    expect(Math.max(...seen) - Math.min(...seen)).toBeLessThan(30)
  },
)

test('of the busiest picture there is, it weighs no more than a preview may', async () => {
  const noise = await sharp({
    create: {
      width: WIDTH_PX,
      height: HEIGHT_PX,
      channels: 3,
      background: '#888',
      noise: { type: 'gaussian', mean: 128, sigma: 80 },
    },
  })
    .jpeg({ quality: 60 })
    .toBuffer()
  const { jpeg } = await makeCoarse(noise)
  expect(jpeg.byteLength).toBeLessThan(PREVIEW_PICTURE_MAX_BYTES)
})

test('what is no picture is a fault of the camera, and nothing is sent', async () => {
  await expect(makeCoarse(Buffer.from('GIF89a'))).rejects.toMatchObject({ code: 'picture-broken' })
})
