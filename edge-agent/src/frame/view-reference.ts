import { DIRECTIONS, type ViewEdges } from './view-edges.ts'

/** What a view has looked like since its masks were approved: how often each edge was there. Bytes, so that it can be kept. */
export type ViewReference = {
  widthPx: number
  heightPx: number
  /** How many pictures it was learnt from. */
  learnt: number
  /** For each direction, for each pixel: 255 where every picture had that edge. */
  often: Uint8Array
}

/** How well a picture, or a part of it, lies on its reference. */
export type Lie = {
  /** How far it has to be moved to lie best, in shares of the picture's width and height. */
  shift: { x: number; y: number }
  /** Where it lies best and as it is, in standard deviations above how it lies anywhere. */
  best: number
  here: number
}

/** The whole picture, and each third of its width: a lorry before the lens hides one or two of them. */
export type ViewMatch = { whole: Lie; parts: Lie[] }

/** A mast that is hit turns further than that, and then nothing lies anywhere. */
const REACH_SHARE = 0.12

export function emptyReference({ widthPx, heightPx }: { widthPx: number; heightPx: number }): ViewReference {
  return { widthPx, heightPx, learnt: 0, often: new Uint8Array(DIRECTIONS * widthPx * heightPx) }
}

/** After so many pictures a new one counts no less: a hedge that was cut is forgotten after some two days. */
const MEMORY = 40

/** The reference with one more picture. An edge counts for its neighbours too: wind and heat move a mast by a pixel. */
export function learnView(reference: ViewReference, edges: ViewEdges): ViewReference {
  const { widthPx, heightPx } = reference
  const pixels = widthPx * heightPx
  const weight = 1 / Math.min(MEMORY, reference.learnt + 1)
  const there = new Uint8Array(reference.often.length)
  for (let y = 1; y < heightPx - 1; y++) {
    for (let x = 1; x < widthPx - 1; x++) {
      const at = y * widthPx + x
      const direction = edges.runs[at] ?? 0
      if (direction === 0) continue
      const layer = (direction - 1) * pixels + at
      for (const beside of [0, -1, 1, -widthPx, widthPx]) there[layer + beside] = 255
    }
  }
  const often = reference.often.map((before, at) => Math.round(before + weight * ((there[at] ?? 0) - before)))
  return { widthPx, heightPx, learnt: reference.learnt + 1, often }
}

const PARTS = 3

/** Looks where a picture lies best on its reference. Some 2 ms. */
export function matchView(reference: ViewReference, edges: ViewEdges): ViewMatch {
  const { widthPx, heightPx, often } = reference
  const reachX = Math.round(REACH_SHARE * widthPx)
  const reachY = Math.round(REACH_SHARE * heightPx)
  const places = placesOf(edges, reachX, reachY)
  const shifts: Lie['shift'][] = []
  const sums = places.map((): number[] => [])
  for (let y = -reachY; y <= reachY; y++) {
    for (let x = -reachX; x <= reachX; x++) {
      const offset = y * widthPx + x
      shifts.push({ x: x / widthPx, y: y / heightPx })
      for (const [part, inPart] of places.entries()) {
        let sum = 0
        for (let index = 0; index < inPart.length; index++) sum += often[(inPart[index] ?? 0) + offset] ?? 0
        sums[part]?.push(sum)
      }
    }
  }
  const whole = shifts.map((_, index) => sums.reduce((sum, ofPart) => sum + (ofPart[index] ?? 0), 0))
  return { whole: lieOf(whole, shifts), parts: sums.map((ofPart) => lieOf(ofPart, shifts)) }
}

/** Where the edges of each part are, in the reference's bytes: only those that stay in the picture wherever it is moved. */
function placesOf({ runs, widthPx, heightPx }: ViewEdges, reachX: number, reachY: number): Int32Array[] {
  const parts = Array.from({ length: PARTS }, (): number[] => [])
  for (let y = reachY; y < heightPx - reachY; y++) {
    for (let x = reachX; x < widthPx - reachX; x++) {
      const at = y * widthPx + x
      const direction = runs[at] ?? 0
      if (direction > 0) parts[Math.floor((x * PARTS) / widthPx)]?.push((direction - 1) * widthPx * heightPx + at)
    }
  }
  return parts.map((places) => Int32Array.from(places))
}

function lieOf(sums: readonly number[], shifts: readonly Lie['shift'][]): Lie {
  const mean = sums.reduce((sum, value) => sum + value, 0) / sums.length
  const deviation = Math.sqrt(sums.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sums.length) || 1
  // The shifts go from one end to the other, and none stands in the middle: where several places are as good, it is that.
  const middle = (sums.length - 1) / 2
  const best = sums.reduce((found, value, index) => (value > (sums[found] ?? 0) ? index : found), middle)
  const here = sums[middle] ?? 0
  return {
    shift: shifts[best] ?? { x: 0, y: 0 },
    best: ((sums[best] ?? 0) - mean) / deviation,
    here: (here - mean) / deviation,
  }
}
