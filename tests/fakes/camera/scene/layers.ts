/**
 * A scene before light falls on it: what each pixel is made of, how it lies, how far it is. Drawn once for a place and a
 * day; lit anew for every picture. Under half the width of the picture: enlarged, it is as soft as a real lens.
 */
export const LAYERS_WIDTH = 896
export const LAYERS_HEIGHT = 504
export const LAYERS_PIXELS = LAYERS_WIDTH * LAYERS_HEIGHT

export const Kind = {
  sky: 0,
  ground: 1,
  /** Mirrors the sky when wet. */
  road: 2,
  foliage: 3,
  building: 4,
  /** Dark by day; some are lit at night. */
  window: 5,
  /** Shines at night. */
  lamp: 6,
  /** Paint and foil that throw light back. */
  reflector: 7,
} as const
export type Kind = (typeof Kind)[keyof typeof Kind]

export type Layers = {
  /** What the surface looks like under white light, as sRGB bytes. */
  red: Uint8Array
  green: Uint8Array
  blue: Uint8Array
  /** Where the surface faces: see `normalIndex`. */
  normal: Uint8Array
  /** How far it is: see `depthByte`. */
  depth: Uint8Array
  kind: Uint8Array
  /** Light of the street lamps that reaches it. */
  lamp: Uint8Array
  /** How much of the pixel hides the sky; 255: all. */
  cover: Uint8Array
}

const names = ['red', 'green', 'blue', 'normal', 'depth', 'kind', 'lamp', 'cover'] as const

/** Eight planes over one buffer. */
export function layersOver(bytes: Uint8Array): Layers {
  const plane = (index: number) => bytes.subarray(index * LAYERS_PIXELS, (index + 1) * LAYERS_PIXELS)
  return Object.fromEntries(names.map((name, index) => [name, plane(index)])) as Layers // one plane for each name
}

export const newLayerBytes = (): Uint8Array => new Uint8Array(names.length * LAYERS_PIXELS)

const NEAREST_M = 3
const FARTHEST_M = 20_000
const STEPS = 255 / Math.log(FARTHEST_M / NEAREST_M)

/** Distance in metres to a byte, each step 3.5 % farther. */
export const depthByte = (metres: number): number =>
  Math.max(0, Math.min(255, Math.round(STEPS * Math.log(Math.max(metres, NEAREST_M) / NEAREST_M))))
export const depthMetres = (byte: number): number => NEAREST_M * Math.exp(byte / STEPS)

/**
 * A direction as one of 256: x to the right and z away from the camera in 16 steps each, upwards what is left.
 * `dither` in [-0.5, 0.5) hides the steps.
 */
export function normalIndex(x: number, z: number, dither: number): number {
  const step = (value: number) => Math.max(0, Math.min(15, Math.round((value + 1) * 7.5 + dither * 0.9)))
  return step(x) * 16 + step(z)
}

export function normalOf(index: number): { x: number; y: number; z: number } {
  const x = (index >> 4) / 7.5 - 1
  const z = (index & 15) / 7.5 - 1
  const flat = Math.hypot(x, z)
  return flat < 1 ? { x, y: Math.sqrt(1 - flat * flat), z } : { x: x / flat, y: 0, z: z / flat }
}
