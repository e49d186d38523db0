import { GLYPH_ADVANCE, GLYPH_HEIGHT, litPoints } from '../picture/lettering.ts'
import { drawFace, drawPole, type Paint, plainPaint } from './faces.ts'
import { Kind } from './layers.ts'
import type { Point } from './lens.ts'
import type { Place } from './place.ts'
import { createRandom, type SeededRandom } from './seeded-random.ts'
import type { Sheet } from './sheet.ts'

type Colour = readonly [red: number, green: number, blue: number]
type Board = { text: string; widthM: number; heightM: number; edge: Colour; field: Colour; ink: Colour }

const WHITE: Colour = [236, 236, 230]
const BLACK: Colour = [34, 36, 40]
const RED: Colour = [178, 40, 36]
const GREEN: Colour = [38, 96, 66]

/** Towns that a sign at a crossroads may point to. */
const TOWNS = ['DIGNE', 'SISTERON', 'GAP', 'CASTELLANE', 'SEYNE', 'MANOSQUE', 'ANNOT', 'RIEZ', 'NICE'] as const
const VILLAGES = ['LE BOURG', 'VILLEVIEILLE', 'LA BLACHE', 'SAINT-PONS', 'LE VERNET', 'LE CHAFFAUT'] as const

const grey = plainPaint(150, 152, 154)

/** Signs on one side of the road. @param beside a point on the ground, metres from the asphalt's edge */
export function drawSigns(
  sheet: Sheet,
  place: Place,
  beside: (z: number, side: -1 | 1, metres: number) => Point,
  side: -1 | 1,
) {
  const { lens, site } = place
  const random = createRandom(`${place.seed}/signs`)
  const foot = beside(random.between(17, 27), side, 1.7)
  if (site.kind === 'col')
    board(foot, 1.5, {
      text: `COL ${site.altitudeM} M`,
      widthM: 2.2,
      heightM: 0.6,
      edge: BLACK,
      field: WHITE,
      ink: BLACK,
    })
  else if (site.kind === 'ville')
    board(foot, 1.6, { text: random.pick(VILLAGES), widthM: 2.1, heightM: 0.6, edge: RED, field: WHITE, ink: BLACK })
  else if (site.kind === 'carrefour') crossroads(random)
  else if (random.chance(0.8)) triangle(foot)
  if (place.portalM !== undefined) triangle(beside(place.portalM - 12, side, 1.4))

  function crossroads(random: SeededRandom) {
    const size = { widthM: 1.9, heightM: 0.44 }
    board(foot, 1.7, {
      text: `${random.pick(TOWNS)} ${Math.round(random.between(8, 60))}`,
      ...size,
      edge: WHITE,
      field: GREEN,
      ink: WHITE,
    })
    board(foot, 2.2, {
      text: `${random.pick(VILLAGES)} ${Math.round(random.between(1, 7))}`,
      ...size,
      edge: BLACK,
      field: WHITE,
      ink: BLACK,
    })
  }

  function board(at: Point, aboveM: number, { text, widthM, heightM, edge, field, ink }: Board) {
    for (const share of [-0.32, 0.32])
      drawPole(sheet, lens, { ...at, x: at.x + widthM * share }, aboveM + heightM, 0.08, grey)
    const isInk = writtenOn(text, widthM, heightM)
    const paint: Paint = (stuff, s, t) => {
      const isEdge = Math.min(s, widthM - s, t, heightM - t) < 0.045
      const [red, green, blue] = isEdge ? edge : isInk(s, t) ? ink : field
      stuff.red = red
      stuff.green = green
      stuff.blue = blue
      stuff.kind = Kind.reflector
      return true
    }
    const corner = { x: at.x - widthM / 2, y: at.y + aboveM, z: at.z - 0.08 }
    drawFace(sheet, lens, { corner, along: { x: widthM, y: 0, z: 0 }, up: { x: 0, y: heightM, z: 0 } }, paint)
  }

  /** A warning triangle, white with a red edge. */
  function triangle(at: Point) {
    drawPole(sheet, lens, at, 2.1, 0.08, grey)
    const paint: Paint = (stuff, s, t) => {
      const inside = Math.min(t, ((0.5 - Math.abs(s - 0.5)) * 1.73 - t) * 0.5)
      if (inside < 0) return false
      const isMark = inside >= 0.09 && Math.abs(s - 0.5) < 0.05 && t > 0.2 && t < 0.5
      const [red, green, blue] = isMark ? BLACK : inside < 0.09 ? RED : WHITE
      stuff.red = red
      stuff.green = green
      stuff.blue = blue
      stuff.kind = Kind.reflector
      return true
    }
    const corner = { x: at.x - 0.5, y: at.y + 1.5, z: at.z - 0.08 }
    drawFace(sheet, lens, { corner, along: { x: 1, y: 0, z: 0 }, up: { x: 0, y: 0.87, z: 0 } }, paint)
  }
}

/** Whether a point of a board is part of its letters, which fill it but for a margin. */
function writtenOn(text: string, widthM: number, heightM: number): (s: number, t: number) => boolean {
  const lit = new Set([...litPoints(text)].map(({ x, y }) => y * 1000 + x))
  const columns = text.length * GLYPH_ADVANCE - 1
  const point = Math.min((widthM - 0.24) / columns, (heightM * 0.56) / GLYPH_HEIGHT)
  const left = (widthM - columns * point) / 2
  const top = (heightM + GLYPH_HEIGHT * point) / 2
  return (s, t) => {
    const x = Math.floor((s - left) / point)
    const y = Math.floor((top - t) / point)
    return x >= 0 && x < columns && y >= 0 && y < GLYPH_HEIGHT && lit.has(y * 1000 + x)
  }
}
