import type { SKRSContext2D } from '@napi-rs/canvas'
import { GLYPH_ADVANCE, GLYPH_HEIGHT, litPoints } from '../picture/lettering.ts'
import type { Daylight, Light } from './daylight.ts'
import type { Exposure } from './exposure.ts'
import { LAYERS_WIDTH } from './layers.ts'
import { columnOf, type Point, rowOf } from './lens.ts'
import type { Place } from './place.ts'
import type { RoadCourse } from './road-course.ts'
import { createRandom, type SeededRandom } from './seeded-random.ts'

const PAINTS: readonly [Light, ...Light[]] = [
  [0.86, 0.86, 0.85],
  [0.62, 0.63, 0.65],
  [0.3, 0.31, 0.34],
  [0.16, 0.17, 0.19],
  [0.5, 0.14, 0.13],
  [0.16, 0.25, 0.42],
  [0.72, 0.7, 0.64],
]
const GLASS: Light = [0.17, 0.2, 0.23]
const TYRE: Light = [0.1, 0.1, 0.1]
const ROAD_SHADOW = 'rgba(10, 12, 16, 0.42)'

/** Cars an hour, by the kind of place; fewer at night. A picture shows what passes in some eight seconds. */
const CARS_AN_HOUR: Record<string, number> = { col: 70, station: 160, carrefour: 420, ville: 330, tunnel: 220 }
const VIEW_SECONDS = 9

type Car = {
  z: number
  isLeaving: boolean
  paint: Light
  /** Metres: width, height, length. */
  size: { wide: number; high: number; long: number }
  isPlough: boolean
  plate: string
}

/** Draws the cars of the moment, the far ones first, with plates that can be read: something worth masking. */
export function drawTraffic(
  context: SKRSContext2D,
  place: Place,
  course: RoadCourse,
  day: Daylight,
  exposure: Exposure,
  hasSnow: boolean,
  at: number,
) {
  const random = createRandom(`${place.seed}/traffic/${Math.floor(at / 2000)}`)
  const cars = carsOf(place, day, hasSnow, random).sort((one, other) => other.z - one.z)
  for (const car of cars) drawCar(context, place, course, car, day, exposure)
  if (random.chance(walkersShare(place, day))) drawWalker(context, place, course, exposure, random)
}

const walkersShare = ({ site }: Place, day: Daylight) =>
  (site.kind === 'ville' ? 0.4 : site.kind === 'station' ? 0.3 : site.kind === 'col' ? 0.08 : 0.05) *
  (1 - 0.85 * day.night)

function carsOf(place: Place, day: Daylight, hasSnow: boolean, random: SeededRandom): Car[] {
  const expected = ((CARS_AN_HOUR[place.site.kind] ?? 100) / 3600) * VIEW_SECONDS * (1 - 0.75 * day.night)
  const cars: Car[] = []
  const farthest = Math.min(place.road.crestM * 0.9, (place.portalM ?? 1000) - 6, 120)
  for (let tries = 0; tries < 4; tries++) {
    if (!random.chance(expected / 2)) continue
    const isPlough = hasSnow && cars.length === 0 && random.chance(0.3)
    const isVan = !isPlough && random.chance(0.22)
    cars.push({
      z: 13 + (farthest - 13) * random.next() ** 1.5,
      isLeaving: random.chance(0.5),
      paint: isPlough ? [0.86, 0.42, 0.08] : isVan ? [0.84, 0.84, 0.82] : random.pick(PAINTS),
      size: isPlough
        ? { wide: 2.5, high: 3, long: 7 }
        : isVan
          ? { wide: 1.95, high: 2.25, long: 5.2 }
          : { wide: 1.78, high: random.between(1.42, 1.68), long: random.between(3.7, 4.6) },
      isPlough,
      plate: plateOf(random),
    })
  }
  // Two cars cannot stand in one place: of those in one lane closer than 14 m the later one is left out.
  return cars.filter(
    (car, index) =>
      !cars.slice(0, index).some((other) => other.isLeaving === car.isLeaving && Math.abs(other.z - car.z) < 14),
  )
}

function plateOf(random: SeededRandom): string {
  const letter = () => String.fromCharCode(65 + Math.floor(random.next() * 26))
  const digits = String(Math.floor(random.between(100, 999)))
  return `${letter()}${letter()}-${digits}-${letter()}${letter()}`
}

/** World metres to pixels of the whole picture. */
function projection(context: SKRSContext2D, place: Place) {
  const scale = context.canvas.width / LAYERS_WIDTH
  return (point: Point): [number, number] => [columnOf(place.lens, point) * scale, rowOf(place.lens, point) * scale]
}

function drawCar(
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
  const project = projection(context, place)
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

/** Somebody on foot beside the road: a person that a published picture must not show. */
function drawWalker(
  context: SKRSContext2D,
  place: Place,
  course: RoadCourse,
  exposure: Exposure,
  random: SeededRandom,
) {
  const z = random.between(14, 34)
  const x = course.middleAt(z) + (random.chance(0.5) ? 1 : -1) * (place.road.halfWidthM + random.between(0.5, 1.3))
  const project = projection(context, place)
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
