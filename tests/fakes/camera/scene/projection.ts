import type { SKRSContext2D } from '@napi-rs/canvas'
import { LAYERS_WIDTH } from './layers.ts'
import { columnOf, type Lens, type Point, rowOf } from './lens.ts'

/** From metres of the world to pixels of a canvas that shows the whole view. */
export function createProjection(context: SKRSContext2D, lens: Lens): (point: Point) => [x: number, y: number] {
  const scale = context.canvas.width / LAYERS_WIDTH
  return (point) => [columnOf(lens, point) * scale, rowOf(lens, point) * scale]
}
