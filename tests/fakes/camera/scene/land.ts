import type { Ground } from './ground.ts'
import { depthByte, Kind, LAYERS_HEIGHT, LAYERS_WIDTH, normalIndex } from './layers.ts'
import { nearestGroundM } from './lens.ts'
import { noise } from './noise.ts'
import type { Place } from './place.ts'
import type { RoadCourse } from './road-course.ts'
import type { RoadSurface } from './road-surface.ts'
import type { Sheet } from './sheet.ts'
import type { Terrain } from './terrain.ts'

const FARTHEST_M = 14_000
/** Each step goes this much farther than the last: about a row of the picture in the middle distance. */
const STRIDE = 1.011
/** Slopes are measured over this many columns; over one, the noise of the land would be all there is. */
const SLOPE_COLUMNS = 3

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
  const steps = stepsFrom(nearestGroundM(lens) * 0.8)
  const ring = Array.from({ length: SLOPE_COLUMNS }, () => new Float32Array(steps.length))
  const colour = new Float32Array(3)

  for (let column = -SLOPE_COLUMNS; column < LAYERS_WIDTH; column++) {
    const slant = (column + 0.5 - LAYERS_WIDTH / 2) / lens.focal
    const heights = ring[(column + SLOPE_COLUMNS) % SLOPE_COLUMNS] ?? new Float32Array(steps.length)
    let skyline = LAYERS_HEIGHT
    let lastZ = 0
    let lastHeight = 0
    let lastRow = LAYERS_HEIGHT + 1
    for (let index = 0; index < steps.length; index++) {
      const z = steps[index] ?? FARTHEST_M
      const height = terrain.heightAt(slant * z, z)
      const left = heights[index] ?? height
      heights[index] = height
      if (column < 0) continue
      const row = lens.horizon - (lens.focal * (height - lens.heightM)) / z
      if (index > 0 && row < skyline) {
        const slopeX = (height - left) / ((SLOPE_COLUMNS * z) / lens.focal)
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
        }
        skyline = Math.max(row, 0)
      }
      lastZ = z
      lastHeight = height
      lastRow = row
    }
    if (column >= 0 && skyline > 0) softenSkyline(column, skyline)
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
    layers.depth[at] = depthByte(z)
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

function stepsFrom(nearest: number): Float32Array {
  const count = Math.ceil(Math.log(FARTHEST_M / nearest) / Math.log(STRIDE))
  return Float32Array.from({ length: count }, (_, index) => nearest * STRIDE ** index)
}
