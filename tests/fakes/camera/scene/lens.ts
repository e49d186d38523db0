import { LAYERS_HEIGHT, LAYERS_WIDTH } from './layers.ts'

/**
 * How the camera looks at the world: x metres to the right, y up from the road at its foot, z away. Level, its horizon
 * shifted, so that walls stay upright. Pixels are those of the layers.
 */
export type Lens = {
  /** The row of the horizon. */
  horizon: number
  /** Focal length in pixels. */
  focal: number
  /** Height of the mast. */
  heightM: number
}

export type Point = { x: number; y: number; z: number }

export const columnOf = (lens: Lens, { x, z }: Point): number => LAYERS_WIDTH / 2 + (lens.focal * x) / z
export const rowOf = (lens: Lens, { y, z }: Point): number => lens.horizon - (lens.focal * (y - lens.heightM)) / z

/** The nearest level ground that the picture shows, in metres. */
export const nearestGroundM = (lens: Lens): number => (lens.focal * lens.heightM) / (LAYERS_HEIGHT - lens.horizon)
