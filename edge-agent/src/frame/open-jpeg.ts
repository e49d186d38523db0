import sharp, { type Sharp } from 'sharp'
import { AgentFault } from '../faults.ts'

/** A 4K snapshot at the best quality weighs 4 to 6 MB. Beyond 8 MiB it is not decoded: `picture-too-large`. */
const CAMERA_PICTURE_MAX_BYTES = 8 * 1024 * 1024

/**
 * 16.8 megapixels, twice a 4K camera. What decides is a progressive JPEG, which cannot be decoded row by row: its
 * coefficients take up to 6 bytes a pixel, 100 MB here on a box with 1 GB. Beyond: `picture-too-large`, from the header alone.
 */
const CAMERA_PICTURE_MAX_PIXELS = 4096 * 4096

/** A JPEG begins with these bytes. Looked at first, so that no other decoder of libvips ever sees what a camera sends. */
const JPEG_START = Buffer.from([0xff, 0xd8, 0xff])

/** A camera's picture whose bytes and header were judged; not a pixel of it is decoded yet. */
export type CameraJpeg = { bytes: Uint8Array; isTurned: boolean }

/** Judges a picture by its first bytes and its header. Throws an AgentFault `picture-broken` or `picture-too-large`. */
export async function judgeJpeg(bytes: Uint8Array): Promise<CameraJpeg> {
  if (bytes.byteLength > CAMERA_PICTURE_MAX_BYTES) {
    throw new AgentFault('picture-too-large', `${bytes.byteLength} bytes, at most ${CAMERA_PICTURE_MAX_BYTES}`)
  }
  if (!JPEG_START.equals(bytes.subarray(0, JPEG_START.byteLength))) {
    throw new AgentFault('picture-broken', 'does not begin as a JPEG')
  }
  // The limit is left to the check below, which names the size.
  const { width, height, orientation } = await decoding(() => sharp(bytes, { limitInputPixels: false }).metadata())
  if (width * height > CAMERA_PICTURE_MAX_PIXELS) {
    throw new AgentFault('picture-too-large', `${width} × ${height} px, at most ${CAMERA_PICTURE_MAX_PIXELS} in all`)
  }
  return { bytes, isTurned: orientation !== undefined && orientation > 1 }
}

/**
 * Opens a judged picture, upright. Any warning of libjpeg fails it: what is torn or cut short must not be shown as the
 * road.
 *
 * A picture is turned by its EXIF orientation before all else: masks are drawn by a person on the picture as people see
 * it, and every viewer shows it turned. Only when it is needed: turning before the resize keeps libjpeg from decoding at
 * a smaller scale.
 */
export function openJpeg({ bytes, isTurned }: CameraJpeg): Sharp {
  const decoder = sharp(bytes, { failOn: 'warning', limitInputPixels: CAMERA_PICTURE_MAX_PIXELS, sequentialRead: true })
  return isTurned ? decoder.autoOrient() : decoder
}

/** What sharp throws on a picture is the camera's fault; its message names no content. */
export async function decoding<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : 'unknown'
    throw new AgentFault('picture-broken', reason.slice(0, 120), { cause })
  }
}

/**
 * libvips works for the whole process. No cache: it keeps decoded pictures for a second use that never comes, and they
 * are not masked. One thread a picture: on two cores the road is quicker with two pictures side by side, and each thread
 * keeps its own buffers.
 */
export function runForSmallBox(): void {
  sharp.cache(false)
  sharp.concurrency(1)
}
