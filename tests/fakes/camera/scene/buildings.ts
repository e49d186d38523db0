import { drawHouse, type House, PLASTERS, SHUTTERS, SLATE, TILES } from './house.ts'
import { drawChurch, drawLift } from './landmarks.ts'
import type { Place } from './place.ts'
import type { RoadCourse } from './road-course.ts'
import type { Season } from './season.ts'
import { createRandom, type SeededRandom } from './seeded-random.ts'
import type { Sheet } from './sheet.ts'
import type { Terrain } from './terrain.ts'

/** Sets the houses of a village, a ski station or a crossroads beside the road, the far ones first. */
export function drawBuildings(sheet: Sheet, place: Place, terrain: Terrain, course: RoadCourse, season: Season) {
  const random = createRandom(`${place.seed}/houses`)
  const houses = plan(place, terrain, course, random)
  if (place.site.kind === 'ville') drawChurch(sheet, place, terrain, season, random)
  if (place.site.kind === 'station') drawLift(sheet, place, terrain, random)
  for (const house of houses.sort((one, other) => other.at.z - one.at.z)) drawHouse(sheet, place, house, season, random)
}

function plan(place: Place, terrain: Terrain, course: RoadCourse, random: SeededRandom): House[] {
  const { kind } = place.site
  const houses: House[] = []
  const isHigh = place.site.altitudeM > 1350
  const add = (z: number, side: -1 | 1, setback: number, isChalet: boolean) => {
    const widthM = random.between(7, isChalet ? 13 : 11)
    const depthM = random.between(8, 13)
    const x = course.middleAt(z) + side * (place.road.halfWidthM + setback)
    const inner = terrain.heightAt(x, z)
    const outer = terrain.heightAt(x + side * widthM, z)
    // Nobody builds where one storey would stand in the slope.
    if (Math.abs(outer - inner) > 3.2) return
    const foot = Math.min(inner, outer, course.heightAt(z) + 1.5)
    houses.push({
      at: { x, y: foot - 0.3, z },
      side,
      widthM,
      depthM,
      heightM: random.between(isChalet ? 4.5 : 5.4, isChalet ? 7 : 9),
      roofM: random.between(1.6, 3.2),
      plaster: random.pick(PLASTERS),
      shutters: random.pick(SHUTTERS),
      roof: isHigh ? random.pick([SLATE, [122, 108, 96]]) : random.pick([TILES, [154, 104, 80], [178, 126, 96]]),
      isChalet,
    })
  }
  if (kind === 'ville') {
    for (const side of [-1, 1] as const) {
      let z = random.between(19, 32)
      while (z < 175) {
        if (!random.chance(0.14)) add(z, side, random.between(2.2, 4.2), false)
        z += random.between(9, 15)
      }
    }
  } else if (kind === 'station') {
    for (let index = 0; index < 9; index++)
      add(random.between(38, 190), random.chance(0.5) ? 1 : -1, random.between(9, 46), random.chance(0.75))
  } else if (kind === 'carrefour') {
    const side = place.junction?.side === 1 ? -1 : 1
    for (let index = 0; index < 2 + random.between(0, 3); index++)
      add(random.between(40, 130), side, random.between(9, 34), false)
    if (random.chance(0.6))
      add((place.junction?.atM ?? 30) + random.between(24, 50), side === 1 ? -1 : 1, random.between(9, 22), false)
  } else if (kind === 'col' && random.chance(0.55)) {
    add(random.between(34, 70), random.chance(0.5) ? 1 : -1, random.between(9, 22), place.site.altitudeM > 1500)
  }
  return houses
}
