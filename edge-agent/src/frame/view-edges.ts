import type { Probe } from './probe-picture.ts'

/** Where a picture has edges and which way they run, at half the probe's size. What lasts of a view in any light. */
export type ViewEdges = {
  widthPx: number
  heightPx: number
  /** For each pixel 0 where there is no edge, or 1 to 4 for one that runs in one of four directions. */
  runs: Uint8Array
  /** How many pixels have one. */
  count: number
}

/** Edges run in so many directions; which side is the brighter one does not matter: snow and night turn that round. */
export const DIRECTIONS = 4

/** Of 255, over two pixels of 120: weaker ones are clouds, noise and shadows in haze. */
const FAINTEST = 12

/** The strongest eighth at most: a wood is all edges, and they would drown the road's. */
const STRONGEST_SHARE = 1 / 8

/** Finds the edges of a probe outside of what is masked or written over. @param watched 1 for each pixel of the probe that counts */
export function edgesOf(probe: Probe, watched: Uint8Array): ViewEdges {
  const widthPx = probe.widthPx >> 1
  const heightPx = probe.heightPx >> 1
  const { luma, isWatched } = halved(probe, watched, widthPx, heightPx)
  const strengths = new Uint16Array(widthPx * heightPx)
  const directions = new Uint8Array(widthPx * heightPx)
  const histogram = new Uint32Array(512)
  let pixels = 0
  for (let y = 1; y < heightPx - 1; y++) {
    for (let x = 1; x < widthPx - 1; x++) {
      const at = y * widthPx + x
      const isJudged = isWatched[at] && isWatched[at - 1] && isWatched[at + 1]
      if (!isJudged || !isWatched[at - widthPx] || !isWatched[at + widthPx]) continue
      pixels++
      const across = (luma[at + 1] ?? 0) - (luma[at - 1] ?? 0)
      const down = (luma[at + widthPx] ?? 0) - (luma[at - widthPx] ?? 0)
      const strength = Math.min(511, Math.round(Math.hypot(across, down)))
      if (strength < FAINTEST) continue
      strengths[at] = strength
      directions[at] = directionOf(across, down)
      histogram[strength] = (histogram[strength] ?? 0) + 1
    }
  }
  let faintest = 511
  for (let count = histogram[511] ?? 0; faintest > FAINTEST; faintest--) {
    count += histogram[faintest - 1] ?? 0
    if (count > STRONGEST_SHARE * pixels) break
  }
  let count = 0
  const runs = directions.map((direction, at) => {
    if ((strengths[at] ?? 0) < faintest) return 0
    count += direction > 0 ? 1 : 0
    return direction
  })
  return { widthPx, heightPx, runs, count }
}

/** 1 to 4, by the angle of the change modulo half a turn. */
function directionOf(across: number, down: number): number {
  const halfTurns = Math.atan2(down, across) / Math.PI
  return (((Math.round(halfTurns * DIRECTIONS) % DIRECTIONS) + DIRECTIONS) % DIRECTIONS) + 1
}

function halved({ luma, widthPx: wide }: Probe, watched: Uint8Array, widthPx: number, heightPx: number) {
  const half = new Float32Array(widthPx * heightPx)
  const isWatched = new Uint8Array(widthPx * heightPx)
  for (let y = 0, at = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++, at++) {
      const from = 2 * y * wide + 2 * x
      const below = from + wide
      half[at] = ((luma[from] ?? 0) + (luma[from + 1] ?? 0) + (luma[below] ?? 0) + (luma[below + 1] ?? 0)) / 4
      isWatched[at] =
        (watched[from] ?? 0) & (watched[from + 1] ?? 0) & (watched[below] ?? 0) & (watched[below + 1] ?? 0)
    }
  }
  return { luma: half, isWatched }
}
