import type { Point } from './polygon.ts'

/** How a picture lies in its frame on the screen: enlarged so many times, and moved by so many pixels. */
export type Lie = { scale: number; x: number; y: number }
export type Size = { width: number; height: number }

export const WHOLE: Lie = { scale: 1, x: 0, y: 0 }
/** A preview of 320 px that is enlarged further shows nothing more. */
const SCALE_MAX = 8

/** Never smaller than the frame, never pushed out of it. */
export function bounded({ scale, x, y }: Lie, { width, height }: Size): Lie {
  const size = Math.min(SCALE_MAX, Math.max(1, scale))
  const within = (at: number, room: number) => Math.min(0, Math.max(room - room * size, at))
  return { scale: size, x: within(x, width), y: within(y, height) }
}

/** Enlarged around one point of the screen, which stays where it is. */
export function zoomed(lie: Lie, factor: number, around: { x: number; y: number }, size: Size): Lie {
  const scale = Math.min(SCALE_MAX, Math.max(1, lie.scale * factor))
  const grown = scale / lie.scale
  return bounded({ scale, x: around.x - (around.x - lie.x) * grown, y: around.y - (around.y - lie.y) * grown }, size)
}

export const moved = (lie: Lie, dx: number, dy: number, size: Size): Lie =>
  bounded({ ...lie, x: lie.x + dx, y: lie.y + dy }, size)

/** The point of the picture under a point of the screen; it may lie beside the picture. */
export const pointAt = ({ scale, x, y }: Lie, at: { x: number; y: number }, { width, height }: Size): Point => [
  (at.x - x) / (width * scale),
  (at.y - y) / (height * scale),
]
