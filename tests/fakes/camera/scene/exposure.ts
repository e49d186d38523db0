import type { Daylight, Light } from './daylight.ts'
import { smoothstep } from './noise.ts'
import type { Weather } from './weather.ts'

/** Linear light to sRGB bytes: gamma 2 with a soft shoulder, so that snow in the sun keeps its shape. */
const STEPS = 2048
export const TONE_PER_LIGHT = STEPS / 2.2
export const TONE_LAST = STEPS - 1
export const tone = Uint8ClampedArray.from({ length: STEPS }, (_, index) => {
  const light = index / TONE_PER_LIGHT
  const soft = light < 0.7 ? light : 0.7 + 0.3 * (1 - Math.exp(-(light - 0.7) / 0.45))
  return 255 * Math.sqrt(Math.min(1, soft))
})

/** sRGB bytes to linear light: gamma 2, as back. */
export const linear = Float32Array.from({ length: 256 }, (_, byte) => (byte / 255) ** 2)

/** The share of the light that comes through so much air (Koschmieder: 5 % of the contrast is left at the visibility). */
export const throughAir = (metres: number, { visibilityM }: Weather): number => Math.exp((-3 * metres) / visibilityM)

/** The colour of the air: by day bluer and darker than the horizon, in fog as bright as the sky. */
export function hazeLight(day: Daylight, { visibilityM, clouds }: Weather): Light {
  const thick = smoothstep(12_000, 600, visibilityM)
  const blue: Light = [0.5, 0.6, 0.76]
  const base = (channel: 0 | 1 | 2) =>
    day.horizon[channel] * (blue[channel] + (0.86 - blue[channel]) * Math.max(thick, clouds * 0.8))
  return [base(0), base(1), base(2)]
}

/** Colours of things that are drawn over the shaded scene, in the same light. */
export type Exposure = {
  /** @param facing up: 1 is a roof, 0 a wall that looks at the camera. Returns a CSS colour. */
  colour(albedo: Light, facing: number, metres: number, lampLight?: number): string
}

export function createExposure(day: Daylight, weather: Weather): Exposure {
  const haze = hazeLight(day, weather)
  const { sunDirection: sun } = day
  return {
    colour(albedo, facing, metres, lampLight = 0) {
      const direct = Math.max(0, facing * sun.y - (1 - facing) * sun.z)
      const open = 0.5 + 0.5 * facing
      const through = throughAir(metres, weather)
      const torch = day.isInfrared ? 5.6 / (metres * metres + 60) : 0
      const light = [0, 1, 2].map((channel) => {
        const own = (albedo[channel] ?? 0) ** 2
        const falling =
          (day.ambient[channel] ?? 0) * open + (day.sun[channel] ?? 0) * direct + torch + lampLight * day.night * 0.1
        return own * falling * through + (haze[channel] ?? 0) * (1 - through)
      })
      const grey = light.reduce((total, one) => total + one, 0) / 3
      const bytes = light.map((one) => toned((day.isInfrared ? grey : one) * day.gain))
      return `rgb(${bytes.join(', ')})`
    },
  }
}

export const toned = (light: number): number =>
  tone[Math.min(TONE_LAST, Math.max(0, Math.floor(light * TONE_PER_LIGHT)))] ?? 255
