/** A point of a picture, from (0, 0) at its top left to (1, 1) at its bottom right, whatever its size. */
export type Point = readonly [x: number, y: number]
export type Polygon = readonly Point[]

/** What a mask document may hold (firmware-config/schema/src/site-document.ts). */
export const POINTS_MIN = 3
export const POINTS_MAX = 64

/** A finger leaves a thousandth of a picture unseen; more digits would only make the document longer. */
const rounded = (share: number) => Math.round(Math.min(1, Math.max(0, share)) * 1000) / 1000

/** The point in the picture that is nearest to one that may lie beside it. */
export const inPicture = ([x, y]: Point): Point => [rounded(x), rounded(y)]

const distance = ([ax, ay]: Point, [bx, by]: Point) => Math.hypot(ax - bx, ay - by)

/** Edges in order; the last leads back to the first point. */
function edgesOf(polygon: Polygon): [from: Point, to: Point][] {
  return polygon.map((point, index) => [point, polygon[(index + 1) % polygon.length] ?? point])
}

/** Whether a point lies inside, by the even-odd rule, as the unit fills it. */
export function contains(polygon: Polygon, [x, y]: Point): boolean {
  let isInside = false
  for (const [[ax, ay], [bx, by]] of edgesOf(polygon)) {
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) isInside = !isInside
  }
  return isInside
}

/** The area as a share of the picture. */
export function areaOf(polygon: Polygon): number {
  const twice = edgesOf(polygon).reduce((sum, [[ax, ay], [bx, by]]) => sum + (ax * by - bx * ay), 0)
  return Math.abs(twice) / 2
}

/** On which side of a line a point lies: positive, negative, or zero on it. */
const side = ([ax, ay]: Point, [bx, by]: Point, [x, y]: Point) => (bx - ax) * (y - ay) - (by - ay) * (x - ax)

function crosses(a: Point, b: Point, c: Point, d: Point): boolean {
  const [ofC, ofD, ofA, ofB] = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)]
  if (ofC * ofD < 0 && ofA * ofB < 0) return true
  const isOn = (from: Point, to: Point, [x, y]: Point) =>
    x >= Math.min(from[0], to[0]) &&
    x <= Math.max(from[0], to[0]) &&
    y >= Math.min(from[1], to[1]) &&
    y <= Math.max(from[1], to[1])
  return (
    (ofC === 0 && isOn(a, b, c)) ||
    (ofD === 0 && isOn(a, b, d)) ||
    (ofA === 0 && isOn(c, d, a)) ||
    (ofB === 0 && isOn(c, d, b))
  )
}

/** Whether two edges that are no neighbours touch: by the even-odd rule a part of what was circled would stay open. */
export function crossesItself(polygon: Polygon): boolean {
  const edges = edgesOf(polygon)
  return edges.some(([a, b], index) =>
    edges.some(([c, d], other) => {
      if (other <= index + 1 || (index === 0 && other === edges.length - 1)) return false
      return crosses(a, b, c, d)
    }),
  )
}

/** How far a point lies from a line between two others. */
function distanceToEdge(point: Point, [from, to]: readonly [Point, Point]): number {
  return distance(point, nearestOnEdge(point, [from, to]))
}

function nearestOnEdge([x, y]: Point, [[ax, ay], [bx, by]]: readonly [Point, Point]): Point {
  const square = (bx - ax) ** 2 + (by - ay) ** 2
  const along = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / square))
  return [ax + along * (bx - ax), ay + along * (by - ay)]
}

/** Leaves out the points of an open line that lie nearer than so much to what remains (Ramer, Douglas, Peucker). */
function simplifyLine(line: Polygon, within: number): Point[] {
  const [first, last] = [line[0], line.at(-1)]
  if (first === undefined || last === undefined || line.length < 3) return [...line]
  let farthest = { index: 0, distance: 0 }
  for (const [index, point] of line.entries()) {
    const away = distanceToEdge(point, [first, last])
    if (away > farthest.distance) farthest = { index, distance: away }
  }
  if (farthest.distance <= within) return [first, last]
  const before = simplifyLine(line.slice(0, farthest.index + 1), within)
  return [...before.slice(0, -1), ...simplifyLine(line.slice(farthest.index), within)]
}

/** Less than this share of the picture is a slip of the finger. */
const AREA_MIN = 0.0002
/** A finger's outline is kept to a hundredth of the picture, and coarser while it has more points than a document may hold. */
const NEAR = 0.01

/**
 * Makes a polygon of what a finger drew: closed, in the picture, with as few points as show its shape.
 * @returns null when it has no area: a tap, or a line
 */
export function polygonFromStroke(stroke: Polygon): Point[] | null {
  const drawn = stroke.map(inPicture)
  const [first] = drawn
  if (first === undefined) return null
  // Cut in two at the point farthest from the beginning: a closed line has no two ends of its own.
  const farthest = drawn.reduce((best, point, index) => {
    const known = drawn[best]
    return known !== undefined && distance(first, point) > distance(first, known) ? index : best
  }, 0)
  for (let within = NEAR; ; within *= 1.5) {
    const there = simplifyLine(drawn.slice(0, farthest + 1), within)
    const back = simplifyLine([...drawn.slice(farthest), first], within)
    const polygon = [...there.slice(0, -1), ...back.slice(0, -1)]
    if (polygon.length > POINTS_MAX) continue
    return polygon.length >= POINTS_MIN && areaOf(polygon) >= AREA_MIN ? polygon : null
  }
}

/** The point of a polygon that is nearest, if one is within reach; distances in shares, `stretch` x to y. */
export function nearestCorner(polygon: Polygon, at: Point, within: number, stretch = 1): number | null {
  let best: { index: number; away: number } | null = null
  for (const [index, [x, y]] of polygon.entries()) {
    const away = Math.hypot((x - at[0]) * stretch, y - at[1])
    if (away <= within && (best === null || away < best.away)) best = { index, away }
  }
  return best?.index ?? null
}

/** Halfway between a corner and the next: where a new one can be pulled out. */
export function middleAfter(polygon: Polygon, index: number): Point {
  const [from, to] = [polygon[index] ?? [0, 0], polygon[(index + 1) % polygon.length] ?? [0, 0]]
  return inPicture([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2])
}
