import { drawFace, drawPole, type Paint, plainPaint } from './faces.ts'
import { Kind } from './layers.ts'
import type { Point } from './lens.ts'
import { noise } from './noise.ts'
import type { Place } from './place.ts'
import type { RoadCourse } from './road-course.ts'
import type { Season } from './season.ts'
import { createRandom } from './seeded-random.ts'
import type { Sheet } from './sheet.ts'
import { drawSigns } from './signs.ts'
import type { Terrain } from './terrain.ts'

/** Where a street lamp shines from, and how bright: 1 is a lamp of 6 m height. */
export type LampHead = Point & { strength: number }

/** Guard rail, snow poles, signs and lamps; returns the lamps. */
export function drawRoadside(
  sheet: Sheet,
  place: Place,
  terrain: Terrain,
  course: RoadCourse,
  season: Season,
): LampHead[] {
  const { lens, road, uphill, portalM } = place
  const random = createRandom(`${place.seed}/roadside`)
  const end = Math.min(road.crestM + 12, (portalM ?? 1000) - 1.5, 260)
  const beside = (z: number, side: -1 | 1, metres: number): Point => {
    const x = course.middleAt(z) + side * (road.halfWidthM + metres)
    return { x, y: terrain.heightAt(x, z), z }
  }
  const railSide: -1 | 1 = uphill === 0 ? (random.chance(0.5) ? 1 : -1) : uphill === 1 ? -1 : 1
  const lamps: LampHead[] = []

  if (place.hasSnowPoles) snowPoles()
  if (place.hasGuardRail) guardRail()
  if (place.hasStreetLamps) streetLamps()
  drawSigns(sheet, place, beside, railSide === 1 ? -1 : 1)
  return lamps

  /** Two-metre poles that show the plough where the road is, red and white or wood. */
  function snowPoles() {
    const isWood = random.chance(0.35)
    const bands: Paint = (stuff, _s, t) => {
      const isRed = !isWood && (Math.floor(t / 0.5) & 1) === 0
      stuff.red = isRed ? 186 : isWood ? 120 : 222
      stuff.green = isRed ? 52 : isWood ? 96 : 220
      stuff.blue = isRed ? 40 : isWood ? 70 : 214
      stuff.kind = isWood ? Kind.building : Kind.reflector
      return true
    }
    for (let z = 132; z > 9; z -= 20) {
      for (const side of [-1, 1] as const) {
        if (z > end) continue
        const foot = beside(z, side, 1.1)
        drawPole(sheet, lens, { ...foot, y: foot.y - 0.2 }, 2.3 + season.bankM * 0.4, 0.085, bands)
      }
    }
  }

  /** Steel of the usual W profile, 0.75 m high, a post every four metres. */
  function guardRail() {
    const from = random.between(9, 18)
    const step = 4
    const profile: Paint = (stuff, s, t) => {
      const wave = 0.62 + 0.38 * Math.cos((t / 0.31) * Math.PI * 4)
      const rust = noise(s * 2 + from, t * 9) > 0.78 ? 0.82 : 1
      const light = (150 + 66 * wave) * rust
      stuff.red = light
      stuff.green = light * 0.99
      stuff.blue = light * (rust < 1 ? 0.9 : 1.02)
      stuff.kind = Kind.reflector
      return true
    }
    const post = plainPaint(120, 118, 114)
    for (let z = from + step * Math.floor((end - from) / step); z >= from; z -= step) {
      const a = beside(z, railSide, 0.75)
      const b = beside(z + step, railSide, 0.75)
      drawPole(sheet, lens, { ...a, y: a.y - 0.3 }, 0.95, 0.1, post)
      const corner = { x: a.x, y: a.y + 0.42, z: a.z }
      drawFace(
        sheet,
        lens,
        { corner, along: { x: b.x - a.x, y: b.y - a.y, z: step }, up: { x: 0, y: 0.31, z: 0 } },
        profile,
      )
    }
  }

  function streetLamps() {
    const side: -1 | 1 = random.chance(0.5) ? 1 : -1
    const post = plainPaint(84, 88, 90)
    for (let z = 88; z > 10; z -= 23) {
      const foot = beside(z, side, 1.4)
      const head = { x: foot.x - side * 1.5, y: foot.y + 6.2, z }
      drawPole(sheet, lens, foot, 6.3, 0.13, post)
      drawFace(
        sheet,
        lens,
        {
          corner: { x: Math.min(foot.x, head.x), y: foot.y + 6.2, z },
          along: { x: 1.5, y: 0, z: 0 },
          up: { x: 0, y: 0.09, z: 0 },
        },
        post,
      )
      drawFace(
        sheet,
        lens,
        {
          corner: { x: head.x - 0.35, y: head.y - 0.16, z: z - 0.05 },
          along: { x: 0.7, y: 0, z: 0 },
          up: { x: 0, y: 0.16, z: 0 },
        },
        plainPaint(206, 208, 204, Kind.lamp),
      )
      lamps.push({ ...head, strength: 1 })
    }
  }
}
