import { clamp, fractal, noise, smoothstep } from './noise.ts'
import type { Place } from './place.ts'
import type { Season } from './season.ts'

type Colour = readonly [red: number, green: number, blue: number]

const STRAW: Colour = [152, 138, 102]
const GRASS: Colour = [104, 112, 68]
const LUSH: Colour = [90, 106, 58]
const LIMESTONE: Colour = [168, 158, 142]
const SCHIST: Colour = [98, 94, 92]
const SCREE: Colour = [140, 132, 122]
const CONIFERS: Colour = [56, 70, 50]
const BROADLEAF: Colour = [74, 92, 44]
const BARE_WOOD: Colour = [104, 92, 80]
const AUTUMN: Colour = [150, 108, 62]
const LARCH_GOLD: Colour = [170, 132, 70]
const LAVENDER: Colour = [108, 92, 148]
const GRAVEL: Colour = [146, 138, 126]
const PAVEMENT: Colour = [158, 154, 146]
const YARD: Colour = [138, 130, 118]
const SNOW: Colour = [240, 243, 248]

/** What the land is made of where there is no road: writes its colour into `into` and says how much of it is snow. */
export type Ground = {
  /**
   * @param height metres over the foot of the mast
   * @param upright 1 on level ground, 0 on a wall
   * @param beside metres beside the edge of the road
   * @param away metres from the camera
   */
  paint(into: Float32Array, x: number, z: number, height: number, upright: number, beside: number, away: number): number
}

export function createGround(place: Place, season: Season): Ground {
  const { site, origin } = place
  const pale = noise(origin.x * 3, 1)
  const rock = mixed(SCHIST, LIMESTONE, site.altitudeM < 1500 ? 0.6 + 0.4 * pale : pale)
  const woods = woodColour(site.altitudeM, season, pale)
  const meadow = mixed(STRAW, mixed(GRASS, LUSH, noise(origin.z, 2)), season.green)

  return {
    paint(into, x, z, height, upright, beside, away) {
      const altitude = site.altitudeM + height
      const large = fractal(x / 38 + origin.x, z / 38 + origin.z, 3)
      const small =
        away < 120
          ? 0.4 * noise(x * 2.1, z * 2.1) + 0.3 * noise(x * 5.3, z * 5.3) + 0.3 * noise(x * 19, z * 13)
          : noise(x / 5, z / 5)
      mix(into, meadow, STRAW, 0.5 * smoothstep(0.45, 0.75, large))
      shade(into, 0.72 + 0.5 * small + 0.24 * (large - 0.5))

      if (away > 90) {
        const belt = 1 - smoothstep(1950, 2250, altitude + 300 * (large - 0.5))
        const forest =
          belt * smoothstep(0.62 - 0.5 * place.wood, 0.7 - 0.4 * place.wood, fractal(x / 420 + origin.z, z / 420, 4))
        const inside = smoothstep(0.55, 0.65, upright) * smoothstep(90, 170, away)
        lay(into, woods, forest * inside, 0.62 + 0.75 * fractal(x / 11, z / 11, 2))
      }
      const steep = 1 - smoothstep(0.52, 0.74, upright + 0.22 * (large - 0.5))
      const bare = Math.max(steep, smoothstep(2350, 2750, altitude + 500 * (large - 0.5)))
      if (bare > 0) lay(into, steep > 0.4 ? rock : SCREE, bare, strata(x, z, height, large, away))
      if (place.hasLavender && away < 260 && beside > 5) lavender(into, x, z)
      if (site.kind === 'ville' && away < 220) village(into, x, z, beside, small, large)
      else if (beside < 1.6)
        lay(into, GRAVEL, (1 - smoothstep(0.5, 1.5, beside + 0.9 * (small - 0.5))) * 0.85, 0.75 + 0.45 * small)

      const isBank = season.bankM > 0 && beside < 3.6
      const snow = isBank ? 1 : snowAt(x, z, altitude, upright, large, small, away)
      lay(into, SNOW, snow, isBank ? 0.8 + 0.16 * small : 0.93 + 0.08 * large)
      return snow
    },
  }

  /** Walls are seen from the front: their texture lies along them, in beds. */
  function strata(x: number, z: number, height: number, large: number, away: number): number {
    const wall = x * 0.8 + z * 0.6
    const isNear = away < 200
    const beds = noise(height / (isNear ? 1.6 : 7) + 2 * large, wall / 60)
    return 0.62 + 0.35 * beds + 0.42 * fractal(wall / (isNear ? 1.4 : 12), height / (isNear ? 1.1 : 9), 3)
  }

  function snowAt(
    x: number,
    z: number,
    altitude: number,
    upright: number,
    large: number,
    small: number,
    away: number,
  ): number {
    const holds = smoothstep(0.4, 0.66, upright + 0.16 * (small - 0.5))
    if (away < 200) {
      const needed = 1.02 - season.groundSnow * 1.25
      return holds * smoothstep(needed - 0.12, needed + 0.16, large * 0.75 + small * 0.35)
    }
    const patchy = altitude - season.snowLineM + 420 * (large - 0.5) + 160 * (noise(x / 90, z / 90) - 0.5)
    return holds * smoothstep(-90, 170, patchy)
  }

  /** Kerb and pavement along the street; behind them yards, with some grass. */
  function village(into: Float32Array, x: number, z: number, beside: number, small: number, large: number) {
    if (beside < 1.9) {
      const isKerb = beside < 0.18
      const slab = Math.abs((z % 1.5) - 0.75) < 0.04 ? 0.86 : 1
      lay(into, PAVEMENT, 1, (isKerb ? 1.14 : 0.86 + 0.14 * noise(x * 3, z * 3)) * slab)
      return
    }
    const paved = smoothstep(0.36, 0.5, noise(x / 7 + 3, z / 9)) * (1 - smoothstep(14, 26, beside))
    lay(into, YARD, paved * 0.92, 0.72 + 0.4 * small + 0.2 * (large - 0.5))
  }

  function lavender(into: Float32Array, x: number, z: number) {
    const row = smoothstep(0.35, 0.6, Math.abs(((x * 0.9 + z * 0.35) / 1.8) % 1))
    const blooms = smoothstep(0.46, 0.5, season.year) * (1 - smoothstep(0.55, 0.6, season.year))
    lay(into, mixed([120, 122, 96], LAVENDER, blooms), row * 0.9, 0.9)
  }
}

function woodColour(altitudeM: number, season: Season, pale: number): Colour {
  const leafy = mixed(mixed(BARE_WOOD, BROADLEAF, season.leaves), AUTUMN, season.autumn * 0.7)
  if (altitudeM < 1000) return mixed(leafy, CONIFERS, 0.35 + 0.3 * pale)
  const larches =
    altitudeM > 1300 ? mixed(mixed(BARE_WOOD, BROADLEAF, season.leaves), LARCH_GOLD, season.autumn) : leafy
  const wood = mixed(CONIFERS, larches, 0.25 + 0.35 * pale)
  return mixed(wood, SNOW, 0.45 * season.branchSnow)
}

function mixed(one: Colour, other: Colour, share: number): Colour {
  const t = clamp(share)
  return [one[0] + (other[0] - one[0]) * t, one[1] + (other[1] - one[1]) * t, one[2] + (other[2] - one[2]) * t]
}

function mix(into: Float32Array, one: Colour, other: Colour, share: number) {
  into[0] = one[0] + (other[0] - one[0]) * share
  into[1] = one[1] + (other[1] - one[1]) * share
  into[2] = one[2] + (other[2] - one[2]) * share
}

/** Lays a colour, lighter or darker by `light`, over what is there. */
function lay(into: Float32Array, colour: Colour, share: number, light: number) {
  if (share <= 0) return
  const [red = 0, green = 0, blue = 0] = into
  into[0] = red + (colour[0] * light - red) * share
  into[1] = green + (colour[1] * light - green) * share
  into[2] = blue + (colour[2] * light - blue) * share
}

function shade(into: Float32Array, light: number) {
  for (let channel = 0; channel < 3; channel++) into[channel] = (into[channel] ?? 0) * light
}
