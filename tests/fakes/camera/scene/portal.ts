import { drawFace, type Paint } from './faces.ts'
import { Kind } from './layers.ts'
import { noise } from './noise.ts'
import type { Place } from './place.ts'
import type { RoadCourse } from './road-course.ts'
import type { LampHead } from './roadside.ts'
import type { Sheet } from './sheet.ts'

/** The mouth of a tunnel: an arch in dressed stone, dark inside, lamps in its roof. Returns the lamps. */
export function drawPortal(sheet: Sheet, place: Place, course: RoadCourse): LampHead[] {
  const { portalM, road, lens } = place
  if (portalM === undefined) return []
  const z = portalM - 1.2
  const inner = road.halfWidthM + 0.9
  const thickness = 1.1
  const half = inner + thickness + 1.6
  const spring = 2.9
  const high = spring + inner + thickness + 1.4
  const paint: Paint = (stuff, s, t) => {
    const x = Math.abs(s - half)
    const y = t - 0.4
    const out = y < spring ? x : Math.hypot(x, y - spring)
    const stone = noise(Math.floor(s * 1.6) * 7.3, Math.floor(t * 2.2) * 3.7)
    const joint = (s * 1.6) % 1 < 0.06 || (t * 2.2) % 1 < 0.09 ? 0.8 : 1
    stuff.kind = Kind.building
    if (out < inner) {
      // Into the dark: what little light there is comes from the mouth.
      const light = 10 + 26 * Math.max(0, 1 - y / 3) + 10 * noise(s * 3, t * 3)
      stuff.red = light * 1.05
      stuff.green = light
      stuff.blue = light * 0.92
      const isLamp = y > spring + inner * 0.6 && x < inner * 0.55 && (s * 1.4) % 1 < 0.16 && (t * 2) % 1 < 0.4
      if (isLamp) {
        stuff.red = stuff.green = 236
        stuff.blue = 190
        stuff.kind = Kind.lamp
      }
      return true
    }
    const isRing = out < inner + thickness
    const light = (isRing ? 0.92 : 0.78) * (0.8 + 0.3 * stone) * joint * (0.85 + 0.25 * noise(s / 2, t / 3))
    stuff.red = 158 * light
    stuff.green = 150 * light
    stuff.blue = 136 * light
    return true
  }
  const middle = course.middleAt(z)
  const y = course.heightAt(z) - 0.4
  drawFace(
    sheet,
    lens,
    { corner: { x: middle - half, y, z }, along: { x: 2 * half, y: 0, z: 0 }, up: { x: 0, y: high, z: 0 } },
    paint,
  )
  return [-0.5, 0.5].map((share) => ({
    x: middle + share * inner,
    y: y + spring + inner * 0.7,
    z: z - 2,
    strength: 0.8,
  }))
}
