import { describe, expect, test } from 'vitest'
import { BETWEEN_PARTS_PX, type ByZone, CAPTION_PX, type Fit, fitWall, GAP_PX, HEADING_PX, type Room } from './fit.ts'

/** What is left for the wall in a window of 1440 × 900 and of 1920 × 1080. */
const ROOMS: Room[] = [
  { width: 1408, height: 815 },
  { width: 1888, height: 995 },
]

function heightOf(zones: (keyof ByZone)[], counts: ByZone, fit: Fit): number {
  return zones
    .filter((zone) => counts[zone] > 0)
    .map((zone) => {
      const rows = Math.ceil(counts[zone] / fit.columns[zone])
      return HEADING_PX + rows * ((fit.tilePx[zone] * 9) / 16 + CAPTION_PX[zone] + GAP_PX)
    })
    .reduce((sum, height) => sum + height, 0)
}
const widthOf = (zone: keyof ByZone, { columns, tilePx }: Fit) => columns[zone] * (tilePx[zone] + GAP_PX) - GAP_PX

describe('41 sites on one wall', () => {
  test('are all in view at once, whatever the number in need', () => {
    for (const room of ROOMS) {
      for (let now = 0; now <= 41; now += 1) {
        for (const soon of [0, 1, 2, 7, 20].filter((count) => now + count <= 41)) {
          const counts = { now, soon, calm: 41 - now - soon }
          const fit = fitWall(room, counts)
          const right = counts.calm === 0 ? 0 : widthOf('calm', fit) + (fit.leftPx > 0 ? BETWEEN_PARTS_PX : 0)
          const isInView =
            fit.isWhole &&
            heightOf(['now', 'soon'], counts, fit) <= room.height &&
            heightOf(['calm'], counts, fit) <= room.height &&
            (now === 0 || widthOf('now', fit) <= fit.leftPx) &&
            (soon === 0 || widthOf('soon', fit) <= fit.leftPx) &&
            fit.leftPx + right <= room.width
          expect(isInView, JSON.stringify({ room, counts, fit })).toBe(true)
        }
      }
    }
  })

  test('are larger where somebody is needed, and never smaller', () => {
    for (const room of ROOMS) {
      for (let now = 1; now <= 40; now += 1) {
        const { tilePx } = fitWall(room, { now, soon: 0, calm: 41 - now })
        expect(tilePx.now, String(now)).toBeGreaterThanOrEqual(tilePx.calm)
        if (now <= 6) expect(tilePx.now / tilePx.calm, String(now)).toBeGreaterThan(1.5)
      }
    }
  })

  test('take the whole width when nothing needs anybody', () => {
    const fit = fitWall({ width: 1408, height: 815 }, { now: 0, soon: 0, calm: 41 })
    expect(fit.leftPx).toBe(0)
    expect(fit.tilePx.calm).toBeGreaterThan(140)
  })

  test('stand in the same places for the same counts', () => {
    const counts = { now: 3, soon: 2, calm: 36 }
    expect(fitWall({ width: 1408, height: 815 }, counts)).toEqual(fitWall({ width: 1408, height: 815 }, counts))
  })
})

test('a window that is too small for all is scrolled, with tiles that can still be read', () => {
  const fit = fitWall({ width: 900, height: 300 }, { now: 5, soon: 5, calm: 31 })
  expect(fit.isWhole).toBe(false)
  expect(fit.tilePx.calm).toBeGreaterThanOrEqual(90)
})
