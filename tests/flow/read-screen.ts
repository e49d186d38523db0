import jsQR from 'jsqr'
import sharp from 'sharp'

/** The text of the code in a picture of a screen, by a reader that the page does not use; empty where none is seen. */
export async function codesIn(picture: Buffer): Promise<string[]> {
  const { data, info } = await sharp(picture).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  const found = jsQR.default(new Uint8ClampedArray(data), info.width, info.height)
  return found === null ? [] : [found.data]
}
