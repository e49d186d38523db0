import type { Daylight, Light } from './daylight.ts'
import { hazeLight, linear, TONE_LAST, TONE_PER_LIGHT, throughAir, tone } from './exposure.ts'
import { depthMetres, Kind, LAYERS_HEIGHT, LAYERS_WIDTH, type Layers, normalOf } from './layers.ts'
import { noise, smoothstep } from './noise.ts'
import type { Place } from './place.ts'
import { createSky } from './sky.ts'
import type { Weather } from './weather.ts'

/** Light-emitting lamps of today's villages: a warm white. */
const LAMP: Light = [1, 0.78, 0.5]

/** The grain of the sensor in 256ths, one tile, moved for each picture. */
const GRAIN_SIDE = 128
const GRAIN_MASK = GRAIN_SIDE - 1
const grain = Int16Array.from({ length: GRAIN_SIDE * GRAIN_SIDE }, (_, index) => {
  const column = index & GRAIN_MASK
  const row = index >> 7
  return 256 * (noise(column * 1.91 + 0.37, row * 1.87) + noise(column * 0.93, row * 1.13 + 70.5) - 1)
})

/** What a lens loses towards the sides. */
const sideTerm = Float32Array.from(
  { length: LAYERS_WIDTH },
  (_, column) => 0.5 * ((column - LAYERS_WIDTH / 2) / LAYERS_WIDTH) ** 2,
)

/** Of each kind: how much of the sun it takes, and how strongly it throws the infrared lamp's light back. */
const sunTaken = kindTable({ [Kind.foliage]: 0.72 })
const thrownBack = kindTable({ [Kind.reflector]: 7 })

/**
 * Lets light fall on the layers and writes the pixels, RGBA. `moment`, in milliseconds, moves clouds and grain.
 * Half a million pixels in some 30 ms: the loop reads tables and local numbers only.
 */
export function shadeScene(
  into: Uint8ClampedArray,
  layers: Layers,
  place: Place,
  day: Daylight,
  weather: Weather,
  moment: number,
) {
  const { horizon, focal, heightM } = place.lens
  const { red, green, blue, normal, depth, kind, lamp, cover } = layers
  const { sunOn, skyOn } = lightByNormal(day)
  const { clear, metresOf } = byDepth(weather)
  const sky = createSky(place, day, weather, moment)
  const skyLight = sky.light
  const [ambientR, ambientG, ambientB] = day.ambient
  const [sunR, sunG, sunB] = day.sun
  const [hazeR, hazeG, hazeB] = hazeLight(day, weather)
  const { gain, night, isInfrared, shadowTopM } = day
  const wet = weather.wet
  const street = smoothstep(0.15, 0.6, night) * 0.001
  const shadowSlope = shadowTopM > 0 ? 1 / (0.15 * shadowTopM + 12) : 0
  const noiseBytes = Math.round(1.6 + 2.4 * Math.sqrt(Math.max(0, gain - 1)) + (isInfrared ? 5 : 0))
  const shift = Math.floor(moment / 1000)
  const shiftX = (shift * 37) & GRAIN_MASK
  const shiftY = (shift * 101) & GRAIN_MASK

  const perLight = gain * TONE_PER_LIGHT

  let at = 0
  for (let row = 0; row < LAYERS_HEIGHT; row++) {
    const rowLight = 1 - 0.5 * ((row - LAYERS_HEIGHT / 2) / LAYERS_HEIGHT) ** 2
    const rise = (horizon - row) / focal
    const grainRow = ((row + shiftY) & GRAIN_MASK) << 7
    for (let column = 0; column < LAYERS_WIDTH; column++, at++) {
      const covered = cover[at] ?? 0
      let r = 0
      let g = 0
      let b = 0
      if (covered < 255) {
        sky.read(column, row)
        r = skyLight[0] ?? 0
        g = skyLight[1] ?? 0
        b = skyLight[2] ?? 0
        if (isInfrared) r = g = b = (r + g + b) / 3
      }
      if (covered > 0) {
        const far = depth[at] ?? 0
        const metres = metresOf[far] ?? 0
        const face = normal[at] ?? 0
        const what = kind[at] ?? 0
        const open = skyOn[face] ?? 0
        let direct = (sunOn[face] ?? 0) * (sunTaken[what] ?? 0)
        if (shadowSlope > 0 && direct > 0) {
          const lit = (heightM + rise * metres - shadowTopM) * shadowSlope + 0.5
          direct *= Math.min(1, Math.max(0, lit))
        }
        const lamps = (lamp[at] ?? 0) * street
        const ownR = linear[red[at] ?? 0] ?? 0
        const ownG = linear[green[at] ?? 0] ?? 0
        const ownB = linear[blue[at] ?? 0] ?? 0
        let lr = ownR * (ambientR * open + sunR * direct + LAMP[0] * lamps)
        let lg = ownG * (ambientG * open + sunG * direct + LAMP[1] * lamps)
        let lb = ownB * (ambientB * open + sunB * direct + LAMP[2] * lamps)
        if (what === Kind.road && wet > 0) {
          const dry = 1 - 0.42 * wet
          const mirrored = mirror(column, row, metres)
          const strength = mirrored < 0 ? 0 : (wet * (0.1 + 0.5 * smoothstep(8, 60, metres))) / gain
          lr = lr * dry + strength * (linear[into[mirrored] ?? 0] ?? 0)
          lg = lg * dry + strength * (linear[into[mirrored + 1] ?? 0] ?? 0)
          lb = lb * dry + strength * (linear[into[mirrored + 2] ?? 0] ?? 0)
        } else if (what === Kind.window || what === Kind.lamp) {
          const glowing = night * (what === Kind.lamp ? 0.4 : 0.075)
          lr += glowing
          lg += glowing * 0.72
          lb += glowing * 0.4
        }
        const through = clear[far] ?? 0
        const veiled = 1 - through
        lr = lr * through + hazeR * veiled
        lg = lg * through + hazeG * veiled
        lb = lb * through + hazeB * veiled
        if (isInfrared) {
          const torch =
            (5.6 / (metres * metres + 60)) * (thrownBack[what] ?? 0) * (0.35 + 0.65 * open) * (0.3 + 0.7 * through)
          lr = lg = lb = 0.4 * lr + 0.5 * lg + 0.1 * lb + torch * (0.3 * ownR + 0.5 * ownG + 0.2 * ownB + 0.02)
        }
        const share = covered / 255
        r += (lr - r) * share
        g += (lg - g) * share
        b += (lb - b) * share
      }
      const exposed = (rowLight - (sideTerm[column] ?? 0)) * perLight
      const speck = ((grain[grainRow + ((column + shiftX) & GRAIN_MASK)] ?? 0) * noiseBytes) >> 8
      const out = at << 2
      into[out] = (tone[Math.min(TONE_LAST, (r * exposed) | 0)] ?? 0) + speck
      into[out + 1] = (tone[Math.min(TONE_LAST, (g * exposed) | 0)] ?? 0) + speck
      into[out + 2] = (tone[Math.min(TONE_LAST, (b * exposed) | 0)] ?? 0) + speck + (speck >> 2)
      into[out + 3] = 255
    }
  }

  /** Where a wet pixel finds what it mirrors: as far above the horizon as it is below, a little torn. -1: nowhere. */
  function mirror(column: number, row: number, metres: number): number {
    const below = row - horizon
    const torn = (noise(column * 0.35, row * 0.5) - 0.5) * (6 + 400 / metres)
    const source = Math.round(horizon - below * 0.85 + torn)
    return source < 0 || source >= row ? -1 : (source * LAYERS_WIDTH + column) * 4
  }
}

/** How much sun and sky falls on each of the 256 directions. */
function lightByNormal({ sunDirection: sun }: Daylight) {
  const sunOn = new Float32Array(256)
  const skyOn = new Float32Array(256)
  for (let index = 0; index < 256; index++) {
    const { x, y, z } = normalOf(index)
    sunOn[index] = Math.max(0, x * sun.x + y * sun.y + z * sun.z)
    // Walls and trunks get what the ground gives back, too.
    skyOn[index] = 0.6 + 0.4 * y
  }
  return { sunOn, skyOn }
}

function byDepth(weather: Weather) {
  const metresOf = Float32Array.from({ length: 256 }, (_, byte) => depthMetres(byte))
  return { metresOf, clear: metresOf.map((metres) => throughAir(metres, weather)) }
}

/** 1 for every kind that is not named. */
function kindTable(named: Record<number, number>): Float32Array {
  return Float32Array.from({ length: 16 }, (_, kind) => named[kind] ?? 1)
}
