import sharp from 'sharp'

/** A phone's whole picture, in pixels; more is no photo of an installation, and 50 million of them are 200 MB of memory. */
const PIXELS_AT_MOST = 50_000_000
/** Enough to read a label on a box; half a page of the report. */
const SIDE_PX = 1_920
const QUALITY = 80

export type Photo = { jpeg: Buffer; widthPx: number; heightPx: number }

/**
 * Makes a photo anew from what somebody sent: upright, of a bounded size, without anything that the camera wrote into it
 * (position, name of the phone). Null: it is no picture.
 */
export async function takePhoto(sent: Uint8Array): Promise<Photo | null> {
  try {
    const { data, info } = await sharp(sent, { limitInputPixels: PIXELS_AT_MOST, failOn: 'error' })
      .rotate()
      .resize({ width: SIDE_PX, height: SIDE_PX, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: QUALITY })
      .toBuffer({ resolveWithObject: true })
    return { jpeg: data, widthPx: info.width, heightPx: info.height }
  } catch {
    // sharp gives no code for it: whatever it throws here, it could not read what was sent.
    return null
  }
}
