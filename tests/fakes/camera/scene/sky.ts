import type { Daylight } from './daylight.ts'
import { hazeLight } from './exposure.ts'
import { LAYERS_HEIGHT, LAYERS_WIDTH } from './layers.ts'
import { clamp, fractal, noise, smoothstep } from './noise.ts'
import type { Place } from './place.ts'
import type { Weather } from './weather.ts'

/** The sky is soft: it is worked out at every fourth pixel each way. */
const EVERY = 4
const COLUMNS = LAYERS_WIDTH / EVERY + 2
const ROWS = LAYERS_HEIGHT / EVERY + 2

/** Clouds drift this many of their own units an hour. */
const DRIFT = 0.9

/** Linear light behind the land. */
export type Sky = {
  /** The light of the pixel that was read last: red, green, blue. */
  light: Float32Array
  read(column: number, row: number): void
}

/** @param moment in milliseconds: where the clouds have drifted to */
export function createSky(place: Place, day: Daylight, weather: Weather, moment: number): Sky {
  const map = new Float32Array(COLUMNS * ROWS * 3)
  const shine = createShine(place, day, weather, moment)
  const lowest = Math.min(ROWS - 1, Math.ceil(place.lens.horizon / EVERY) + 3)
  for (let row = 0; row <= lowest; row++) {
    for (let column = 0; column < COLUMNS; column++)
      shine(map, (row * COLUMNS + column) * 3, column * EVERY, row * EVERY)
  }
  const hasStars = day.night > 0.6 && weather.clouds < 0.7 && weather.visibilityM > 5000
  const light = new Float32Array(3)
  return {
    light,
    read(column, row) {
      const left = (column / EVERY) | 0
      const top = Math.min(lowest - 1, (row / EVERY) | 0)
      const x = column / EVERY - left
      const y = Math.min(1, row / EVERY - top)
      const at = (top * COLUMNS + left) * 3
      const below = at + COLUMNS * 3
      for (let channel = 0; channel < 3; channel++) {
        const a = map[at + channel] ?? 0
        const b = map[at + channel + 3] ?? 0
        const c = map[below + channel] ?? 0
        const d = map[below + channel + 3] ?? 0
        light[channel] = a + (b - a) * x + (c - a) * y + (a - b - c + d) * x * y
      }
      if (hasStars) addStar(column, row)
    },
  }

  function addStar(column: number, row: number) {
    const star = noise(column * 0.91 + place.origin.x, row * 0.97) - 0.985
    if (star > 0) for (let channel = 0; channel < 3; channel++) light[channel] = (light[channel] ?? 0) + star * 0.6
  }
}

type Shine = (into: Float32Array, at: number, column: number, row: number) => void

function createShine(place: Place, day: Daylight, weather: Weather, moment: number): Shine {
  const { lens } = place
  const drift = (moment / 3_600_000) * DRIFT
  const { zenith, horizon, sun, sunDirection, ambient } = day
  const threshold = 0.78 - 0.62 * weather.clouds
  const haze = hazeLight(day, weather)
  /** How much thick air lies below clear sky, seen straight up. */
  const thickness = 700 / weather.visibilityM
  const isSunUp = day.sunHeight > -4

  return (into, at, column, row) => {
    const up = Math.max(0.002, (lens.horizon - row) / lens.focal)
    const side = (column - LAYERS_WIDTH / 2) / lens.focal
    const high = clamp(up * 1.7) ** 0.55
    const towards =
      (sunDirection.x * side + sunDirection.y * up + sunDirection.z) / Math.sqrt(1 + up * up + side * side)
    const glow = isSunUp && towards > 0 ? towards ** 24 * 0.5 + towards ** 600 * 3 : 0
    const shine = glow * (1 - 0.9 * smoothstep(0.5, 1, weather.clouds)) * 0.8

    // Clouds lie on a plane overhead: near the horizon they are seen edge on.
    const plane = 1 / (up + 0.1)
    const x = side * plane * 0.95 + drift + place.origin.x
    const y = plane * 1.15 + place.origin.z
    const thick = fractal(x, y, 5)
    const cloud = smoothstep(threshold - 0.02, threshold + 0.22, thick) * smoothstep(0, 0.06, up) * 0.92
    const lump = fractal(x * 1.3 + 0.25, y * 1.3 - 0.4, 3)
    const body = 0.55 + 0.7 * (1 - smoothstep(threshold, threshold + 0.5, thick)) + 0.35 * (lump - 0.5)
    const lit = 0.5 + 0.5 * Math.max(0, towards) ** 3
    const grey = weather.clouds > 0.85 ? 0.86 : 1
    const veil = 1 - Math.exp(-thickness / (up + 0.12))
    for (const channel of [0, 1, 2] as const) {
      const clear = horizon[channel] + (zenith[channel] - horizon[channel]) * high + sun[channel] * shine
      const white = (ambient[channel] * (1.25 - 0.05 * channel) + sun[channel] * 0.75 * lit) * body * grey
      const seen = clear + (white - clear) * cloud
      into[at + channel] = seen + (haze[channel] - seen) * veil
    }
  }
}
