import {
  depthByte,
  type Kind,
  LAYERS_HEIGHT,
  LAYERS_PIXELS,
  LAYERS_WIDTH,
  type Layers,
  layersOver,
  newLayerBytes,
  normalIndex,
} from './layers.ts'
import { noise } from './noise.ts'

/** Layers while they are drawn, with exact distances, so that what stands nearer hides what is behind. */
export type Sheet = {
  bytes: Uint8Array
  layers: Layers
  /** Metres; infinite where there is only sky. */
  distance: Float32Array
}

/** What is put into a pixel: its colour as sRGB, its kind, where it faces. */
export type Stuff = { red: number; green: number; blue: number; kind: Kind; normalX: number; normalZ: number }

export function createSheet(): Sheet {
  const bytes = newLayerBytes()
  return { bytes, layers: layersOver(bytes), distance: new Float32Array(LAYERS_PIXELS) }
}

export function clearSheet({ bytes, distance }: Sheet) {
  bytes.fill(0)
  distance.fill(Number.POSITIVE_INFINITY)
}

/**
 * Lays stuff over a share of a pixel, unless something nearer is there. What covers less than half of it only tints it.
 */
export function layPixel(sheet: Sheet, column: number, row: number, metres: number, share: number, stuff: Stuff) {
  if (column < 0 || row < 0 || column >= LAYERS_WIDTH || row >= LAYERS_HEIGHT) return
  const at = row * LAYERS_WIDTH + column
  const { layers, distance } = sheet
  if (metres > (distance[at] ?? 0)) return
  const before = (layers.cover[at] ?? 0) / 255
  const cover = share + before * (1 - share)
  if (cover <= 0) return
  // Over the sky the new colour alone counts; over the land both do.
  const weight = share / cover
  blend(layers.red, at, stuff.red, weight)
  blend(layers.green, at, stuff.green, weight)
  blend(layers.blue, at, stuff.blue, weight)
  layers.cover[at] = cover * 255
  if (weight < 0.5) return
  layers.kind[at] = stuff.kind
  layers.normal[at] = normalIndex(stuff.normalX, stuff.normalZ, noise(column * 0.73, row * 0.79) - 0.5)
  layers.depth[at] = depthByte(metres)
  distance[at] = metres
}

function blend(plane: Uint8Array, at: number, value: number, weight: number) {
  const old = plane[at] ?? 0
  plane[at] = old + (Math.min(255, value) - old) * weight
}
