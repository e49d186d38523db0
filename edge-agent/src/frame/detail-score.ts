import type { RawPicture } from './draw-masks.ts'

/** What the fine detail of a picture says of lens and sensor. Shares are from 0 to 1. */
export type DetailScore = {
  /** The share of the picture in which there is anything to be seen at all: a difference over 32 px. */
  structureShare: number
  /** Of that, the share in which the difference comes within 2 px: with nothing before the lens, most of it. */
  abruptShare: number
  /** The share of pixels that are exactly like both neighbours, and neither black nor white: no sensor gives that. */
  flatShare: number
  /** Of those, the share of values that stand alone: a card has a few colours and nothing between, fog every grey. */
  loneShare: number
}

/** A cell is as wide as that and is judged on twice its width, so that no edge falls between two. */
const CELL_PX = 16
const SPAN_PX = 32
/** Every eighth row will do: what is wrong with a lens is wrong in all of them. */
const ROW_STEP = 8
/** Of 255. Less than that over 32 px is air, snow or noise. */
const STRUCTURE = 30
/** The share of a difference that comes within 2 px of a sharp edge. A blur of 3 px or more stays below. */
const ABRUPT = 0.4
/** Beyond these a sensor clips: many neighbours are alike in the dark and in the sun without any fault. */
const CLIPPED = { dark: 24, bright: 247 }
/** A value stands alone, with its neighbours that JPEG makes of it, when those two and three steps away are so many times rarer. */
const ALONE = 4

/** Cells across and down, for what does not count; see `watchedPixels`. */
export const detailCells = ({ widthPx, heightPx }: { widthPx: number; heightPx: number }) => ({
  widthPx: Math.max(1, Math.floor(widthPx / CELL_PX)),
  heightPx: Math.max(1, Math.floor(heightPx / CELL_PX)),
})

/**
 * Looks at the green of a picture as it is before masks are drawn. Some 2 ms for 720p.
 * @param watched 1 for each cell of `detailCells` that counts
 */
export function detailScore({ data, widthPx, heightPx, channels }: RawPicture, watched: Uint8Array): DetailScore {
  const cells = detailCells({ widthPx, heightPx })
  const green = channels > 1 ? 1 : 0
  const row = new Uint8Array(widthPx)
  const flatCounts = new Uint32Array(256)
  let judged = 0
  let structured = 0
  let abrupt = 0
  let pixels = 0
  for (let y = 0; y < heightPx; y += ROW_STEP) {
    for (let x = 0, at = y * widthPx * channels + green; x < widthPx; x++, at += channels) row[x] = data[at] ?? 0
    const cellRow = Math.min(cells.heightPx - 1, Math.floor(y / CELL_PX)) * cells.widthPx
    for (let cell = 0; cell + 1 < cells.widthPx; cell++) {
      if (watched[cellRow + cell] === 0 || watched[cellRow + cell + 1] === 0) continue
      const from = cell * CELL_PX
      let low = 255
      let high = 0
      let step = 0
      let one = row[from] ?? 0
      let two = row[from + 1] ?? 0
      for (let x = from + 2; x < from + SPAN_PX; x++) {
        const value = row[x] ?? 0
        if (value < low) low = value
        if (value > high) high = value
        const change = value > one ? value - one : one - value
        if (change > step) step = change
        if (change === 0 && two === value && x < from + CELL_PX) flatCounts[value] = (flatCounts[value] ?? 0) + 1
        one = two
        two = value
      }
      judged++
      pixels += CELL_PX - 2
      if (high - low < STRUCTURE) continue
      structured++
      if (step >= ABRUPT * (high - low)) abrupt++
    }
  }
  const at = (value: number) => flatCounts[value] ?? 0
  let flat = 0
  let lone = 0
  for (let value = CLIPPED.dark; value <= CLIPPED.bright; value++) {
    const count = at(value)
    flat += count
    const beside = at(value - 1) + at(value + 1)
    const isPeak = count >= at(value - 1) && count > at(value + 1)
    const around = at(value - 3) + at(value - 2) + at(value + 2) + at(value + 3)
    if (isPeak && count + beside > ALONE * around) lone += count + beside
  }
  return {
    structureShare: share(structured, judged),
    abruptShare: share(abrupt, structured),
    flatShare: share(flat, pixels),
    loneShare: share(lone, flat),
  }
}

const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole)
