import type { SKRSContext2D } from '@napi-rs/canvas'
import { GLYPH_ADVANCE, GLYPH_HEIGHT, litPoints } from '../picture/lettering.ts'
import type { Daylight, Light } from './daylight.ts'
import type { Exposure } from './exposure.ts'
import type { Place } from './place.ts'
import { createProjection } from './projection.ts'
import type { RoadCourse } from './road-course.ts'

const GLASS: Light = [0.17, 0.2, 0.23]
const TYRE: Light = [0.1, 0.1, 0.1]
export const ROAD_SHADOW = 'rgba(10, 12, 16, 0.42)'

export type Car = {
  z: number
  isLeaving: boolean
  paint: Light
  /** Metres: width, height, length. */
  size: { wide: number; high: number; long: number }
  isPlough: boolean
  plate: string
}

/** Draws a car as a box with a cabin, its lamps, its light on the road, its plate. */
export function drawCar(
  context: SKRSContext2D,
  place: Place,
  course: RoadCourse,
  car: Car,
  day: Daylight,
  exposure: Exposure,
) {
  const { size, z, paint, isLeaving } = car
  const lane = course.middleAt(z) + (isLeaving ? 0.5 : -0.5) * place.road.halfWidthM
  const turn = (course.middleAt(z + 5) - course.middleAt(z - 2)) / 7
  const grade = (course.heightAt(z + 5) - course.heightAt(z)) / 5
  const ground = course.heightAt(z)
  const project = createProjection(context, place.lens)
  /** Metres from the middle of the face that looks at the camera: across, up, and away. */
  const place3 = (across: number, up: number, away: number) =>
    project({ x: lane + across + turn * away, y: ground + up + grade * away, z: z + away })
  const fill = (colour: string, ...points: [number, number][]) => {
    context.fillStyle = colour
    context.beginPath()
    for (const [x, y] of points) context.lineTo(x, y)
    context.fill()
  }
  const half = size.wide / 2
  const waist = car.isPlough || size.high > 2 ? size.high * 0.55 : 0.86
  const shown = (albedo: Light, facing: number) => exposure.colour(albedo, facing, z, place.hasStreetLamps ? 1 : 0.1)
  const side = lane > 0 ? -1 : 1
  const hood = size.high > 2 ? 0.35 : isLeaving ? 0.55 : 1.05
  const slope = size.high > 2 ? 0.35 : 0.75
  const tail = size.high > 2 ? size.long - 0.1 : size.long - (isLeaving ? 1.1 : 0.5)

  fill(
    ROAD_SHADOW,
    place3(-half - 0.15, 0.02, -0.25),
    place3(half + 0.15, 0.02, -0.25),
    place3(half + 0.15, 0.02, size.long),
    place3(-half - 0.15, 0.02, size.long),
  )
  // The side that one sees, then what lies on top, then the face.
  fill(
    shown(paint, 0.1),
    place3(side * half, 0.28, 0.05),
    place3(side * half, waist, 0.05),
    place3(side * half, waist, size.long),
    place3(side * half, 0.28, size.long),
  )
  for (const away of [size.long * 0.2, size.long * 0.8]) wheel(side * half, away)
  fill(
    shown(paint, 1),
    place3(-half, waist, 0.05),
    place3(half, waist, 0.05),
    place3(half * 0.94, waist + 0.06, hood),
    place3(-half * 0.94, waist + 0.06, hood),
  )
  fill(
    shown(GLASS, 0.2),
    place3(side * half * 0.95, waist, hood),
    place3(side * half * 0.8, size.high - 0.05, hood + slope),
    place3(side * half * 0.8, size.high - 0.05, tail - 0.3),
    place3(side * half * 0.95, waist, tail),
  )
  fill(
    shown(paint, 1),
    place3(-half * 0.8, size.high, hood + slope),
    place3(half * 0.8, size.high, hood + slope),
    place3(half * 0.8, size.high, tail - 0.3),
    place3(-half * 0.8, size.high, tail - 0.3),
  )
  fill(
    shown(GLASS, 0.55),
    place3(-half * 0.9, waist + 0.05, hood),
    place3(half * 0.9, waist + 0.05, hood),
    place3(half * 0.77, size.high - 0.04, hood + slope),
    place3(-half * 0.77, size.high - 0.04, hood + slope),
  )
  fill(
    shown(paint, 0),
    place3(-half, 0.26, 0),
    place3(half, 0.26, 0),
    place3(half * 0.98, waist, 0.04),
    place3(-half * 0.98, waist, 0.04),
  )
  fill(
    shown([0.16, 0.16, 0.17], 0),
    place3(-half, 0.24, 0),
    place3(half, 0.24, 0),
    place3(half, 0.42, -0.02),
    place3(-half, 0.42, -0.02),
  )
  for (const across of [-half * 0.82, half * 0.82])
    fill(
      shown(TYRE, 0),
      place3(across - 0.12, 0, 0.1),
      place3(across + 0.12, 0, 0.1),
      place3(across + 0.12, 0.3, 0.1),
      place3(across - 0.12, 0.3, 0.1),
    )
  if (car.isPlough)
    fill(
      shown([0.8, 0.34, 0.1], 0.2),
      place3(-1.6, 0.1, -0.5),
      place3(1.6, 0.1, -0.8),
      place3(1.6, 1.05, -0.7),
      place3(-1.6, 1.05, -0.4),
    )
  lamps()
  drawPlate()

  function wheel(across: number, away: number) {
    const [x, y] = place3(across, 0.31, away)
    const [, foot] = place3(across, 0, away)
    context.fillStyle = shown(TYRE, 0)
    context.beginPath()
    context.ellipse(x, y, Math.max(0.5, (foot - y) * 0.55), Math.max(0.5, foot - y), 0, 0, Math.PI * 2)
    context.fill()
  }

  function lamps() {
    const isLit = day.night > 0.2 || day.gain > 1.6 || car.isPlough
    for (const across of [-half * 0.76, half * 0.76]) {
      const [x, y] = place3(across, 0.66, -0.02)
      const radius = Math.abs(place3(across + 0.14, 0.66, 0)[0] - x)
      context.fillStyle = isLeaving
        ? isLit
          ? '#ff3020'
          : shown([0.5, 0.08, 0.06], 0)
        : isLit
          ? '#fffdf4'
          : shown([0.75, 0.76, 0.78], 0)
      context.beginPath()
      context.ellipse(x, y, radius, radius * 0.7, 0, 0, Math.PI * 2)
      context.fill()
      if (isLit)
        glow(
          x,
          y,
          radius * (isLeaving ? 5 : 14) * (0.5 + day.night),
          isLeaving ? '255, 60, 40' : '255, 244, 214',
          isLeaving ? 0.4 : 0.75,
        )
    }
    if (!isLeaving && isLit && day.night > 0.3) beam()
    if (car.isPlough) {
      const [x, y] = place3(0, size.high + 0.15, 1)
      glow(x, y, 60, '255, 150, 20', 0.9)
    }
  }

  function glow(x: number, y: number, radius: number, rgb: string, strength: number) {
    const light = context.createRadialGradient(x, y, 0, x, y, Math.max(1, radius))
    const shade = day.isInfrared ? '235, 235, 235' : rgb
    light.addColorStop(0, `rgba(${shade}, ${strength})`)
    light.addColorStop(0.25, `rgba(${shade}, ${strength * 0.25})`)
    light.addColorStop(1, `rgba(${shade}, 0)`)
    context.globalCompositeOperation = 'lighter'
    context.fillStyle = light
    context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius)
    context.globalCompositeOperation = 'source-over'
  }

  /** The light of the headlamps on the road before the car. */
  function beam() {
    const [x, y] = place3(0, 0, -7)
    const [edge] = place3(2.6, 0, -7)
    const [, near] = place3(0, 0, -Math.min(13, z - 6))
    context.save()
    context.translate(x, y)
    context.scale(1, Math.max(0.1, (near - y) / Math.max(1, edge - x)))
    glow(0, 0, (edge - x) * 1.3, '255, 240, 205', 0.32 * day.night)
    context.restore()
  }

  function drawPlate() {
    const [left, top] = place3(-0.26, 0.58, -0.04)
    const [right, bottom] = place3(0.26, 0.47, -0.04)
    const width = right - left
    context.fillStyle = shown([0.95, 0.95, 0.93], 0)
    context.fillRect(left, top, width, bottom - top)
    context.fillStyle = shown([0.12, 0.22, 0.62], 0)
    context.fillRect(left, top, width * 0.08, bottom - top)
    context.fillRect(right - width * 0.08, top, width * 0.08, bottom - top)
    const point = (width * 0.8) / (car.plate.length * GLYPH_ADVANCE)
    const high = (bottom - top) / (GLYPH_HEIGHT + 3)
    context.fillStyle = shown([0.06, 0.06, 0.06], 0)
    for (const { x, y } of litPoints(car.plate))
      context.fillRect(left + width * 0.1 + x * point, top + (y + 1.5) * high, point * 1.1, high * 1.1)
  }
}
