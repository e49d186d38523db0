import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import type { CameraSite, WeatherName } from '../options.ts'
import { daylightAt } from './daylight.ts'
import { createExposure } from './exposure.ts'
import { drawLampGlow } from './lamp-glow.ts'
import { LAYERS_HEIGHT, LAYERS_WIDTH } from './layers.ts'
import { createPlaces } from './places.ts'
import { drawPrecipitation } from './precipitation.ts'
import { seasonAt } from './season.ts'
import { shadeScene } from './shade.ts'
import { drawTraffic } from './traffic.ts'
import { weatherAt } from './weather.ts'

/** What a camera looks at. */
export type View = { site: CameraSite; seed: string; weather?: WeatherName | undefined }

/** Paints the view of a moment over the whole of a canvas of 16 to 9. */
export type Scenery = { paint(context: SKRSContext2D, view: View, at: number): void }

export function createScenery(): Scenery {
  const places = createPlaces()
  const canvas = createCanvas(LAYERS_WIDTH, LAYERS_HEIGHT)
  const small = canvas.getContext('2d', { alpha: false })
  const pixels = small.createImageData(LAYERS_WIDTH, LAYERS_HEIGHT)

  return {
    paint(context, { site, seed, weather: wanted }, at) {
      const weather = weatherAt(site, seed, at, wanted)
      const season = seasonAt(site, seed, at, wanted)
      const { place, course, lamps, layers } = places.visit(site, seed, season)
      const day = daylightAt(place, weather, at)
      shadeScene(pixels.data, layers, place, day, weather, at)
      small.putImageData(pixels, 0, 0)
      // Plain interpolation: as soft as a lens, and half the work of the cubic one.
      context.imageSmoothingQuality = 'medium'
      context.drawImage(canvas, 0, 0, context.canvas.width, context.canvas.height)
      drawTraffic(context, place, course, day, createExposure(day, weather), season.roadSnow > 0, at)
      drawLampGlow(context, place, lamps, day, weather)
      drawPrecipitation(context, seed, day, weather, at)
    },
  }
}
