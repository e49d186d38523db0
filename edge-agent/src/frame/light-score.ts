import type { Probe } from './probe-picture.ts'

/** How bright a picture is, from 0 to 255 and as a share of it. */
export type LightScore = {
  mean: number
  /** Ninety-five of a hundred pixels are darker. A word on a black picture is not enough to lift it. */
  p95: number
  /** The share of pixels that have nothing left to tell: white. */
  whiteShare: number
}

/** JPEG takes a little off white. */
const WHITE = 250

/** @param watched 1 for each pixel of the probe that counts */
export function lightScore({ luma }: Probe, watched: Uint8Array): LightScore {
  const counts = new Uint32Array(256)
  let pixels = 0
  let sum = 0
  for (let at = 0; at < luma.length; at++) {
    if (watched[at] === 0) continue
    const value = luma[at] ?? 0
    counts[value] = (counts[value] ?? 0) + 1
    sum += value
    pixels++
  }
  // A view that is masked whole is neither bright nor dark.
  if (pixels === 0) return { mean: 128, p95: 128, whiteShare: 0 }
  let p95 = 0
  for (let upTo = counts[0] ?? 0; p95 < 255 && upTo < 0.95 * pixels; upTo += counts[p95] ?? 0) p95++
  const white = counts.subarray(WHITE).reduce((total, count) => total + count, 0)
  return { mean: sum / pixels, p95, whiteShare: white / pixels }
}
