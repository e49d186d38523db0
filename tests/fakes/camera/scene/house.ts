import { drawFace, type Paint } from './faces.ts'
import { Kind } from './layers.ts'
import type { Point } from './lens.ts'
import { noise } from './noise.ts'
import type { Place } from './place.ts'
import type { Season } from './season.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { Sheet } from './sheet.ts'

type Colour = readonly [red: number, green: number, blue: number]

export const PLASTERS: readonly [Colour, ...Colour[]] = [
  [206, 188, 156],
  [196, 172, 134],
  [214, 204, 186],
  [186, 168, 146],
  [202, 164, 128],
  [176, 166, 150],
]
export const SHUTTERS: readonly [Colour, ...Colour[]] = [
  [92, 116, 124],
  [104, 78, 58],
  [88, 108, 84],
  [120, 128, 134],
  [132, 62, 50],
  [96, 108, 136],
]
export const TILES: Colour = [168, 112, 82]
export const SLATE: Colour = [96, 98, 104]
const TIMBER: Colour = [112, 82, 56]

export type House = {
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

/** A house with its gable to the camera: the long wall that one sees, the roof, the gable. */
export function drawHouse(sheet: Sheet, place: Place, house: House, season: Season, random: SeededRandom) {
  const { lens } = place
  const { at, side, widthM, depthM, heightM, roofM } = house
  const near = at.z
  const inner = at.x
  const outer = at.x + side * widthM
  const left = Math.min(inner, outer)
  const top = at.y + heightM
  const overhang = 0.45
  const wall = wallPaint(house, random)
  const middle = left + widthM / 2
  const roof = roofPaint(house, season)

  // Of the long walls one sees the one nearer to the middle of the picture.
  const flankX = Math.abs(inner) < Math.abs(outer) ? inner : outer
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
