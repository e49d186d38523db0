import type { MaskDocument, PictureDocument } from '@vigie/config-schema/site-document'
import { PICTURE_MAX_BYTES, PICTURE_MAX_SIDE_PX } from '@vigie/contract/bounds'
import sharp, { type Sharp } from 'sharp'
import { AgentFault } from '../faults.ts'
import { drawMasks, layOutMasks, type ZoneSpans } from './draw-masks.ts'

/** A picture that may leave memory: masked, and without anything the camera wrote beside the pixels. */
export type ProcessedFrame = { jpeg: Uint8Array; widthPx: number; heightPx: number; maskVersion: number }

export type FramePipeline = {
  /**
   * Makes of a camera's picture the frame that may be kept and sent. Pure: the same bytes give the same frame.
   * Throws an AgentFault `picture-broken` or `picture-too-large`, and then nothing of the picture is left.
   */
  processFrame(picture: Uint8Array): Promise<ProcessedFrame>
}

/** A 4K snapshot at the best quality weighs 4 to 6 MB. Beyond 8 MiB it is not decoded: `picture-too-large`. */
const CAMERA_PICTURE_MAX_BYTES = 8 * 1024 * 1024

/**
 * 16.8 megapixels, twice a 4K camera. What decides is a progressive JPEG, which cannot be decoded row by row: its
 * coefficients take up to 6 bytes a pixel, 100 MB here on a box with 1 GB. Beyond: `picture-too-large`, from the header alone.
 */
const CAMERA_PICTURE_MAX_PIXELS = 4096 * 4096

/** A JPEG begins with these bytes. Looked at first, so that no other decoder of libvips ever sees what a camera sends. */
const JPEG_START = Buffer.from([0xff, 0xd8, 0xff])

/**
 * The way of one view's pictures: one decode, one resize, masks into the one raw buffer, one encode.
 *
 * A picture is turned upright by its EXIF orientation before all else: masks are drawn by a person on the picture as
 * people see it, and every viewer shows it turned. The orientation is then gone, like everything else in EXIF.
 */
export function createFramePipeline(view: { picture: PictureDocument; masks: MaskDocument }): FramePipeline {
  runForSmallBox()
  let laidOut: { widthPx: number; heightPx: number; zones: ZoneSpans[] } | null = null

  /** The pixels of the zones change only when the picture's size does. */
  function zonesFor(widthPx: number, heightPx: number): ZoneSpans[] {
    if (laidOut?.widthPx !== widthPx || laidOut.heightPx !== heightPx) {
      laidOut = { widthPx, heightPx, zones: layOutMasks(view.masks.zones, { widthPx, heightPx }) }
    }
    return laidOut.zones
  }

  return {
    async processFrame(picture) {
      const { isTurned } = await lookAtHeader(picture)
      const { data, info } = await decoding(() => {
        const decoder = openJpeg(picture)
        // Only when it is needed: turning before the resize keeps libjpeg from decoding at a smaller scale.
        const upright = isTurned ? decoder.autoOrient() : decoder
        return upright
          .resize({ width: view.picture.widthPx, withoutEnlargement: true })
          .toColourspace('srgb')
          .raw({ depth: 'uchar' })
          .toBuffer({ resolveWithObject: true })
      })
      const { width: widthPx, height: heightPx, channels } = info
      if (widthPx > PICTURE_MAX_SIDE_PX || heightPx > PICTURE_MAX_SIDE_PX) {
        throw new AgentFault('picture-too-large', `${widthPx} × ${heightPx} px, sides at most ${PICTURE_MAX_SIDE_PX}`)
      }
      drawMasks({ data, widthPx, heightPx, channels }, zonesFor(widthPx, heightPx))
      // mozjpeg off: 14 ms instead of 121 ms of one core for 720p, for 107 kB instead of 75 kB (measured 2026-11-22, shared 2-core machine).
      const jpeg = await sharp(data, { raw: { width: widthPx, height: heightPx, channels } })
        .jpeg({ quality: view.picture.quality, mozjpeg: false })
        .toBuffer()
      if (jpeg.byteLength > PICTURE_MAX_BYTES) {
        throw new AgentFault('picture-too-large', `${jpeg.byteLength} bytes once encoded, at most ${PICTURE_MAX_BYTES}`)
      }
      return { jpeg, widthPx, heightPx, maskVersion: view.masks.version }
    },
  }
}

/** Judges a picture by its first bytes and its header, before a pixel is decoded. */
async function lookAtHeader(picture: Uint8Array): Promise<{ isTurned: boolean }> {
  if (picture.byteLength > CAMERA_PICTURE_MAX_BYTES) {
    throw new AgentFault('picture-too-large', `${picture.byteLength} bytes, at most ${CAMERA_PICTURE_MAX_BYTES}`)
  }
  if (!JPEG_START.equals(picture.subarray(0, JPEG_START.byteLength))) {
    throw new AgentFault('picture-broken', 'does not begin as a JPEG')
  }
  // The limit is left to the check below, which names the size.
  const { width, height, orientation } = await decoding(() => sharp(picture, { limitInputPixels: false }).metadata())
  if (width * height > CAMERA_PICTURE_MAX_PIXELS) {
    throw new AgentFault('picture-too-large', `${width} × ${height} px, at most ${CAMERA_PICTURE_MAX_PIXELS} in all`)
  }
  return { isTurned: orientation !== undefined && orientation > 1 }
}

/** Any warning of libjpeg fails the picture: what is torn or cut short must not be shown as the road. */
function openJpeg(picture: Uint8Array): Sharp {
  return sharp(picture, { failOn: 'warning', limitInputPixels: CAMERA_PICTURE_MAX_PIXELS, sequentialRead: true })
}

/** What sharp throws on a picture is the camera's fault; its message names no content. */
async function decoding<Result>(work: () => Promise<Result>): Promise<Result> {
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
function runForSmallBox(): void {
  sharp.cache(false)
  sharp.concurrency(1)
}
