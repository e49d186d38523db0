import { PREVIEW_PICTURE_MAX_BYTES } from '@vigie/contract/bounds'
import { AgentFault } from '../faults.ts'
import { decoding, judgeJpeg, openJpeg } from '../frame/open-jpeg.ts'

export type CoarsePicture = { jpeg: Uint8Array; widthPx: number; heightPx: number }

/**
 * The longer side of a preview. It is not masked, so nobody may be recognised in it: a plate that fills a seventh of the
 * picture has letters 2 px wide here, and a face at 3 m from a wide lens is 7 px wide. Roads, houses and doors, which masks
 * are drawn around, are seen well enough. What is left of fine strokes is blurred away: of their contrast a twentieth stays.
 */
const SIDE_PX = 160
/** 3 to 6 kB of a road. */
const QUALITY = 70
/** In pixels of the preview. Without it the strokes of letters keep a third of their contrast. */
const BLUR_PX = 1

/** Makes of a camera's picture one that shows where the camera looks, and not who is there. Nothing is written to disk. */
export async function makeCoarse(bytes: Uint8Array): Promise<CoarsePicture> {
  const judged = await judgeJpeg(bytes)
  const { data, info } = await decoding(() =>
    openJpeg(judged)
      .resize({ width: SIDE_PX, height: SIDE_PX, fit: 'inside', withoutEnlargement: true })
      .blur(BLUR_PX)
      .toColourspace('srgb')
      .jpeg({ quality: QUALITY })
      .toBuffer({ resolveWithObject: true }),
  )
  if (data.byteLength > PREVIEW_PICTURE_MAX_BYTES) {
    throw new AgentFault('picture-too-large', `${data.byteLength} bytes, at most ${PREVIEW_PICTURE_MAX_BYTES}`)
  }
  return { jpeg: data, widthPx: info.width, heightPx: info.height }
}
