/** A point in pixels: (0, 0) is the picture's top left corner, pixel (x, y) has its centre at (x + 0.5, y + 0.5). */
export type PointPx = readonly [x: number, y: number]

/** A run of pixels in one row: from `from`, to `to` exclusive. */
export type Span = { y: number; from: number; to: number }

type Interval = readonly [from: number, to: number]

/** Makes up for rounding where a centre lies on an edge: 1e-6 px too much is nothing, 1e-6 too little uncovers a pixel. */
const ROUNDING_PX = 1e-6

/**
 * The pixels of a polygon grown by `growPx` on all sides: exactly those whose centre lies in the polygon or within
 * `growPx` of one of its edges, as runs, row by row, that do not overlap.
 *
 * Inside means a winding number other than zero: where a polygon crosses itself the overlap is covered, not left open.
 * Points on one line, or all the same, give a thick line or a disc. Throws a RangeError on a coordinate that is no
 * number: what cannot be drawn must not count as drawn.
 */
export function polygonSpans(
  polygon: readonly PointPx[],
  size: { widthPx: number; heightPx: number },
  growPx: number,
): Span[] {
  if (polygon.length === 0 || !polygon.every(([x, y]) => Number.isFinite(x) && Number.isFinite(y))) {
    throw new RangeError('a polygon needs points whose coordinates are numbers')
  }
  const edges = polygon.map((start, index) => [start, polygon[(index + 1) % polygon.length] ?? start] as const)
  const heights = polygon.map(([, y]) => y)
  const firstRow = Math.max(0, Math.floor(Math.min(...heights) - growPx - 1))
  const lastRow = Math.min(size.heightPx - 1, Math.ceil(Math.max(...heights) + growPx))
  const spans: Span[] = []
  for (let y = firstRow; y <= lastRow; y++) {
    const centreY = y + 0.5
    const intervals = [
      ...insideAt(edges, centreY),
      ...edges.flatMap(([start, end]) => nearEdgeAt(start, end, centreY, growPx + ROUNDING_PX)),
    ]
    for (const [left, right] of united(intervals)) {
      const from = Math.max(0, Math.ceil(left - 0.5))
      const to = Math.min(size.widthPx, Math.floor(right - 0.5) + 1)
      if (from < to) spans.push({ y, from, to })
    }
  }
  return spans
}

/** Where the horizontal line at `y` runs inside the polygon, by the winding number. */
function insideAt(edges: ReadonlyArray<readonly [PointPx, PointPx]>, y: number): Interval[] {
  const crossings: Array<{ x: number; turn: 1 | -1 }> = []
  for (const [[startX, startY], [endX, endY]] of edges) {
    if (startY <= y === endY <= y) continue
    const x = startX + ((y - startY) / (endY - startY)) * (endX - startX)
    crossings.push({ x, turn: startY <= y ? 1 : -1 })
  }
  crossings.sort((one, other) => one.x - other.x)
  const intervals: Interval[] = []
  let winding = 0
  let enteredAt = 0
  for (const { x, turn } of crossings) {
    if (winding === 0) enteredAt = x
    winding += turn
    if (winding === 0) intervals.push([enteredAt, x])
  }
  return intervals
}

/**
 * Where the horizontal line at `y` runs within `reach` of one edge. That neighbourhood (a stadium) is convex, so it is
 * one interval: what the discs around both ends and the band along the edge leave on the line, put together.
 */
function nearEdgeAt([startX, startY]: PointPx, [endX, endY]: PointPx, y: number, reach: number): Interval[] {
  const parts: Interval[] = []
  for (const [x, centreY] of [
    [startX, startY],
    [endX, endY],
  ] as const) {
    const rise = Math.abs(y - centreY)
    if (rise > reach) continue
    const half = Math.sqrt(reach * reach - rise * rise)
    parts.push([x - half, x + half])
  }
  const alongX = endX - startX
  const alongY = endY - startY
  const length = Math.hypot(alongX, alongY)
  if (length > 0) {
    // A point (x, y) is in the band when it lies across from the edge (0 <= t <= 1) and not further than `reach` from it.
    const across = bounded(alongX / length, ((y - startY) * alongY) / length - (startX * alongX) / length, 0, length)
    const aside = bounded(
      alongY / length,
      -((y - startY) * alongX) / length - (startX * alongY) / length,
      -reach,
      reach,
    )
    if (across && aside) {
      const from = Math.max(across[0], aside[0])
      const to = Math.min(across[1], aside[1])
      if (from <= to) parts.push([from, to])
    }
  }
  if (parts.length === 0) return []
  return [[Math.min(...parts.map(([from]) => from)), Math.max(...parts.map(([, to]) => to))]]
}

/** The x for which low <= slope × x + offset <= high; null when there is none. */
function bounded(slope: number, offset: number, low: number, high: number): Interval | null {
  if (slope === 0) return offset >= low && offset <= high ? [-Infinity, Infinity] : null
  const one = (low - offset) / slope
  const other = (high - offset) / slope
  return one < other ? [one, other] : [other, one]
}

/** The same points in as few intervals as will do. */
function united(intervals: Interval[]): Interval[] {
  const sorted = [...intervals].sort(([one], [other]) => one - other)
  const result: Interval[] = []
  for (const [from, to] of sorted) {
    const last = result.at(-1)
    if (last && from <= last[1]) result[result.length - 1] = [last[0], Math.max(last[1], to)]
    else result.push([from, to])
  }
  return result
}
