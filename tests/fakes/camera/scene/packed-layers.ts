import { LAYERS_PIXELS, type Layers } from './layers.ts'
import { noise } from './noise.ts'

/**
 * Layers as they wait for the next picture: about 1.4 MB instead of 4, unpacked in some milliseconds without a new buffer.
 * Colours take 5, 6 and 5 bits and only where there is no sky; what is even over large parts is kept as runs.
 */
export type PackedLayers = { colours: Uint16Array; normals: Uint8Array; runs: Uint8Array }

/** Room for any layers: a colour and a normal for every pixel, and more runs than land has ever had (0.5 MB). */
const RUNS_MAX_BYTES = 1024 * 1024
export const PACKED_MAX_BYTES = 3 * LAYERS_PIXELS + RUNS_MAX_BYTES

/** Lamp light is smooth: in steps of four it has runs too, and the grain hides the steps. */
const LAMP_STEP = 4

/** Half a step to either side, without a pattern that the eye would find: snow must not show its steps. */
const dithers = Float32Array.from({ length: 256 }, (_, index) => noise(index * 7.31, index * 3.17) - 0.5)

const evenPlanes = ({ cover, kind, depth, lamp }: Layers) => [cover, kind, depth, lamp]

/** Packs into a room of PACKED_MAX_BYTES; undefined when the layers are too uneven for it. */
export function packLayers(layers: Layers, room: ArrayBuffer, from: number): PackedLayers | undefined {
  const { red, green, blue, normal, cover, lamp } = layers
  for (let at = 0; at < LAYERS_PIXELS; at++) lamp[at] = Math.floor((lamp[at] ?? 0) / LAMP_STEP) * LAMP_STEP
  let land = 0
  for (const share of cover) if (share > 0) land++
  const colours = new Uint16Array(room, from, land)
  const normals = new Uint8Array(room, from + 2 * land, land)
  let next = 0
  for (let at = 0; at < LAYERS_PIXELS; at++) {
    if (cover[at] === 0) continue
    const dither = dithers[(at * 7 + (at >> 9) * 13) & 255] ?? 0
    const r = rounded(red[at], 31, dither)
    const g = rounded(green[at], 63, dither)
    const b = rounded(blue[at], 31, dither)
    colours[next] = (r << 11) | (g << 5) | b
    normals[next++] = normal[at] ?? 0
  }
  const runs = writeRuns(evenPlanes(layers), new Uint8Array(room, from + 3 * land, RUNS_MAX_BYTES))
  return runs && { colours, normals, runs }
}

const rounded = (byte = 0, most: number, dither: number): number =>
  Math.max(0, Math.min(most, Math.round((byte / 255) * most + dither)))

/** Writes packed layers over those of a sheet. */
export function unpackLayers({ colours, normals, runs }: PackedLayers, into: Layers): void {
  let read = 0
  for (const plane of evenPlanes(into)) {
    let at = 0
    while (at < LAYERS_PIXELS) {
      const length = runs[read] ?? 0
      plane.fill(runs[read + 1] ?? 0, at, at + length)
      at += length
      read += 2
    }
  }
  const { red, green, blue, normal, cover } = into
  let next = 0
  for (let at = 0; at < LAYERS_PIXELS; at++) {
    if (cover[at] === 0) continue
    const colour = colours[next] ?? 0
    red[at] = fiveBits[colour >> 11] ?? 0
    green[at] = sixBits[(colour >> 5) & 63] ?? 0
    blue[at] = fiveBits[colour & 31] ?? 0
    normal[at] = normals[next++] ?? 0
  }
}

const fiveBits = Uint8Array.from({ length: 32 }, (_, value) => Math.round((value / 31) * 255))
const sixBits = Uint8Array.from({ length: 64 }, (_, value) => Math.round((value / 63) * 255))

/** Pairs of length and value, for one plane after the other; undefined when there is not enough room. */
function writeRuns(planes: Uint8Array[], room: Uint8Array): Uint8Array | undefined {
  let written = 0
  for (const plane of planes) {
    for (let at = 0; at < plane.length; ) {
      if (written + 2 > room.length) return undefined
      const value = plane[at] ?? 0
      let length = 1
      while (length < 255 && at + length < plane.length && plane[at + length] === value) length++
      room[written++] = length
      room[written++] = value
      at += length
    }
  }
  return room.subarray(0, written)
}
