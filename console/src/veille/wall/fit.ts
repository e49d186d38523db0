/** What the wall has room for. All in CSS pixels. */
export type Room = { width: number; height: number }
export type Counts = { now: number; soon: number; calm: number }

/** How the wall is divided: the left part for what needs somebody, tiles across in each zone. */
export type Fit = {
  /** Width of the left part; 0 when nothing needs anybody. */
  leftPx: number
  nowColumns: number
  soonColumns: number
  calmColumns: number
  /** False when the tiles are at their smallest and the wall must be scrolled. */
  isWhole: boolean
}

/** Between tiles; the same as --gap in wall.css. */
export const GAP_PX = 8
const BETWEEN_PARTS_PX = 24
const HEADING_PX = 32
/** Under the picture of a tile: two lines, and four where somebody is needed. */
const CAPTION_PX = { now: 84, soon: 40, calm: 40 }
/** A narrower picture says nothing. */
const SMALLEST_PX = 92
const SHARES = [0.26, 0.3, 0.34, 0.4, 0.46, 0.52, 0.6, 0.68, 0.76]
/** A tile in need is at least that much wider than a calm one, as far as there is room. */
const NEED_IS_WIDER = 1.7

/**
 * Divides the wall so that every tile is seen without scrolling, as large as can be, and those in need larger. It
 * depends on nothing but how many tiles each zone has and on the room: an update of a picture moves nothing.
 */
export function fitWall(room: Room, counts: Counts): Fit {
  const needed = counts.now + counts.soon
  if (needed === 0) return all(room, counts.calm)
  if (counts.calm === 0) return divide(room, counts, room.width) ?? smallest(room, counts)
  const fits = SHARES.map((share) => divide(room, counts, Math.round(room.width * share))).filter((fit) => fit !== null)
  const [best] = fits.toSorted((a, b) => worthOf(room, counts, b) - worthOf(room, counts, a))
  return best ?? smallest(room, counts)
}

function all(room: Room, calm: number): Fit {
  const columns = columnsFor([{ count: calm, caption: CAPTION_PX.calm }], room.width, room.height)
  return {
    leftPx: 0,
    nowColumns: 1,
    soonColumns: 1,
    calmColumns: columns?.[0] ?? smallestColumns(room.width),
    isWhole: columns !== null,
  }
}

function divide(room: Room, { now, soon, calm }: Counts, leftPx: number): Fit | null {
  const left = columnsFor(
    [
      { count: now, caption: CAPTION_PX.now },
      { count: soon, caption: CAPTION_PX.soon },
    ],
    leftPx,
    room.height,
  )
  const right = columnsFor(
    [{ count: calm, caption: CAPTION_PX.calm }],
    room.width - leftPx - BETWEEN_PARTS_PX,
    room.height,
  )
  if (left === null || right === null) return null
  const [nowColumns = 1, soonColumns = 1] = left
  return { leftPx, nowColumns, soonColumns, calmColumns: right[0] ?? 1, isWhole: true }
}

function smallest(room: Room, counts: Counts): Fit {
  const leftPx = counts.calm === 0 ? room.width : Math.round(room.width / 2)
  return {
    leftPx,
    nowColumns: Math.max(1, Math.floor(smallestColumns(leftPx) / 2)),
    soonColumns: smallestColumns(leftPx),
    calmColumns: smallestColumns(room.width - leftPx - BETWEEN_PARTS_PX),
    isWhole: false,
  }
}

/** The fewest columns, so the largest tiles, with which groups one under the other fit; the second is twice as dense. */
function columnsFor(groups: { count: number; caption: number }[], width: number, height: number): number[] | null {
  for (let columns = 1; columns <= smallestColumns(width); columns += 1) {
    const dense = groups.map((_, index) => Math.min(columns * (index + 1), smallestColumns(width)))
    const heights = groups.map(({ count, caption }, index) => heightOf(count, dense[index] ?? 1, caption, width))
    if (heights.reduce((sum, one) => sum + one, 0) <= height) return dense
  }
  return null
}

function heightOf(count: number, columns: number, caption: number, width: number): number {
  if (count === 0) return 0
  return HEADING_PX + Math.ceil(count / columns) * (tileWidth(width, columns) * (9 / 16) + caption + GAP_PX)
}

const smallestColumns = (width: number) => Math.max(1, Math.floor((width + GAP_PX) / (SMALLEST_PX + GAP_PX)))
const tileWidth = (width: number, columns: number) => (width - (columns - 1) * GAP_PX) / columns

function worthOf(room: Room, counts: Counts, fit: Fit): number {
  const calm = tileWidth(room.width - fit.leftPx - BETWEEN_PARTS_PX, fit.calmColumns)
  const now = counts.now > 0 ? tileWidth(fit.leftPx, fit.nowColumns) : Number.POSITIVE_INFINITY
  const soon = counts.soon > 0 ? tileWidth(fit.leftPx, fit.soonColumns) : Number.POSITIVE_INFINITY
  return Math.min(now / NEED_IS_WIDER, soon, calm)
}
