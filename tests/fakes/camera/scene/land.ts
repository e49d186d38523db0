import type { Ground } from './ground.ts'
import { depthByte, Kind, LAYERS_HEIGHT, LAYERS_WIDTH, normalIndex } from './layers.ts'
import { type Lens, nearestGroundM } from './lens.ts'
import { noise } from './noise.ts'
import type { Place } from './place.ts'
import type { RoadCourse } from './road-course.ts'
import type { RoadSurface } from './road-surface.ts'
import type { Sheet } from './sheet.ts'
import type { Terrain } from './terrain.ts'

const FARTHEST_M = 14_000
/** A bank beside the camera is seen closer than the road at its foot. */
const NEAREST_M = 3
/** Each step goes this much farther than the last: about a row of the picture in the middle distance. */
const STRIDE = 1.0125
/** Slopes are measured over this many columns; over one, the noise of the land would be all there is. */
const SLOPE_COLUMNS = 4

/**
 * Draws land and road: for each column of the picture it walks away from the camera once and fills whatever rises over
 * what it has seen before.
 */
export function drawLand(
  sheet: Sheet,
  place: Place,
  terrain: Terrain,
  course: RoadCourse,
  surface: RoadSurface,
  ground: Ground,
) {
  const { lens } = place
  const steps = stepsFrom(Math.min(NEAREST_M, nearestGroundM(lens) * 0.8))
  const profiles = createProfiles(steps, terrain, lens)
  const own = new Float32Array(steps.length)
  const beside = new Float32Array(steps.length)
  const colour = new Float32Array(3)
  const depths = Uint8Array.from(steps, depthByte)

  for (let column = 0; column < LAYERS_WIDTH; column++) {
    const slant = slantOf(column, lens)
    const heights = profiles.at(column, own)
    const leftHeights = profiles.at(column - SLOPE_COLUMNS, beside)
    let skyline = LAYERS_HEIGHT
    let lastZ = 0
    let lastHeight = 0
    let lastRow = LAYERS_HEIGHT + 1
    for (let index = 0; index < steps.length; index++) {
      const z = steps[index] ?? FARTHEST_M
      const height = heights[index] ?? 0
      const row = lens.horizon - (lens.focal * (height - lens.heightM)) / z
      if (index > 0 && row < skyline) {
        const slopeX = (height - (leftHeights[index] ?? 0)) / ((SLOPE_COLUMNS * z) / lens.focal)
        const slopeZ = (height - lastHeight) / (z - lastZ)
        for (
          let target = Math.min(LAYERS_HEIGHT, Math.ceil(skyline - 0.5)) - 1;
          target + 0.5 >= row && target >= 0;
          target--
        ) {
          const share = Math.min(1, Math.max(0, (lastRow - target - 0.5) / Math.max(1e-6, lastRow - row)))
          const here = 1 / (1 / lastZ + (1 / z - 1 / lastZ) * share)
          const part = (here - lastZ) / (z - lastZ)
          paintPixel(column, target, slant * here, here, lastHeight + (height - lastHeight) * part, slopeX, slopeZ)
          sheet.layers.depth[target * LAYERS_WIDTH + column] = depths[index] ?? 0
        }
        skyline = Math.max(row, 0)
      }
      lastZ = z
      lastHeight = height
      lastRow = row
    }
    if (skyline > 0) softenSkyline(column, skyline)
  }

  function paintPixel(
    column: number,
    row: number,
    x: number,
    z: number,
    height: number,
    slopeX: number,
    slopeZ: number,
  ) {
    const at = row * LAYERS_WIDTH + column
    const { layers } = sheet
    const across = z / lens.focal
    const point =
      z < 420 ? surface.at(x, z, across, (z * z) / (lens.focal * Math.max(1, lens.heightM - height))) : undefined
    const dither = noise(column * 0.73, row * 0.79) - 0.5
    let normalX = 0
    let normalZ = 0
    if (point === undefined) {
      const length = Math.sqrt(1 + slopeX * slopeX + slopeZ * slopeZ)
      normalX = -slopeX / length
      normalZ = -slopeZ / length
      const beside = Math.abs(x - course.middleAt(Math.min(z, 420))) - place.road.halfWidthM
      ground.paint(colour, x, z, height, 1 / length, z < 420 ? beside : 1000, z)
      layers.kind[at] = Kind.ground
    } else {
      colour[0] = point.grey
      colour[1] = point.grey + point.tint
      colour[2] = point.grey + 2 + 6 * point.tint
      layers.kind[at] = point.snow < 0.5 ? Kind.road : Kind.ground
    }
    layers.red[at] = Math.min(255, colour[0] ?? 0)
    layers.green[at] = Math.min(255, colour[1] ?? 0)
    layers.blue[at] = Math.min(255, colour[2] ?? 0)
    layers.normal[at] = normalIndex(normalX, normalZ, point === undefined ? dither : 0)
    layers.cover[at] = 255
    sheet.distance[at] = z
  }

  /** The pixel that the skyline crosses is land only in part. */
  function softenSkyline(column: number, skyline: number) {
    const row = Math.floor(skyline)
    const share = row + 1 - skyline
    const at = row * LAYERS_WIDTH + column
    const below = at + LAYERS_WIDTH
    const { layers, distance } = sheet
    if (layers.cover[at] === 0 && row + 1 < LAYERS_HEIGHT) {
      for (const plane of [layers.red, layers.green, layers.blue, layers.normal, layers.depth, layers.kind])
        plane[at] = plane[below] ?? 0
      distance[at] = distance[below] ?? 0
    }
    layers.cover[at] = 255 * share
  }
}

/**
 * The heights that a column of the picture sees, step by step. Only even columns are worked out, which halves the time of
 * a scene; the odd ones lie between them. Asked for from left to right, it remembers as many as the slopes need.
 */
function createProfiles(steps: Float32Array, terrain: Terrain, lens: Lens) {
  const known = new Map<number, Float32Array>()

  function even(column: number): Float32Array {
    const before = known.get(column)
    if (before !== undefined) return before
    const slant = slantOf(column, lens)
    const fresh = known.get(column - 8) ?? new Float32Array(steps.length)
    known.delete(column - 8)
    for (let index = 0; index < steps.length; index++) {
      const z = steps[index] ?? FARTHEST_M
      fresh[index] = terrain.heightAt(slant * z, z)
    }
    known.set(column, fresh)
    return fresh
  }

  return {
    /** @param into where an odd column is put together */
    at(column: number, into: Float32Array): Float32Array {
      if (column % 2 === 0) return even(column)
      const left = even(column - 1)
      const right = even(column + 1)
      for (let index = 0; index < into.length; index++) into[index] = ((left[index] ?? 0) + (right[index] ?? 0)) / 2
      return into
    },
  }
}

const slantOf = (column: number, lens: Lens): number => (column + 0.5 - LAYERS_WIDTH / 2) / lens.focal

function stepsFrom(nearest: number): Float32Array {
  const count = Math.ceil(Math.log(FARTHEST_M / nearest) / Math.log(STRIDE))
  return Float32Array.from({ length: count }, (_, index) => nearest * STRIDE ** index)
}
