import type { Probe } from './probe-picture.ts'
import { type UnwatchedParts, watchedPixels } from './watched-pixels.ts'

/**
 * How an earlier picture of a view and a later one compare. `identical`: not one watched pixel differs, which no sensor
 * does twice. `same`: nothing that a person would see. `different`: something to look at.
 */
export type Comparison = 'identical' | 'same' | 'different'

/** Blocks of 4 × 4 px, half overlapping: the smallest car that a person would count is about one block. */
const BLOCK_PX = 4
const STRIDE_PX = 2

/** Of 255: what a person does not notice on a block, in brightness and in tint (eyes tell colours less finely). */
const UNSEEN_LUMA = 8
const UNSEEN_TINT = 12

/**
 * A block's mean has a quarter of a pixel's noise. Eight times that is beyond what noise reaches among the 8,000 blocks
 * of a picture, even when a camera's own smoothing makes neighbouring pixels err together.
 */
const NOISE_PIXELS = 2

/** Of 255. A picture that is noisier than that in 240 px is not noisy, it is another one. */
const NOISE_MAX = 6

/** Differences between neighbours beyond this are edges of something that came or went, not noise. */
const NEIGHBOUR_MAX = 12

/** Mean absolute difference of two neighbours whose noise has a standard deviation of 1: 2 / sqrt(pi). */
const NEIGHBOUR_MEAN = 1.128

/** Compares pictures of one view; what is masked or under an overlay does not count. */
export function createProbeComparison(unwatched: UnwatchedParts): (earlier: Probe, later: Probe) => Comparison {
  let known: { widthPx: number; heightPx: number; watched: Uint8Array } | null = null

  function watchedOf(size: Probe): Uint8Array {
    if (known?.widthPx !== size.widthPx || known.heightPx !== size.heightPx) {
      const { widthPx, heightPx } = size
      known = { widthPx, heightPx, watched: watchedPixels(unwatched, size) }
    }
    return known.watched
  }

  return (earlier, later) => {
    if (earlier.widthPx !== later.widthPx || earlier.heightPx !== later.heightPx) return 'different'
    const watched = watchedOf(later)
    const luma = differenceOf(earlier.luma, later.luma, watched)
    const tint = differenceOf(earlier.tint, later.tint, watched)
    if (luma.isZero && tint.isZero) return 'identical'
    const isSeen =
      hasBlockBeyond(luma.values, watched, later.widthPx, UNSEEN_LUMA) ||
      hasBlockBeyond(tint.values, watched, later.widthPx, UNSEEN_TINT)
    return isSeen ? 'different' : 'same'
  }
}

function differenceOf(earlier: ArrayLike<number>, later: ArrayLike<number>, watched: Uint8Array) {
  const values = new Int16Array(watched.length)
  let isZero = true
  for (let at = 0; at < values.length; at++) {
    if (watched[at] === 0) continue
    const value = (later[at] ?? 0) - (earlier[at] ?? 0)
    values[at] = value
    if (value !== 0) isZero = false
  }
  return { values, isZero }
}

/** Whether the mean of some block differs by more than `unseen` and more than the noise explains. */
function hasBlockBeyond(values: Int16Array, watched: Uint8Array, widthPx: number, unseen: number): boolean {
  const limit = Math.max(unseen, NOISE_PIXELS * noiseOf(values, widthPx))
  const heightPx = values.length / widthPx
  for (let top = 0; top + BLOCK_PX <= heightPx; top += STRIDE_PX) {
    for (let left = 0; left + BLOCK_PX <= widthPx; left += STRIDE_PX) {
      let sum = 0
      let pixels = 0
      for (let y = top; y < top + BLOCK_PX; y++) {
        for (let at = y * widthPx + left; at < y * widthPx + left + BLOCK_PX; at++) {
          sum += values[at] ?? 0
          pixels += watched[at] ?? 0
        }
      }
      // Of a block that is mostly hidden too little is left to judge by.
      if (pixels * 2 >= BLOCK_PX * BLOCK_PX && Math.abs(sum) > limit * pixels) return true
    }
  }
  return false
}

/** The standard deviation of a difference's noise, from its neighbours: a shadow that grows does not count as noise. */
function noiseOf(values: Int16Array, widthPx: number): number {
  let sum = 0
  for (let at = 1; at < values.length; at++) {
    if (at % widthPx === 0) continue
    const step = Math.abs((values[at] ?? 0) - (values[at - 1] ?? 0))
    sum += Math.min(step, NEIGHBOUR_MAX)
  }
  return Math.min(NOISE_MAX, sum / values.length / NEIGHBOUR_MEAN)
}
