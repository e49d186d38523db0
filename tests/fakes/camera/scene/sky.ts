import type { Daylight } from './daylight.ts'
import { hazeLight } from './exposure.ts'
import { LAYERS_WIDTH } from './layers.ts'
import { clamp, fractal, noise, smoothstep } from './noise.ts'
import type { Place } from './place.ts'
import type { Weather } from './weather.ts'

export type Sky = {
  /** The light of the pixel that was painted last, linear. */
  light: Float32Array
  paint(column: number, row: number): void
}

/** Clouds drift this many of their own units an hour. */
const DRIFT = 0.9

export function createSky(place: Place, day: Daylight, weather: Weather, moment: number): Sky {
  const { lens } = place
  const light = new Float32Array(3)
  const drift = (moment / 3_600_000) * DRIFT
  const { zenith, horizon, sun, sunDirection, ambient } = day
  const threshold = 0.78 - 0.62 * weather.clouds
  const haze = hazeLight(day, weather)
  /** Metres of thick air below clear sky, seen straight up. */
  const thickness = 700 / weather.visibilityM
  const isSunUp = day.sunHeight > -4

  return {
    light,
    paint(column, row) {
      const up = Math.max(0.002, (lens.horizon - row) / lens.focal)
      const side = (column - LAYERS_WIDTH / 2) / lens.focal
      const high = clamp(up * 1.7) ** 0.55
      let r = horizon[0] + (zenith[0] - horizon[0]) * high
      let g = horizon[1] + (zenith[1] - horizon[1]) * high
      let b = horizon[2] + (zenith[2] - horizon[2]) * high

      const length = Math.sqrt(1 + up * up + side * side)
      const towards = (sunDirection.x * side + sunDirection.y * up + sunDirection.z) / length
      const glow = isSunUp && towards > 0 ? towards ** 24 * 0.5 + towards ** 600 * 3 : 0
      const shine = glow * (1 - 0.9 * smoothstep(0.5, 1, weather.clouds))
      r += sun[0] * shine * 0.8
      g += sun[1] * shine * 0.8
      b += sun[2] * shine * 0.7

      // Clouds lie on a plane overhead: near the horizon they are seen edge on.
      const plane = 1 / (up + 0.1)
      const x = side * plane * 0.95 + drift + place.origin.x
      const y = plane * 1.15 + place.origin.z
      const thick = fractal(x, y, 4)
      const cloud = smoothstep(threshold - 0.02, threshold + 0.22, thick) * smoothstep(0.0, 0.06, up)
      if (cloud > 0) {
        const lump = fractal(x * 1.3 + 0.25, y * 1.3 - 0.4, 3)
        const body = 0.55 + 0.7 * (1 - smoothstep(threshold, threshold + 0.5, thick)) + 0.35 * (lump - 0.5)
        const lit = 0.5 + 0.5 * Math.max(0, towards) ** 3
        const grey = weather.clouds > 0.85 ? 0.86 : 1
        r += ((ambient[0] * 1.25 + sun[0] * 0.75 * lit) * body * grey - r) * cloud * 0.92
        g += ((ambient[1] * 1.2 + sun[1] * 0.75 * lit) * body * grey - g) * cloud * 0.92
        b += ((ambient[2] * 1.15 + sun[2] * 0.75 * lit) * body * grey - b) * cloud * 0.92
      }
      if (day.night > 0.6 && weather.clouds < 0.7) {
        const star = noise(column * 0.91 + place.origin.x, row * 0.97)
        if (star > 0.985) {
          const bright = (star - 0.985) * 0.6 * (1 - cloud)
          r += bright
          g += bright
          b += bright
        }
      }
      const veil = 1 - Math.exp(-thickness / (up + 0.12))
      r += (haze[0] - r) * veil
      g += (haze[1] - g) * veil
      b += (haze[2] - b) * veil
      light[0] = r
      light[1] = g
      light[2] = b
    },
  }
}
