import { fractal, noise, ridged, smoothstep } from './noise.ts'
import type { Place } from './place.ts'
import type { RoadCourse } from './road-course.ts'
import type { Season } from './season.ts'

/** Height of the land in metres over the foot of the camera's mast, x to the right and z away from it. */
export type Terrain = { heightAt(x: number, z: number): number }

/** Beyond this the road is a matter of the land, not the other way round. */
const ROAD_ENDS_M = 420

export function createTerrain(place: Place, course: RoadCourse, season: Season): Terrain {
  const { road, uphill, bankSlope, fallSlope, reliefM, reliefFromM, origin, portalM } = place
  const verge = road.halfWidthM + 1.3

  /** Mountains: none at the camera, all of them at twice the distance where they begin; lower where one looks through. */
  function mountains(x: number, z: number): number {
    const away = Math.hypot(x, z)
    const rise =
      0.1 * smoothstep(reliefFromM * 0.7, reliefFromM * 3, away) + 0.9 * smoothstep(reliefFromM * 2.2, 7500, away)
    if (rise === 0) return 0
    const crests = ridged(origin.x + x / 2900, origin.z + z / 2900, 6)
    const sides = smoothstep(0, 1.1, Math.abs(x - 0.06 * z * Math.sign(road.heading || 1)) / (0.5 * z + 40))
    const broad = fractal(origin.x + x / 6000, origin.z - z / 6000, 2)
    return rise * reliefM * ((0.35 + 0.9 * sides) * (0.25 + 1.5 * crests) * (0.5 + broad) - 0.12 * (1 - sides))
  }

  function near(x: number, z: number): number {
    const lateral = x - course.middleAt(z)
    const beside = Math.max(0, Math.abs(lateral) - verge)
    const isUp = Math.sign(lateral) === uphill
    const level = course.heightAt(z)
    const bumps =
      Math.min(1, beside / 3) *
      (1.5 * (fractal(x / 9 + origin.x, z / 9, 3) - 0.5) + 0.25 * (noise(x * 1.3, z * 1.3) - 0.5))
    const slope = uphill === 0 ? 0.06 : isUp ? bankSlope : -fallSlope
    const steepness = 1 - Math.exp(-beside / 14)
    const bank =
      season.bankM > 0
        ? season.bankM * ploughed(Math.abs(lateral) - road.halfWidthM) * (0.8 + 0.4 * noise(x / 2, z / 2))
        : 0
    const ditch = uphill === 0 ? 0 : -0.35 * Math.exp(-(((beside - 0.9) / 0.6) ** 2))
    const cliff = portalM === undefined ? 0 : rockOver(x, z, portalM)
    return level + bumps + ditch + bank + cliff + slope * beside * (0.55 + 0.45 * steepness)
  }

  return {
    heightAt(x, z) {
      const far = mountains(x, z)
      if (z > ROAD_ENDS_M) return far + beyondRoad(x, z) + rough(x, z)
      const blend = smoothstep(ROAD_ENDS_M * 0.35, ROAD_ENDS_M, z)
      if (blend === 0) return near(x, z) + far
      return near(x, z) * (1 - blend) + beyondRoad(x, z) * blend + far + rough(x, z) * blend
    },
  }

  /** The rock that the tunnel goes through: steep behind its mouth, then leaning back. */
  function rockOver(x: number, z: number, from: number): number {
    const face = smoothstep(from - 0.5 + 2 * noise(x / 5, 4), from + 6, z)
    const behind = Math.max(0, z - from)
    return (
      face * (11 + 5 * noise(x / 9, 7) + 9 * noise(x / 31, 3)) +
      0.75 * Math.max(0, behind - 4) * (0.6 + 0.8 * noise(x / 40, z / 50))
    )
  }

  function beyondRoad(x: number, z: number): number {
    const level = course.heightAt(Math.min(z, road.crestM)) - (uphill === 0 ? 4 : 10)
    const tilt = uphill === 0 ? 0 : (bankSlope * 0.4 * x * uphill) / (1 + Math.abs(x) / 300)
    return level + tilt
  }

  function rough(x: number, z: number): number {
    const away = Math.hypot(x, z)
    return 14 * smoothstep(100, 1500, away) * (fractal(x / 60 + origin.z, z / 60, 4) - 0.5) * 2
  }
}

/** The heap that the plough leaves, from 0.2 m beside the asphalt to 2.6 m: steep towards the road. */
function ploughed(beside: number): number {
  return smoothstep(0.15, 0.7, beside) * (1 - smoothstep(1.2, 3.4, beside))
}
