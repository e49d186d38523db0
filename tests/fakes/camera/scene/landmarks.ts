import { drawFace, type Paint } from './faces.ts'
import { Kind } from './layers.ts'
import type { Point } from './lens.ts'
import { noise } from './noise.ts'
import type { Place } from './place.ts'
import type { Season } from './season.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { Sheet } from './sheet.ts'
import type { Terrain } from './terrain.ts'

/** A bell tower over the roofs, somewhere down the street. */
export function drawChurch(sheet: Sheet, place: Place, terrain: Terrain, season: Season, random: SeededRandom) {
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
export function drawLift(sheet: Sheet, place: Place, terrain: Terrain, random: SeededRandom) {
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
