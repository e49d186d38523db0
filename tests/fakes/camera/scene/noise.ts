import { createRandom } from './seeded-random.ts'

const SIDE = 256
const MASK = SIDE - 1

/** One table for all scenes, the same on every machine; every texture is read from it at some scale. */
const table = (() => {
  const random = createRandom('noise')
  return Float32Array.from({ length: SIDE * SIDE }, () => random.next())
})()

/** Smooth noise in [0, 1), one bump a unit. Repeats after 256 units. */
export function noise(x: number, y: number): number {
  const left = Math.floor(x)
  const top = Math.floor(y)
  const fx = x - left
  const fy = y - top
  const sx = fx * fx * (3 - 2 * fx)
  const sy = fy * fy * (3 - 2 * fy)
  const row = (top & MASK) * SIDE
  const below = ((top + 1) & MASK) * SIDE
  const column = left & MASK
  const next = (left + 1) & MASK
  const a = table[row + column] ?? 0
  const b = table[row + next] ?? 0
  const c = table[below + column] ?? 0
  const d = table[below + next] ?? 0
  return a + (b - a) * sx + (c - a) * sy + (a - b - c + d) * sx * sy
}

/** Noise at several scales, each twice as fine and half as strong. Around 0.5, in (0, 1). */
export function fractal(x: number, y: number, octaves: number): number {
  let sum = 0
  let weight = 0.5
  let total = 0
  for (let octave = 0; octave < octaves; octave++) {
    sum += weight * noise(x, y)
    total += weight
    weight *= 0.5
    x = x * 2.03 + 17.3
    y = y * 2.03 + 41.7
  }
  return sum / total
}

/** Noise with sharp crests, as mountains have. In (0, 1). */
export function ridged(x: number, y: number, octaves: number): number {
  let sum = 0
  let weight = 0.5
  let total = 0
  let carried = 1
  for (let octave = 0; octave < octaves; octave++) {
    const crest = 1 - Math.abs(2 * noise(x, y) - 1)
    const sharp = crest * crest * carried
    sum += weight * sharp
    total += weight
    carried = Math.min(1, sharp * 1.8 + 0.25)
    weight *= 0.52
    x = x * 2.07 + 11.9
    y = y * 2.07 + 5.3
  }
  return sum / total
}

/** 0 below `low`, 1 above `high`, smooth between. */
export function smoothstep(low: number, high: number, value: number): number {
  const share = Math.min(1, Math.max(0, (value - low) / (high - low)))
  return share * share * (3 - 2 * share)
}

export const clamp = (value: number, low = 0, high = 1): number => Math.min(high, Math.max(low, value))
