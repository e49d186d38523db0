import type { SKRSContext2D } from '@napi-rs/canvas'
import { ROAD_SHADOW } from './car.ts'
import type { Light } from './daylight.ts'
import type { Exposure } from './exposure.ts'
import type { Place } from './place.ts'
import { createProjection } from './projection.ts'
import type { RoadCourse } from './road-course.ts'
import type { SeededRandom } from './seeded-random.ts'

/** Somebody on foot beside the road: a person that a published picture must not show. */
export function drawWalker(
  context: SKRSContext2D,
  place: Place,
  course: RoadCourse,
  exposure: Exposure,
  random: SeededRandom,
) {
  const z = random.between(14, 34)
  const x = course.middleAt(z) + (random.chance(0.5) ? 1 : -1) * (place.road.halfWidthM + random.between(0.5, 1.3))
  const project = createProjection(context, place.lens)
  const [footX, footY] = project({ x, y: course.heightAt(z), z })
  const [, headY] = project({ x, y: course.heightAt(z) + random.between(1.58, 1.85), z })
  const tall = footY - headY
  const coat: Light = random.pick([
    [0.55, 0.16, 0.14],
    [0.16, 0.26, 0.44],
    [0.2, 0.22, 0.2],
    [0.74, 0.62, 0.2],
    [0.4, 0.42, 0.45],
  ])
  const shown = (albedo: Light) => exposure.colour(albedo, 0.35, z, place.hasStreetLamps ? 1 : 0)
  const limb = (albedo: Light, width: number, fromX: number, fromY: number, toX: number, toY: number) => {
    context.strokeStyle = shown(albedo)
    context.lineWidth = width * tall
    context.lineCap = 'round'
    context.beginPath()
    context.moveTo(footX + fromX * tall, footY - fromY * tall)
    context.lineTo(footX + toX * tall, footY - toY * tall)
    context.stroke()
  }
  context.fillStyle = ROAD_SHADOW
  context.beginPath()
  context.ellipse(footX, footY, tall * 0.2, tall * 0.045, 0, 0, Math.PI * 2)
  context.fill()
  const step = random.between(0.04, 0.12)
  limb([0.18, 0.2, 0.28], 0.09, 0.02, 0.48, step, 0.04)
  limb([0.16, 0.18, 0.25], 0.09, -0.02, 0.48, -step, 0.04)
  limb(coat, 0.21, 0, 0.52, 0, 0.74)
  limb(coat, 0.075, -0.11, 0.74, -0.13 - step / 2, 0.48)
  limb(coat, 0.075, 0.11, 0.74, 0.13 + step / 2, 0.48)
  context.fillStyle = shown([0.78, 0.6, 0.5])
  context.beginPath()
  context.ellipse(footX, footY - tall * 0.92, tall * 0.058, tall * 0.072, 0, 0, Math.PI * 2)
  context.fill()
  context.fillStyle = shown([0.2, 0.16, 0.12])
  context.beginPath()
  context.ellipse(footX, footY - tall * 0.955, tall * 0.06, tall * 0.045, 0, 0, Math.PI * 2)
  context.fill()
}
