import type { CameraSite, WeatherName } from '../options.ts'
import { clamp, fractal, noise, smoothstep } from './noise.ts'
import { hashOf } from './seeded-random.ts'

/** What the sky does at one place and moment. Everything follows from the seed and the time. */
export type Weather = {
  /** Share of the sky that clouds cover, 0 to 1. */
  clouds: number
  /** 0 none to 1 heavy. */
  rain: number
  snow: number
  /** How far one sees, in metres. */
  visibilityM: number
  /** How wet the road is, 0 to 1. */
  wet: number
  temperatureC: number
}

const HOUR_MS = 3_600_000

/** Fronts cross the département in about a day; each place has a little weather of its own. */
const front = (seed: string, at: number, lane: number): number => {
  const hours = at / HOUR_MS
  const own = (hashOf(seed) % 97) / 7
  return 0.6 * fractal(hours / 22, lane, 3) + 0.4 * fractal(hours / 9 + own, lane + own, 2)
}

/** Rain or melted snow of an hour, in millimetres. */
export function precipitationMm(seed: string, at: number): number {
  const wetness = front(seed, at, 31.7)
  return 5 * smoothstep(0.6, 0.8, wetness)
}

export function temperatureC(site: CameraSite, at: number): number {
  const year = at / (365.2425 * 24 * HOUR_MS)
  const season = -Math.cos(2 * Math.PI * (year - 0.055))
  const hour = (at / HOUR_MS + site.longitude / 15) % 24
  const ofDay = -Math.cos((2 * Math.PI * (hour - 3)) / 24)
  const spell = 9 * (fractal(at / (70 * HOUR_MS), 77.7, 2) - 0.5)
  return 14 + 9.5 * season + 4 * ofDay + spell - 0.0062 * site.altitudeM
}

export function weatherAt(site: CameraSite, seed: string, at: number, wanted?: WeatherName): Weather {
  if (wanted !== undefined) return fixedWeather(site, at, wanted)
  const degrees = temperatureC(site, at)
  const millimetres = precipitationMm(seed, at)
  const falling = clamp(millimetres / 4)
  const isSnow = degrees < 0.8
  const clouds = clamp(smoothstep(0.34, 0.66, front(seed, at, 12.3)) + falling)
  // Cloud hangs on the passes when it rains; valleys fill at dawn after clear nights.
  const hour = (at / HOUR_MS + site.longitude / 15) % 24
  const dawn = Math.exp(-(((hour - 6.5) / 2.5) ** 2))
  const inCloud = smoothstep(0.5, 0.8, noise(at / (9 * HOUR_MS), 5.5 + (hashOf(seed) % 50))) * clouds
  const fog = clamp(
    Math.max(
      inCloud * smoothstep(1000, 2200, site.altitudeM),
      dawn * (1 - clouds) * (site.altitudeM < 800 ? 0.8 : 0) * inCloud * 2,
    ),
  )
  const clear = 32_000 - 22_000 * clouds
  const visibilityM = clear * (1 - fog) ** 3 * (1 - 0.75 * falling) * (isSnow ? 1 - 0.8 * falling : 1)
  let wet = 0
  for (let hours = 0; hours < 4; hours++)
    wet = Math.max(wet, clamp(precipitationMm(seed, at - hours * HOUR_MS) / 2) - hours * 0.25)
  return {
    clouds,
    rain: isSnow ? 0 : falling,
    snow: isSnow ? falling : 0,
    visibilityM: Math.max(70, visibilityM),
    wet: isSnow ? wet * 0.5 : wet,
    temperatureC: degrees,
  }
}

function fixedWeather(site: CameraSite, at: number, wanted: WeatherName): Weather {
  const dry = { rain: 0, snow: 0, wet: 0, temperatureC: temperatureC(site, at) }
  const all: Record<WeatherName, Weather> = {
    clear: { ...dry, clouds: 0.05, visibilityM: 32_000 },
    clouds: { ...dry, clouds: 0.5, visibilityM: 24_000 },
    overcast: { ...dry, clouds: 1, visibilityM: 11_000 },
    rain: { ...dry, clouds: 1, rain: 0.8, wet: 1, visibilityM: 3_500 },
    snow: { ...dry, clouds: 1, snow: 0.8, wet: 0.3, visibilityM: 900 },
    fog: { ...dry, clouds: 0.9, wet: 0.3, visibilityM: 110 },
  }
  return all[wanted]
}
