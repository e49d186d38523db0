import { clamp, noise, smoothstep } from './noise.ts'
import type { Place } from './place.ts'
import type { RoadCourse } from './road-course.ts'
import type { Season } from './season.ts'

/** What lies at one point of the road: its colour as sRGB, and how much of it is bare asphalt, which can be wet. */
export type RoadPoint = { grey: number; tint: number; snow: number }

/** Widths in metres as the interministerial instruction on road signs (part 7) has them for a departmental road. */
const LINE_M = 0.12
const EDGE_LINE_M = 0.18

/** Length and period of dashes: T1 in the middle, T2 at the edge. */
const CENTRE_DASH = { lengthM: 3, periodM: 13 }
const EDGE_DASH = { lengthM: 3, periodM: 6.5 }

export type RoadSurface = {
  /**
   * @param across metres that a pixel covers from left to right
   * @param along metres that a pixel covers away from the camera
   * @returns undefined beside the road
   */
  at(x: number, z: number, across: number, along: number): RoadPoint | undefined
}

export function createRoadSurface(place: Place, course: RoadCourse, season: Season): RoadSurface {
  const { road, junction } = place
  const worn = 0.35 + 0.5 * noise(place.origin.x, 9)
  const base = 102 + 36 * noise(place.origin.z, 3)

  function asphalt(lateral: number, x: number, z: number, across: number): number {
    const fine = (noise(x * 9, z * 9) - 0.5) * 26 * clamp(0.12 / across)
    const patches = (noise(x / 2.2, z / 7) - 0.5) * 18
    const lane = Math.abs(lateral) - road.halfWidthM / 2
    const tyres = Math.exp(-(((Math.abs(lane) - 0.75) / 0.28) ** 2))
    const mended = noise(x / 3 + 60, z / 11 + place.origin.x) > 0.86 ? -9 : 0
    const crack = Math.abs(noise(x / 1.6 + 9, z / 2.6) - 0.5) < 0.006 * clamp(0.05 / across) ? -13 : 0
    return base + fine + patches - 10 * tyres + mended + crack
  }

  /** How much paint covers a pixel: along the middle and both edges. */
  function paint(lateral: number, x: number, z: number, across: number, along: number): number {
    const edge = road.halfWidthM - 0.28
    const middle = road.hasCentreLine ? covered(lateral, across, 0, LINE_M) * dashed(z, along, CENTRE_DASH) : 0
    const edges =
      (covered(lateral, across, -edge, EDGE_LINE_M) + covered(lateral, across, edge, EDGE_LINE_M)) *
      dashed(z, along, EDGE_DASH)
    const crossing = crosswalk(lateral, z, across, along)
    const rubbed = smoothstep(worn - 0.35, worn, noise(x * 2.3, z * 1.1))
    return Math.max(middle, edges, crossing) * (0.45 + 0.55 * rubbed)
  }

  /** A crossing for pedestrians: bars of half a metre along the road, in villages. */
  function crosswalk(lateral: number, z: number, across: number, along: number): number {
    if (place.site.kind !== 'ville' || Math.abs(lateral) > road.halfWidthM - 0.2) return 0
    const bars = ((lateral % 1) + 1) % 1
    return covered(z, along, 21, 2.6) * covered(bars, across, 0.5, 0.5)
  }

  function snowOn(lateral: number, x: number, z: number): number {
    if (season.roadSnow === 0) {
      // Ploughed: the edges stay white.
      return season.bankM > 0
        ? smoothstep(road.halfWidthM - 0.7, road.halfWidthM - 0.1, Math.abs(lateral) + 0.5 * noise(x, z / 2))
        : 0
    }
    const lane = Math.abs(lateral) - road.halfWidthM / 2
    const tyres = Math.exp(-(((Math.abs(lane) - 0.72) / 0.3) ** 2))
    const cover = season.roadSnow * 1.5 - 0.95 * tyres + 0.8 * (noise(x * 1.4, z / 3) - 0.5) - 0.1
    return clamp(cover)
  }

  return {
    at(x, z, across, along) {
      if (place.portalM !== undefined && z > place.portalM) return undefined
      const lateral = x - course.middleAt(z)
      let distance = Math.abs(lateral) - road.halfWidthM
      let isSide = false
      if (junction !== undefined && Math.sign(lateral) === junction.side && Math.abs(lateral) < 90) {
        // The side road runs away at a slant; its mouth is rounded.
        const beyond = Math.abs(lateral) - road.halfWidthM
        const sideMiddle = junction.atM + 0.35 * beyond
        const mouth = 3 + 5 * Math.exp(-beyond / 2.4)
        const beside = Math.abs(z - sideMiddle) - mouth
        if (beside < distance) {
          distance = beside
          isSide = true
        }
      }
      const wobble = 0.16 * (noise(x * 1.7, z * 1.7) - 0.5)
      if (distance + wobble > Math.max(0, across) * 0.5) return undefined
      const snow = isSide
        ? clamp(season.roadSnow * 1.2 + noise(x, z / 2) * 0.5 - 0.3) * (season.roadSnow > 0 ? 1 : 0)
        : snowOn(lateral, x, z)
      let grey = asphalt(lateral, x, z, across)
      let painted = isSide ? giveWay(lateral, z, across) : paint(lateral, x, z, across, along)
      painted *= 1 - snow
      grey += (222 - grey) * painted
      return { grey: grey + (236 - grey) * snow, tint: snow * (1 - painted), snow }
    },
  }

  /** The broken line at the mouth of the side road. */
  function giveWay(lateral: number, z: number, across: number): number {
    if (Math.abs(lateral) > road.halfWidthM + 1.2) return 0
    return covered(Math.abs(lateral), across, road.halfWidthM + 0.3, 0.5) * (((z % 1) + 1) % 1 < 0.5 ? 1 : 0)
  }
}

/** The share of a pixel of width `size` around `value` that a line of `width` around `middle` covers. */
function covered(value: number, size: number, middle: number, width: number): number {
  const low = Math.max(value - size / 2, middle - width / 2)
  const high = Math.min(value + size / 2, middle + width / 2)
  return clamp((high - low) / Math.max(size, 1e-6))
}

function dashed(z: number, size: number, { lengthM, periodM }: { lengthM: number; periodM: number }): number {
  if (size > periodM) return lengthM / periodM
  return covered(((z % periodM) + periodM) % periodM, size, lengthM / 2, lengthM)
}
