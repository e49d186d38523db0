import type { MaskZone } from '@vigie/config-schema/site-document'
import { polygonSpans, type Span } from './polygon-spans.ts'

/** A picture in memory: rows from top to bottom, `channels` bytes a pixel, nothing between rows. */
export type RawPicture = { data: Buffer; widthPx: number; heightPx: number; channels: number }

/**
 * How far a zone is drawn beyond its polygon. The picture was resized just before, and Lanczos mixes in what lies up to
 * three pixels of the result away: without this a rim of the hidden thing would show.
 */
export const MASK_GROW_PX = 3

/** Blocks of a pixelated zone, across the picture's width: in 1280 px a block is 32 px, wider than a number plate's text is high. */
const BLOCKS_ACROSS = 40

/** Mid grey, the same in every channel: it reads as hidden, by day and by night. */
const SOLID_GREY = 0x80

/** What one zone covers in a picture of one size. */
export type ZoneSpans = { fill: MaskZone['fill']; spans: Span[] }

/**
 * Works out the pixels of every zone for pictures of one size. Solid zones come last: drawn over a pixelated one they
 * hide it whole, and no block takes its mean from what a solid zone has already hidden.
 */
export function layOutMasks(zones: readonly MaskZone[], size: { widthPx: number; heightPx: number }): ZoneSpans[] {
  const laidOut = zones.map(({ fill, polygon }) => ({
    fill,
    spans: polygonSpans(
      polygon.map(([x, y]) => [x * size.widthPx, y * size.heightPx] as const),
      size,
      MASK_GROW_PX,
    ),
  }))
  return [...laidOut.filter(({ fill }) => fill === 'pixelated'), ...laidOut.filter(({ fill }) => fill === 'solid')]
}

/** Draws the zones into the picture, in place. */
export function drawMasks(picture: RawPicture, zones: readonly ZoneSpans[]): void {
  for (const { fill, spans } of zones) {
    if (fill === 'solid') drawSolid(picture, spans)
    else drawPixelated(picture, spans)
  }
}

function drawSolid({ data, widthPx, channels }: RawPicture, spans: readonly Span[]): void {
  for (const { y, from, to } of spans) {
    data.fill(SOLID_GREY, (y * widthPx + from) * channels, (y * widthPx + to) * channels)
  }
}

/** Each block's mean is taken when its first pixel is drawn, so while the block is still untouched. */
function drawPixelated(picture: RawPicture, spans: readonly Span[]): void {
  const { data, widthPx, channels } = picture
  const blockPx = Math.max(1, Math.ceil(widthPx / BLOCKS_ACROSS))
  const means = new Map<number, Buffer>()
  for (const { y, from, to } of spans) {
    const blockY = Math.floor(y / blockPx)
    for (let start = from; start < to; ) {
      const blockX = Math.floor(start / blockPx)
      const end = Math.min(to, (blockX + 1) * blockPx)
      const key = blockY * BLOCKS_ACROSS + blockX
      let mean = means.get(key)
      if (!mean) {
        mean = meanOfBlock(picture, blockX * blockPx, blockY * blockPx, blockPx)
        means.set(key, mean)
      }
      data.fill(mean, (y * widthPx + start) * channels, (y * widthPx + end) * channels)
      start = end
    }
  }
}

function meanOfBlock({ data, widthPx, heightPx, channels }: RawPicture, left: number, top: number, blockPx: number) {
  const right = Math.min(widthPx, left + blockPx)
  const bottom = Math.min(heightPx, top + blockPx)
  const sums = new Array<number>(channels).fill(0)
  for (let y = top; y < bottom; y++) {
    for (let at = (y * widthPx + left) * channels; at < (y * widthPx + right) * channels; at += channels) {
      for (let channel = 0; channel < channels; channel++)
        sums[channel] = (sums[channel] ?? 0) + (data[at + channel] ?? 0)
    }
  }
  const pixels = (right - left) * (bottom - top)
  return Buffer.from(sums.map((sum) => Math.round(sum / pixels)))
}
