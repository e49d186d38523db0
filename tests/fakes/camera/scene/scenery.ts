import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import type { CameraSite, WeatherName } from '../options.ts'
import { drawBuildings } from './buildings.ts'
import { daylightAt } from './daylight.ts'
import { createGround } from './ground.ts'
import { drawLand } from './land.ts'
import { LAYERS_HEIGHT, LAYERS_WIDTH, layersOver, packLayers, unpackLayers } from './layers.ts'
import { createPlace, type Place } from './place.ts'
import { drawPortal } from './portal.ts'
import { createRoadCourse } from './road-course.ts'
import { createRoadSurface } from './road-surface.ts'
import { bakeLampLight, drawRoadside } from './roadside.ts'
import { type Season, seasonAt } from './season.ts'
import { shadeScene } from './shade.ts'
import { clearSheet, createSheet } from './sheet.ts'
import { createTerrain } from './terrain.ts'
import { createTreeShelf } from './trees.ts'
import { drawVegetation } from './vegetation.ts'
import { weatherAt } from './weather.ts'

/** What a camera looks at. */
export type View = { site: CameraSite; seed: string; weather?: WeatherName | undefined }

/** Paints the view of a moment over the whole of a canvas of 16 to 9. */
export type Scenery = { paint(context: SKRSContext2D, view: View, at: number): void }

/** Places that are kept, packed, about 1.6 MB each. Beyond: the one unused for longest is drawn anew when it is wanted. */
const PLACES_MAX = 64

type Kept = { place: Place; seasonKey: string; packed: Buffer }

export function createScenery(): Scenery {
  const sheet = createSheet()
  const canvas = createCanvas(LAYERS_WIDTH, LAYERS_HEIGHT)
  const small = canvas.getContext('2d', { alpha: false })
  const pixels = small.createImageData(LAYERS_WIDTH, LAYERS_HEIGHT)
  const shelf = createTreeShelf()
  const kept = new Map<string, Kept>()

  function draw(place: Place, season: Season) {
    clearSheet(sheet)
    const course = createRoadCourse(place)
    const terrain = createTerrain(place, course, season)
    drawLand(sheet, place, terrain, course, createRoadSurface(place, course, season), createGround(place, season))
    const portalLamps = drawPortal(sheet, place, course)
    drawBuildings(sheet, place, terrain, course, season)
    drawVegetation(sheet, place, terrain, course, season, shelf)
    const lamps = drawRoadside(sheet, place, terrain, course, season)
    bakeLampLight(sheet, place, [...lamps, ...portalLamps])
  }

  function layersOf(view: View, season: Season) {
    const key = `${view.seed}/${JSON.stringify(view.site)}`
    const known = kept.get(key)
    kept.delete(key)
    if (known !== undefined && known.seasonKey === season.key) {
      kept.set(key, known)
      return { place: known.place, layers: layersOver(unpackLayers(known.packed)) }
    }
    const place = known?.place ?? createPlace(view.site, view.seed)
    draw(place, season)
    kept.set(key, { place, seasonKey: season.key, packed: packLayers(sheet.bytes) })
    const [oldest] = kept.keys()
    if (kept.size > PLACES_MAX && oldest !== undefined) kept.delete(oldest)
    return { place, layers: sheet.layers }
  }

  return {
    paint(context, view, at) {
      const { site, seed } = view
      const weather = weatherAt(site, seed, at, view.weather)
      const { place, layers } = layersOf(view, seasonAt(site, seed, at, view.weather))
      const day = daylightAt(place, weather, at)
      shadeScene(pixels.data, layers, place, day, weather, at)
      small.putImageData(pixels, 0, 0)
      context.imageSmoothingEnabled = true
      context.imageSmoothingQuality = 'high'
      context.drawImage(canvas, 0, 0, context.canvas.width, context.canvas.height)
    },
  }
}
