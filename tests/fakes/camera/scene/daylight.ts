import { getMoonIllumination, getMoonPosition, getPosition } from 'suncalc'
import type { CameraSite } from '../options.ts'
import { clamp, smoothstep } from './noise.ts'
import type { Place } from './place.ts'
import type { Weather } from './weather.ts'

export type Light = readonly [red: number, green: number, blue: number]

/** The light at one moment, linear; 1 is a white sheet at noon. Directions as the camera sees: x right, y up, z away. */
export type Daylight = {
  /** Degrees over the horizon. */
  sunHeight: number
  sunDirection: { x: number; y: number; z: number }
  sun: Light
  ambient: Light
  zenith: Light
  horizon: Light
  /** The camera's gain: it opens up at dusk, and shows more noise. */
  gain: number
  /** 0 by day, 1 when it is dark. */
  night: number
  /** The camera has switched to its infrared lamp: no colours, light from the mast. */
  isInfrared: boolean
  /** Below this height over the road, in metres, the mountains keep the sun away. */
  shadowTopM: number
}

const DEGREE = Math.PI / 180

export function daylightAt(place: Place, weather: Weather, at: number): Daylight {
  const { latitude, longitude } = place.site
  const when = new Date(at)
  const position = getPosition(when, latitude, longitude)
  const height = position.altitude
  const turn = (position.azimuth - place.azimuth) * DEGREE
  const flat = Math.cos(height * DEGREE)
  const sunDirection = { x: flat * Math.sin(turn), y: Math.sin(height * DEGREE), z: flat * Math.cos(turn) }

  const low = 1 - smoothstep(-2, 24, height)
  const veil = 1 - 0.97 * smoothstep(0.35, 0.95, weather.clouds)
  const strength = smoothstep(-1.2, 14, height) * veil
  const sun = scaled([1, 0.95 - 0.34 * low ** 1.5, 0.86 - 0.6 * low], 1.25 * strength)

  const dusk = smoothstep(-10, 9, height) ** 1.4
  const moon = moonlight(when, place.site) * (1 - 0.8 * weather.clouds)
  const overcast = smoothstep(0.3, 0.95, weather.clouds)
  const dim = 1 - 0.35 * Math.max(weather.rain, weather.snow * 0.5)
  const blue: Light = [0.3, 0.4, 0.58]
  const grey: Light = [0.6, 0.63, 0.67]
  const evening: Light = [0.34, 0.38, 0.56]
  const sky = blended(blended(blue, grey, overcast), evening, low * smoothstep(8, -4, height) * 0.8)
  const ambient = added(scaled(sky, dusk * dim), scaled([0.5, 0.6, 0.85], 0.0022 + 0.01 * moon))

  const ember = low * smoothstep(-7, 1, height) * (1 - overcast)
  const clearHorizon = blended([0.74, 0.81, 0.9], [0.98, 0.62, 0.38], ember)
  const clearZenith = blended([0.2, 0.38, 0.72], [0.26, 0.32, 0.52], low)
  const cloudy: Light = [0.74, 0.77, 0.8]
  const glow = scaled([0.55, 0.6, 0.75], 0.003 + 0.01 * moon)
  const horizon = added(scaled(blended(clearHorizon, cloudy, overcast), dusk * dim), glow)
  const zenith = added(scaled(blended(clearZenith, scaled(cloudy, 0.72), overcast), dusk * dim), scaled(glow, 0.6))

  const night = 1 - smoothstep(-9, -3, height)
  const brightness = 0.55 * (ambient[1] + 0.5 * sun[1])
  const gain = clamp((0.6 / (brightness + 0.004)) ** 0.82, 0.75, 17)
  const ring = (place.reliefM / 60) * (0.6 + 0.5 * Math.sin(turn * 2 + place.origin.x))
  const shadowTopM =
    height <= 0 ? place.reliefM * 1.6 : place.reliefM * 1.6 * (1 - smoothstep(0, 1, height / Math.max(2, ring)))
  return {
    sunHeight: height,
    sunDirection,
    sun,
    ambient,
    zenith,
    horizon,
    gain,
    night,
    isInfrared: night > 0.75 && !place.hasStreetLamps && place.portalM === undefined,
    shadowTopM,
  }
}

/** 0 to 1: how much of the moon shines, how high. */
function moonlight(when: Date, { latitude, longitude }: CameraSite): number {
  const { altitude } = getMoonPosition(when, latitude, longitude)
  return getMoonIllumination(when).fraction * smoothstep(0, 40, altitude)
}

const scaled = (light: Light, by: number): Light => [light[0] * by, light[1] * by, light[2] * by]
const added = (one: Light, other: Light): Light => [one[0] + other[0], one[1] + other[1], one[2] + other[2]]
const blended = (one: Light, other: Light, share: number): Light => {
  const t = clamp(share)
  return [one[0] + (other[0] - one[0]) * t, one[1] + (other[1] - one[1]) * t, one[2] + (other[2] - one[2]) * t]
}
