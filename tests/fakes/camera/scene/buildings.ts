import { drawFace, type Paint } from './faces.ts'
import { Kind } from './layers.ts'
import type { Point } from './lens.ts'
import { noise } from './noise.ts'
import type { Place } from './place.ts'
import type { RoadCourse } from './road-course.ts'
import type { Season } from './season.ts'
import { createRandom, type SeededRandom } from './seeded-random.ts'
import type { Sheet } from './sheet.ts'
import type { Terrain } from './terrain.ts'

type Colour = readonly [red: number, green: number, blue: number]

const PLASTERS: readonly [Colour, ...Colour[]] = [
  [206, 188, 156],
  [196, 172, 134],
  [214, 204, 186],
  [186, 168, 146],
  [202, 164, 128],
  [176, 166, 150],
]
const SHUTTERS: readonly [Colour, ...Colour[]] = [
  [92, 116, 124],
  [104, 78, 58],
  [88, 108, 84],
  [120, 128, 134],
  [132, 62, 50],
  [96, 108, 136],
]
const TILES: Colour = [168, 112, 82]
const SLATE: Colour = [96, 98, 104]
const TIMBER: Colour = [112, 82, 56]

type House = {
  /** The corner next to the road and the camera. */
  at: Point
  /** From the road away from it, -1 to the left. */
  side: -1 | 1
  widthM: number
  depthM: number
  heightM: number
  roofM: number
  plaster: Colour
  shutters: Colour
  roof: Colour
  isChalet: boolean
}

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
    const foot = Math.min(terrain.heightAt(x, z), terrain.heightAt(x + side * widthM, z), course.heightAt(z) + 1)
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

function drawHouse(sheet: Sheet, place: Place, house: House, season: Season, random: SeededRandom) {
  const { lens } = place
  const { at, side, widthM, depthM, heightM, roofM } = house
  const near = at.z
  const far = at.z + depthM
  const inner = at.x
  const outer = at.x + side * widthM
  const left = Math.min(inner, outer)
  const top = at.y + heightM
  const overhang = 0.45
  const wall = wallPaint(house, random)
  // The ridge runs beside the road, so that the gable looks at the camera, or across it.
  const middle = left + widthM / 2
  const roof = roofPaint(house, season)

  const flankX = lensSide(inner, outer)
  drawFace(
    sheet,
    lens,
    { corner: { x: flankX, y: at.y, z: near }, along: { x: 0, y: 0, z: depthM }, up: { x: 0, y: heightM, z: 0 } },
    wall,
  )
  for (const slopeSide of [-1, 1] as const) {
    const eaves = middle + slopeSide * (widthM / 2 + overhang)
    drawFace(
      sheet,
      lens,
      {
        corner: { x: eaves, y: top - 0.1, z: near - overhang },
        along: { x: 0, y: 0, z: depthM + 2 * overhang },
        up: { x: middle - eaves, y: roofM + 0.1, z: 0 },
      },
      roof,
    )
  }
  const gable: Paint = (stuff, s, t, grain) => {
    const over = t - heightM
    if (over > 0 && Math.abs(s - widthM / 2) > (widthM / 2) * (1 - over / roofM)) return false
    return wall(stuff, s, t, grain)
  }
  drawFace(
    sheet,
    lens,
    { corner: { x: left, y: at.y, z: near }, along: { x: widthM, y: 0, z: 0 }, up: { x: 0, y: heightM + roofM, z: 0 } },
    gable,
  )

  /** The long wall that the camera sees: the one nearer to the middle of the picture. */
  function lensSide(one: number, other: number): number {
    return Math.abs(one) < Math.abs(other) ? one : other
  }
  void far
}

function wallPaint({ plaster, shutters, isChalet, heightM }: House, random: SeededRandom): Paint {
  const bay = random.between(2.3, 3)
  const floor = random.between(2.5, 2.9)
  const offset = random.between(0.3, 1)
  const lit = random.between(0, 50)
  return (stuff, s, t, grain) => {
    const storey = Math.floor(t / floor)
    const inFloor = t - storey * floor
    const column = Math.floor((s - offset) / bay)
    const inBay = s - offset - column * bay
    const isTimber = isChalet && t > heightM * 0.45
    const [red, green, blue] = isTimber ? TIMBER : plaster
    const stain = 0.86 + 0.2 * noise(s * 0.9 + lit, t * 0.7) + 0.1 * (noise(s * 6, t * 6) - 0.5) - (t < 0.7 ? 0.12 : 0)
    const planks = isTimber ? 0.9 + 0.12 * ((s * 5) % 1 > 0.15 ? 1 : 0) : 1
    stuff.red = red * stain * planks
    stuff.green = green * stain * planks
    stuff.blue = blue * stain * planks
    stuff.kind = Kind.building
    const isWindowRow = inFloor > 0.75 && inFloor < 2.05 && t < heightM - 0.3
    if (!isWindowRow || grain > 0.9 || noise(column * 7.7 + lit, storey * 5.3) < 0.24) return true
    const fromMiddle = Math.abs(inBay - bay / 2)
    if (fromMiddle < 0.42) {
      const isFrame = fromMiddle < 0.04 || fromMiddle > 0.37 || Math.abs(inFloor - 1.5) < 0.04
      stuff.red = isFrame ? 196 : 44
      stuff.green = isFrame ? 190 : 52
      stuff.blue = isFrame ? 180 : 62
      const isLit = noise(column * 3.1 + lit * 2, storey * 9.7) > 0.62
      stuff.kind = isFrame ? Kind.building : isLit ? Kind.window : Kind.building
    } else if (fromMiddle < 0.82 && !isTimber) {
      const slats = 0.86 + 0.14 * ((inFloor * 9) % 1 > 0.3 ? 1 : 0)
      stuff.red = shutters[0] * slats
      stuff.green = shutters[1] * slats
      stuff.blue = shutters[2] * slats
    }
    return true
  }
}

function roofPaint({ roof }: House, season: Season): Paint {
  return (stuff, s, t, grain) => {
    const rows = grain < 0.12 ? 0.86 + 0.2 * ((t * 3.2) % 1 > 0.25 ? 1 : 0.4) : 0.95
    const worn = (0.8 + 0.4 * noise(s * 1.7, t * 2.3)) * rows
    const white = Math.max(season.branchSnow, season.groundSnow > 0.8 ? 0.8 : 0)
    const isSnow = noise(s * 0.8 + 40, t * 1.1) < white * 1.25
    stuff.red = isSnow ? 232 : roof[0] * worn
    stuff.green = isSnow ? 236 : roof[1] * worn
    stuff.blue = isSnow ? 242 : roof[2] * worn
    stuff.kind = Kind.building
    return true
  }
}

/** A bell tower over the roofs, somewhere down the street. */
function drawChurch(sheet: Sheet, place: Place, terrain: Terrain, season: Season, random: SeededRandom) {
  const z = random.between(120, 170)
  const x = random.between(-0.28, 0.28) * z
  const wide = 5.5
  const high = random.between(17, 22)
  const y = terrain.heightAt(x, z) - 1
  const stone: Paint = (stuff, s, t) => {
    const light = 0.84 + 0.24 * noise(s * 1.4, t * 1.6)
    const isBelfry = t > high - 5 && t < high - 2 && Math.abs(s - wide / 2) < 0.8
    stuff.red = isBelfry ? 50 : 186 * light
    stuff.green = isBelfry ? 48 : 170 * light
    stuff.blue = isBelfry ? 46 : 144 * light
    stuff.kind = Kind.building
    return true
  }
  const spire: Paint = (stuff, s, t) => {
    if (Math.abs(s - wide / 2) > (wide / 2) * (1 - t / 6)) return false
    const isSnow = season.branchSnow > 0.4
    stuff.red = isSnow ? 224 : 112
    stuff.green = isSnow ? 228 : 104
    stuff.blue = isSnow ? 234 : 98
    stuff.kind = Kind.building
    return true
  }
  const corner = { x: x - wide / 2, y, z }
  const flank = { x: x > 0 ? corner.x : corner.x + wide, y, z }
  drawFace(sheet, place.lens, { corner: flank, along: { x: 0, y: 0, z: wide }, up: { x: 0, y: high, z: 0 } }, stone)
  drawFace(sheet, place.lens, { corner, along: { x: wide, y: 0, z: 0 }, up: { x: 0, y: high, z: 0 } }, stone)
  drawFace(
    sheet,
    place.lens,
    { corner: { ...corner, y: y + high }, along: { x: wide, y: 0, z: 0 }, up: { x: 0, y: 6, z: 0 } },
    spire,
  )
}

/** The pylons and the rope of a chair lift up the slope, with its chairs. */
function drawLift(sheet: Sheet, place: Place, terrain: Terrain, random: SeededRandom) {
  const side = place.uphill === 0 ? 1 : place.uphill
  const steel: Paint = (stuff) => {
    stuff.red = 128
    stuff.green = 132
    stuff.blue = 134
    stuff.kind = Kind.building
    return true
  }
  const from = { x: side * random.between(16, 26), z: random.between(70, 95) }
  const to = { x: side * random.between(120, 200), z: random.between(330, 420) }
  const count = 6
  let last: Point | undefined
  for (let index = count; index >= 0; index--) {
    const share = index / count
    const x = from.x + (to.x - from.x) * share
    const z = from.z + (to.z - from.z) * share
    const foot = { x, y: terrain.heightAt(x, z) - 1, z }
    const head = { x, y: foot.y + 12, z }
    drawFace(
      sheet,
      place.lens,
      { corner: { x: x - 0.35, y: foot.y, z }, along: { x: 0.7, y: 0, z: 0 }, up: { x: 0, y: 12, z: 0 } },
      steel,
    )
    drawFace(
      sheet,
      place.lens,
      { corner: { x: x - 2.4, y: head.y - 0.3, z }, along: { x: 4.8, y: 0, z: 0 }, up: { x: 0, y: 0.5, z: 0 } },
      steel,
    )
    if (last !== undefined) {
      for (const arm of [-2.2, 2.2]) {
        const corner = { x: head.x + arm, y: head.y, z: head.z }
        drawFace(
          sheet,
          place.lens,
          {
            corner,
            along: { x: last.x - head.x, y: last.y - head.y, z: last.z - head.z },
            up: { x: 0, y: 0.12, z: 0 },
          },
          steel,
        )
        for (const at of [0.2, 0.55, 0.85]) {
          const chair = {
            x: corner.x + (last.x - head.x) * at - 0.8,
            y: corner.y + (last.y - head.y) * at - 2.6,
            z: corner.z + (last.z - head.z) * at,
          }
          drawFace(
            sheet,
            place.lens,
            { corner: chair, along: { x: 1.6, y: 0, z: 0 }, up: { x: 0, y: 0.9, z: 0 } },
            steel,
          )
        }
      }
    }
    last = head
  }
}
