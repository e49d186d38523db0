import type { CameraSite, WeatherName } from '../options.ts'
import { clamp, fractal, noise, smoothstep } from './noise.ts'
import { hashOf } from './seeded-random.ts'
import { precipitationMm, temperatureC } from './weather.ts'

/** What the time of the year has done to a place. */
export type Season = {
  /** Changes when the place must be drawn again. */
  key: string
  /** 0 on 1 January, 1 a year later. */
  year: number
  /** Above this altitude the slopes are white, in metres. */
  snowLineM: number
  /** Snow on the ground at the site itself, 0 to 1. */
  groundSnow: number
  /** Height of the banks that ploughs leave beside the road, in metres. */
  bankM: number
  /** Fresh snow on the road, 0 to 1. */
  roadSnow: number
  /** Snow on branches and roofs, 0 to 1. */
  branchSnow: number
  /** How green the grass is, 0 straw to 1. */
  green: number
  /** Broad-leaved trees: 0 bare to 1 in leaf. */
  leaves: number
  /** Autumn colours, 0 to 1. */
  autumn: number
}

const HOUR_MS = 3_600_000

/** Snow line of the southern Alps through the year, in metres: from slopes white to 1,300 m in January to bare summits. */
function usualSnowLineM(year: number): number {
  const winter = 0.5 + 0.5 * Math.cos(2 * Math.PI * (year - 0.09))
  return 3200 - 1950 * winter ** 0.65
}

/** How many days a place keeps its colours before it is drawn again. */
const SPELL_DAYS = 5

/** In quarters: a place is drawn again when the snow has visibly changed, not with every flake. */
const quarter = (value: number) => Math.round(clamp(value) * 4) / 4

export function seasonAt(site: CameraSite, seed: string, at: number, wanted?: WeatherName): Season {
  const day = Math.floor(at / (24 * HOUR_MS) / SPELL_DAYS) * SPELL_DAYS
  const year = (((day / 365.2425) % 1) + 1) % 1
  const usual = usualSnowLineM(year) + 700 * (fractal(day / 9, 3.1, 2) - 0.5)
  const local = 160 * (noise(hashOf(seed) / 1e6, 7) - 0.5)
  const lying = smoothstep(-180, 260, site.altitudeM - usual + local)
  const fresh = quarter(wanted === 'snow' ? 0.8 : fallenSnow(site, seed, at, 8))
  const groundSnow = Math.max(quarter(lying), quarter(1.5 * fallenSnow(site, seed, at, 36)), fresh > 0 ? 0.75 : 0)
  const altitude = clamp((site.altitudeM - 400) / 2000)
  const spring = smoothstep(0.28 + 0.12 * altitude, 0.42 + 0.08 * altitude, year)
  return {
    key: `${day}/${groundSnow}/${fresh}`,
    year,
    snowLineM: fresh > 0 ? Math.min(usual, site.altitudeM - 80) : usual,
    groundSnow,
    bankM:
      lying > 0.6
        ? 0.25 + 1.1 * smoothstep(1300, 2300, site.altitudeM) * smoothstep(100, 900, site.altitudeM - usual)
        : 0,
    roadSnow: fresh,
    branchSnow: Math.max(fresh, lying > 0.85 ? 0.25 : 0),
    green: clamp(
      0.12 +
        0.88 *
          spring *
          (1 - 0.5 * smoothstep(0.52, 0.75, year) * (1 - 0.6 * altitude)) *
          (1 - 0.75 * smoothstep(0.77, 0.9, year)),
    ),
    leaves:
      smoothstep(0.25 + 0.1 * altitude, 0.36 + 0.1 * altitude, year) *
      (1 - smoothstep(0.84 - 0.05 * altitude, 0.91 - 0.04 * altitude, year)),
    autumn: smoothstep(0.74 - 0.03 * altitude, 0.81 - 0.03 * altitude, year) * (1 - smoothstep(0.85, 0.92, year)),
  }
}

/** Snow of the last hours, less what has melted or been ploughed since: 0 to 1. */
function fallenSnow(site: CameraSite, seed: string, at: number, hoursBack: number): number {
  let millimetres = 0
  for (let hours = 0; hours < hoursBack; hours++) {
    const then = at - hours * HOUR_MS
    if (temperatureC(site, then) < 0.8) millimetres += precipitationMm(seed, then) * (1 - hours / (1.25 * hoursBack))
  }
  return clamp(millimetres / 6)
}
