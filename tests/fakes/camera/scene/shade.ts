import type { Daylight, Light } from './daylight.ts'
import { depthMetres, Kind, LAYERS_HEIGHT, LAYERS_WIDTH, type Layers, normalOf } from './layers.ts'
import { clamp, noise, smoothstep } from './noise.ts'
import type { Place } from './place.ts'
import { createSky } from './sky.ts'
import type { Weather } from './weather.ts'

/** Linear light to sRGB bytes: gamma 2 with a soft shoulder, so that snow in the sun keeps its shape. */
const TONE_STEPS = 2048
const TONE_MAX = 2.2
const tone = Uint8ClampedArray.from({ length: TONE_STEPS }, (_, index) => {
  const light = (index / (TONE_STEPS - 1)) * TONE_MAX
  const soft = light < 0.7 ? light : 0.7 + 0.3 * (1 - Math.exp(-(light - 0.7) / 0.45))
  return 255 * Math.sqrt(Math.min(1, soft))
})
const toned = (light: number) =>
  tone[Math.max(0, Math.min(TONE_STEPS - 1, (light / TONE_MAX) * (TONE_STEPS - 1))) | 0] ?? 255

/** sRGB bytes to linear light: gamma 2, as back. */
const linear = Float32Array.from({ length: 256 }, (_, byte) => (byte / 255) ** 2)

/** Light-emitting lamps of today's villages: a warm white. */
const LAMP: Light = [1, 0.78, 0.5]
const WINDOW: Light = [1.1, 0.74, 0.36]

/** The grain of the sensor, the same tile from another place for each picture. */
const GRAIN_SIDE = 128
const grain = Float32Array.from({ length: GRAIN_SIDE * GRAIN_SIDE }, (_, index) => {
  const column = index % GRAIN_SIDE
  const row = (index / GRAIN_SIDE) | 0
  return noise(column * 1.91 + 0.37, row * 1.87) + noise(column * 0.93, row * 1.13 + 70.5) - 1
})

/** Lets light fall on the layers and writes the pixels, RGBA. `moment` moves clouds and grain. */
export function shadeScene(
  into: Uint8ClampedArray,
  layers: Layers,
  place: Place,
  day: Daylight,
  weather: Weather,
  moment: number,
) {
  const { lens } = place
  const byNormal = lightByNormal(day)
  const { clear, sunlit } = byDepth(weather)
  const sky = createSky(place, day, weather, moment)
  const exposed = day.gain
  const infrared = day.isInfrared ? 1 : 0
  const wet = weather.wet
  const noiseBytes = 1.6 + 2.4 * Math.sqrt(Math.max(0, day.gain - 1)) + 5 * infrared
  const shiftX = ((moment * 7919) % GRAIN_SIDE) | 0
  const shiftY = ((moment * 104_729) % GRAIN_SIDE) | 0
  const haze = hazeLight(day, weather)
  const { red, green, blue, normal, depth, kind, lamp, cover } = layers
  const lampsOn = day.night > 0.15 ? smoothstep(0.15, 0.6, day.night) * 0.05 : 0

  for (let row = 0; row < LAYERS_HEIGHT; row++) {
    const rowTerm = ((row - LAYERS_HEIGHT / 2) / LAYERS_HEIGHT) ** 2
    const rise = (lens.horizon - row) / lens.focal
    for (let column = 0; column < LAYERS_WIDTH; column++) {
      const at = row * LAYERS_WIDTH + column
      const covered = cover[at] ?? 0
      let r = 0
      let g = 0
      let b = 0
      if (covered < 255) {
        sky.paint(column, row)
        r = sky.light[0] ?? 0
        g = sky.light[1] ?? 0
        b = sky.light[2] ?? 0
      }
      if (covered > 0) {
        const far = depth[at] ?? 0
        const metres = sunlit.metres[far] ?? 0
        const face = normal[at] ?? 0
        const what = kind[at] ?? 0
        const high = lens.heightM + rise * metres
        const lit = day.shadowTopM <= 0 ? 1 : clamp((high - day.shadowTopM) / (0.15 * day.shadowTopM + 12) + 0.5)
        const direct = (byNormal.sun[face] ?? 0) * lit * (what === Kind.foliage ? 0.72 : 1)
        const open = byNormal.sky[face] ?? 0
        const street = (lamp[at] ?? 0) * lampsOn * 0.02
        const torch =
          infrared * 0.9 * (140 / (metres * metres + 60)) * (what === Kind.reflector ? 7 : 1) * (0.35 + 0.65 * open)
        const ar = linear[red[at] ?? 0] ?? 0
        const ag = linear[green[at] ?? 0] ?? 0
        const ab = linear[blue[at] ?? 0] ?? 0
        let lr = ar * (day.ambient[0] * open + day.sun[0] * direct + LAMP[0] * street)
        let lg = ag * (day.ambient[1] * open + day.sun[1] * direct + LAMP[1] * street)
        let lb = ab * (day.ambient[2] * open + day.sun[2] * direct + LAMP[2] * street)
        if (what === Kind.road && wet > 0) {
          const darker = 1 - 0.42 * wet
          lr *= darker
          lg *= darker
          lb *= darker
          const mirrored = mirror(column, row, metres)
          if (mirrored >= 0) {
            const strength = (wet * (0.1 + 0.5 * smoothstep(8, 60, metres))) / exposed
            lr += strength * (linear[into[mirrored] ?? 0] ?? 0)
            lg += strength * (linear[into[mirrored + 1] ?? 0] ?? 0)
            lb += strength * (linear[into[mirrored + 2] ?? 0] ?? 0)
          }
        } else if (what === Kind.window && (lamp[at] ?? 0) > 200) {
          const glowing = day.night * 0.05
          lr += WINDOW[0] * glowing
          lg += WINDOW[1] * glowing
          lb += WINDOW[2] * glowing
        } else if (what === Kind.lamp) {
          lr += day.night * 0.4
          lg += day.night * 0.34
          lb += day.night * 0.24
        }
        const through = clear[far] ?? 0
        lr = lr * through + haze[0] * (1 - through)
        lg = lg * through + haze[1] * (1 - through)
        lb = lb * through + haze[2] * (1 - through)
        if (infrared) {
          const white =
            0.4 * lr +
            0.5 * lg +
            0.1 * lb +
            torch * (0.3 * ar + 0.5 * ag + 0.2 * ab + 0.02) * (0.3 + 0.7 * through) * 0.045
          lr = white
          lg = white
          lb = white
        }
        const share = covered / 255
        r += (lr - r) * share
        g += (lg - g) * share
        b += (lb - b) * share
      }
      if (infrared && covered < 255) {
        const white = (r + g + b) / 3
        r = white
        g = white
        b = white
      }
      const side = (column - LAYERS_WIDTH / 2) / LAYERS_WIDTH
      const dim = (1 - 0.5 * (rowTerm + side * side)) * exposed
      const speck =
        (grain[((row + shiftY) % GRAIN_SIDE) * GRAIN_SIDE + ((column + shiftX) % GRAIN_SIDE)] ?? 0) * noiseBytes
      const out = at * 4
      into[out] = toned(r * dim) + speck
      into[out + 1] = toned(g * dim) + speck * 0.9
      into[out + 2] = toned(b * dim) + speck * 1.15
      into[out + 3] = 255
    }
  }

  /** Where a wet pixel finds what it mirrors: as far above the horizon as it is below, a little torn. */
  function mirror(column: number, row: number, metres: number): number {
    const below = row - lens.horizon
    const torn = (noise(column * 0.35, row * 0.5) - 0.5) * (6 + 400 / metres)
    const source = Math.round(lens.horizon - below * 0.85 + torn)
    if (source < 0 || source >= row) return -1
    return (source * LAYERS_WIDTH + column) * 4
  }
}

/** How much sun and sky falls on each of the 256 directions. */
function lightByNormal(day: Daylight) {
  const sun = new Float32Array(256)
  const sky = new Float32Array(256)
  for (let index = 0; index < 256; index++) {
    const { x, y, z } = normalOf(index)
    sun[index] = Math.max(0, x * day.sunDirection.x + y * day.sunDirection.y + z * day.sunDirection.z)
    sky[index] = 0.45 + 0.55 * y
  }
  return { sun, sky }
}

/** Through how much air one sees at each distance (Koschmieder: 5 % of the contrast is left at the visibility). */
function byDepth({ visibilityM }: Weather) {
  const clear = new Float32Array(256)
  const metres = new Float32Array(256)
  for (let byte = 0; byte < 256; byte++) {
    metres[byte] = depthMetres(byte)
    clear[byte] = Math.exp((-3 * depthMetres(byte)) / visibilityM)
  }
  return { clear, sunlit: { metres } }
}

/** The colour of the air: by day bluer and darker than the horizon, in fog as bright as the sky. */
function hazeLight(day: Daylight, { visibilityM, clouds }: Weather): Light {
  const thick = smoothstep(12_000, 600, visibilityM)
  const blue: Light = [0.5, 0.6, 0.76]
  const base = (channel: 0 | 1 | 2) =>
    day.horizon[channel] * (blue[channel] + (0.86 - blue[channel]) * Math.max(thick, clouds * 0.8))
  return [base(0), base(1), base(2)]
}
