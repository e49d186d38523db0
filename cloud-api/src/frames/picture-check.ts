import { PICTURE_MAX_SIDE_PX } from '@vigie/contract/bounds'
import sharp from 'sharp'

/** A damaged picture is an error, not a grey half; a few bytes that claim a huge picture are refused before decoding. */
const STRICT = { failOn: 'warning', limitInputPixels: PICTURE_MAX_SIDE_PX ** 2 } as const

/**
 * The decoder reads every byte whatever the result's size; at 1/8 of the size it does not compute the pixels. Measured
 * for 1280 × 720 and 134 kB: 4 ms against 5 ms (2 shared cores, 2026-11-22).
 */
const TRIAL_WIDTH_PX = 40

/** Decodes a picture to its last byte. @returns what is wrong with it, or null */
export async function pictureProblem(
  picture: Uint8Array,
  { widthPx, heightPx }: { widthPx: number; heightPx: number },
): Promise<string | null> {
  if (picture[0] !== 0xff || picture[1] !== 0xd8 || picture[2] !== 0xff) return 'is not a JPEG'
  try {
    const { width, height, orientation = 1 } = await sharp(picture, STRICT).metadata()
    if (width !== widthPx || height !== heightPx)
      return `is ${width} × ${height}, the header says ${widthPx} × ${heightPx}`
    if (orientation !== 1) return 'is to be turned by its viewer'
    await sharp(picture, STRICT).resize({ width: TRIAL_WIDTH_PX, kernel: 'nearest' }).raw().toBuffer()
    return null
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 200) : 'does not decode'
  }
}
