import { Kind, LAYERS_HEIGHT, LAYERS_WIDTH } from './layers.ts'
import { columnOf, type Lens, type Point, rowOf } from './lens.ts'
import { layPixel, type Sheet, type Stuff } from './sheet.ts'

/** A flat four-sided piece of the world: a corner, and the two edges that leave it, in metres. */
export type Face = { corner: Point; along: Point; up: Point }

/**
 * Colours a point of a face, `s` metres along and `t` metres up: writes into the stuff. False: nothing is there, one sees
 * through. `grain`: metres that a pixel covers.
 */
export type Paint = (stuff: Stuff, s: number, t: number, grain: number) => boolean

/** Draws a face where nothing nearer hides it, with soft edges. Faces that reach behind the camera are left out. */
export function drawFace(sheet: Sheet, lens: Lens, { corner, along, up }: Face, paint: Paint) {
  const second = sum(corner, along)
  const corners = [corner, second, sum(second, up), sum(corner, up)] as const
  if (corners.some((point) => point.z < 1.5)) return
  const seen = (point: Point) => ({ x: columnOf(lens, point), y: rowOf(lens, point) })
  const flat = [seen(corners[0]), seen(corners[1]), seen(corners[2]), seen(corners[3])] as const
  const left = Math.max(0, Math.floor(Math.min(...flat.map(({ x }) => x))))
  const right = Math.min(LAYERS_WIDTH - 1, Math.ceil(Math.max(...flat.map(({ x }) => x))))
  const top = Math.max(0, Math.floor(Math.min(...flat.map(({ y }) => y))))
  const bottom = Math.min(LAYERS_HEIGHT - 1, Math.ceil(Math.max(...flat.map(({ y }) => y))))
  if (left > right || top > bottom) return
  const edges = edgesOf(...flat)

  const normal = cross(along, up)
  const eyeToCorner = { x: corner.x, y: corner.y - lens.heightM, z: corner.z }
  const height = dot(normal, eyeToCorner)
  const facing = height > 0 ? -1 : 1
  const size = Math.hypot(normal.x, normal.y, normal.z)
  const alongLength = Math.hypot(along.x, along.y, along.z)
  const upLength = Math.hypot(up.x, up.y, up.z)
  const stuff: Stuff = {
    red: 0,
    green: 0,
    blue: 0,
    kind: Kind.building,
    normalX: (facing * normal.x) / size,
    normalZ: (facing * normal.z) / size,
  }

  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const share = shareInside(edges, column + 0.5, row + 0.5)
      if (share <= 0) continue
      const ray = {
        x: (column + 0.5 - LAYERS_WIDTH / 2) / lens.focal,
        y: (lens.horizon - row - 0.5) / lens.focal,
        z: 1,
      }
      const slant = dot(normal, ray)
      const metres = height / slant
      if (!(metres > 0.5)) continue
      const x = ray.x * metres - eyeToCorner.x
      const y = ray.y * metres - eyeToCorner.y
      const z = metres - eyeToCorner.z
      const s = (x * along.x + y * along.y + z * along.z) / alongLength
      const t = (x * up.x + y * up.y + z * up.z) / upLength
      if (paint(stuff, s, t, metres / lens.focal)) layPixel(sheet, column, row, metres, share, stuff)
    }
  }
}

/** A colour, a little uneven, for things too small for more. */
export const plainPaint = (red: number, green: number, blue: number, kind: Kind = Kind.building): Paint => {
  return (stuff) => {
    stuff.red = red
    stuff.green = green
    stuff.blue = blue
    stuff.kind = kind
    return true
  }
}

/** A thin upright thing that always shows its breadth: a pole. */
export function drawPole(sheet: Sheet, lens: Lens, foot: Point, heightM: number, breadthM: number, paint: Paint) {
  const corner = { x: foot.x - breadthM / 2, y: foot.y, z: foot.z }
  drawFace(sheet, lens, { corner, along: { x: breadthM, y: 0, z: 0 }, up: { x: 0, y: heightM, z: 0 } }, paint)
}

type Edge = { a: number; b: number; c: number }
type Edges = [Edge, Edge, Edge, Edge]
type Flat = { x: number; y: number }

/** The edges as signed distances, positive inside; the picture may show either side of the face. */
function edgesOf(one: Flat, two: Flat, three: Flat, four: Flat): Edges {
  const area = (two.x - one.x) * (four.y - one.y) - (two.y - one.y) * (four.x - one.x)
  const turn = area > 0 ? 1 : -1
  const edge = (from: Flat, to: Flat): Edge => {
    const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
    const a = (-turn * (to.y - from.y)) / length
    const b = (turn * (to.x - from.x)) / length
    return { a, b, c: -(a * from.x + b * from.y) }
  }
  return [edge(one, two), edge(two, three), edge(three, four), edge(four, one)]
}

/** How much of a pixel lies inside, from the distances of its middle to the edges; slivers thinner than a pixel too. */
function shareInside([one, two, three, four]: Edges, x: number, y: number): number {
  const acrossOne = depthIn(one, x, y) + depthIn(three, x, y) - 1
  if (acrossOne <= 0) return 0
  const acrossTwo = depthIn(two, x, y) + depthIn(four, x, y) - 1
  return acrossTwo <= 0 ? 0 : acrossOne * acrossTwo
}

const depthIn = ({ a, b, c }: Edge, x: number, y: number): number => Math.min(1, Math.max(0, a * x + b * y + c + 0.5))

const sum = (one: Point, other: Point): Point => ({ x: one.x + other.x, y: one.y + other.y, z: one.z + other.z })
const dot = (one: Point, other: Point): number => one.x * other.x + one.y * other.y + one.z * other.z
const cross = (one: Point, other: Point): Point => ({
  x: one.y * other.z - one.z * other.y,
  y: one.z * other.x - one.x * other.z,
  z: one.x * other.y - one.y * other.x,
})
