import type { SKRSContext2D } from '@napi-rs/canvas'
import { type Car, drawCar } from './car.ts'
import type { Daylight, Light } from './daylight.ts'
import type { Exposure } from './exposure.ts'
import type { Place } from './place.ts'
import type { RoadCourse } from './road-course.ts'
import { createRandom, type SeededRandom } from './seeded-random.ts'
import { drawWalker } from './walker.ts'

const PAINTS: readonly [Light, ...Light[]] = [
  [0.86, 0.86, 0.85],
  [0.62, 0.63, 0.65],
  [0.3, 0.31, 0.34],
  [0.16, 0.17, 0.19],
  [0.5, 0.14, 0.13],
  [0.16, 0.25, 0.42],
  [0.72, 0.7, 0.64],
]

/** Cars an hour, by the kind of place; fewer at night. A picture shows what passes in some eight seconds. */
const CARS_AN_HOUR: Record<string, number> = { col: 70, station: 160, carrefour: 420, ville: 330, tunnel: 220 }
const VIEW_SECONDS = 9

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
