/** What the wall has room for, in CSS pixels. */
export type Room = { width: number; height: number }
/** One number for each zone: tiles, columns, widths. */
export type ByZone = { now: number; soon: number; calm: number }

/** How the wall is divided: the left part for what needs somebody, the right one for the rest. */
export type Fit = {
  /** Width of the left part; 0 when nothing needs anybody, the whole width when everything does. */
  leftPx: number
  columns: ByZone
  /** Width of a tile. */
  tilePx: ByZone
  /** False when tiles are at their smallest and the wall must be scrolled. */
  isWhole: boolean
}

/** Between tiles; `--gap` of wall.css. */
export const GAP_PX = 8
/** Between the two parts; the column gap of `.wall`. */
export const BETWEEN_PARTS_PX = 24
/** A zone's heading with the space under it; `.zone h2`. */
export const HEADING_PX = 32
/** What stands under the picture of a tile; `.tile-text`. */
export const CAPTION_PX: ByZone = { now: 78, soon: 40, calm: 40 }
/** A narrower picture says nothing. */
export const SMALLEST_PX = 92
/** In need, a tile is that much wider than a calm one as far as there is room: need is seen from three metres. */
const NEED_IS_WIDER = 1.8
const SHARES = Array.from({ length: 31 }, (_, index) => 0.2 + index * 0.02)

/**
 * Divides the wall so that every tile is seen without scrolling, as large as can be, those in need largest. It depends on
 * nothing but how many tiles each zone has and on the room: a new picture moves nothing.
 */
export function fitWall(room: Room, counts: ByZone): Fit {
  const hasNeed = counts.now + counts.soon > 0
  const shares = !hasNeed ? [0] : counts.calm === 0 ? [1] : SHARES
  const fits = shares.flatMap((share) => divisions(room, counts, Math.round(room.width * share)))
  const whole = fits.filter(({ tilePx }) => ZONES.every((zone) => counts[zone] === 0 || tilePx[zone] >= SMALLEST_PX))
  const [first, ...others] = whole
  if (first === undefined) return smallest(room, counts, hasNeed)
  return others.reduce((best, fit) => (worthOf(counts, fit) > worthOf(counts, best) ? fit : best), first)
}

const ZONES = ['now', 'soon', 'calm'] as const

/** The ways to fill one division of the width: each number of columns for what is in need, the best for the rest. */
function divisions(room: Room, counts: ByZone, leftPx: number): Fit[] {
  const rightPx = leftPx === 0 ? room.width : room.width - leftPx - BETWEEN_PARTS_PX
  const calm = largest('calm', counts.calm, rightPx, room.height)
  if (leftPx === 0) return [fitOf(leftPx, { columns: 1, px: calm.px }, { columns: 1, px: calm.px }, calm)]
  return upTo(mostColumns(leftPx)).flatMap((columns) => {
    if (counts.now === 0) return [fitOf(leftPx, calm, largest('soon', counts.soon, leftPx, room.height), calm)]
    return upTo(mostColumns(leftPx)).map((soonColumns) => {
      const { now, soon } = stack(room, counts, leftPx, columns, soonColumns)
      // A few calm sites beside many in need must not look the more important.
      return fitOf(leftPx, now, soon, { ...calm, px: Math.min(calm.px, now.px) })
    })
  })
}

type Tiles = { columns: number; px: number }

const fitOf = (leftPx: number, now: Tiles, soon: Tiles, calm: Tiles): Fit => ({
  leftPx,
  columns: { now: now.columns, soon: soon.columns, calm: calm.columns },
  tilePx: { now: Math.floor(now.px), soon: Math.floor(soon.px), calm: Math.floor(calm.px) },
  isWhole: true,
})

/** The columns that give the largest tile in a part that one zone has for itself. */
function largest(zone: keyof ByZone, count: number, width: number, height: number): Tiles {
  const all = upTo(mostColumns(width)).map((columns): Tiles => {
    const rows = Math.ceil(count / columns)
    const pictures = height - HEADING_PX - rows * (CAPTION_PX[zone] + GAP_PX)
    return { columns, px: Math.min(tileWidth(width, columns), ((pictures / rows) * 16) / 9) }
  })
  return all.reduce((best, one) => (one.px > best.px ? one : best), { columns: 1, px: 0 })
}

/** What needs somebody now above what may soon, in one part: both as wide as their columns, or less to fit its height. */
function stack(room: Room, counts: ByZone, width: number, nowColumns: number, soonColumns: number) {
  const nowRows = Math.ceil(counts.now / nowColumns)
  const soonRows = Math.ceil(counts.soon / soonColumns)
  const now = tileWidth(width, nowColumns)
  const soon = Math.min(tileWidth(width, soonColumns), now)
  const texts =
    nowRows * (CAPTION_PX.now + GAP_PX) +
    soonRows * (CAPTION_PX.soon + GAP_PX) +
    HEADING_PX * (counts.soon === 0 ? 1 : 2)
  const pictures = ((nowRows * now + soonRows * soon) * 9) / 16
  const scale = Math.min(1, Math.max(0, room.height - texts) / pictures)
  return { now: { columns: nowColumns, px: now * scale }, soon: { columns: soonColumns, px: soon * scale } }
}

function smallest(room: Room, counts: ByZone, hasNeed: boolean): Fit {
  const leftPx = !hasNeed ? 0 : counts.calm === 0 ? room.width : Math.round(room.width / 2)
  const rightPx = leftPx === 0 ? room.width : room.width - leftPx - BETWEEN_PARTS_PX
  const of = (width: number): Tiles => ({ columns: mostColumns(width), px: tileWidth(width, mostColumns(width)) })
  return { ...fitOf(leftPx, of(leftPx), of(leftPx), of(rightPx)), isWhole: false }
}

export const tileWidth = (width: number, columns: number) => (width - (columns - 1) * GAP_PX) / columns
const mostColumns = (width: number) => Math.max(1, Math.floor((width + GAP_PX) / (SMALLEST_PX + GAP_PX)))
const upTo = (most: number) => Array.from({ length: most }, (_, index) => index + 1)

/** The smallest tile counts, each zone by its own measure; between equals, the larger tiles in need. */
function worthOf(counts: ByZone, { tilePx }: Fit): number {
  const px = (zone: keyof ByZone) => (counts[zone] === 0 ? Number.POSITIVE_INFINITY : tilePx[zone])
  const now = px('now')
  return Math.min(now / NEED_IS_WIDER, px('soon'), px('calm')) + (Number.isFinite(now) ? now / 1000 : 0)
}
