import type { CameraSite } from '../options.ts'
import { drawBuildings } from './buildings.ts'
import { createGround } from './ground.ts'
import { drawLand } from './land.ts'
import { type Layers, layersOver, packLayers, unpackLayers } from './layers.ts'
import { createPlace, type Place } from './place.ts'
import { drawPortal } from './portal.ts'
import { createRoadCourse, type RoadCourse } from './road-course.ts'
import { createRoadSurface } from './road-surface.ts'
import { bakeLampLight, drawRoadside, type LampHead } from './roadside.ts'
import type { Season } from './season.ts'
import { clearSheet, createSheet } from './sheet.ts'
import { createTerrain } from './terrain.ts'
import { createTreeShelf } from './trees.ts'
import { drawVegetation } from './vegetation.ts'

/** A place as it lies today, ready for light to fall on it. The layers hold until the next visit. */
export type Visit = { place: Place; course: RoadCourse; lamps: readonly LampHead[]; layers: Layers }

export type Places = { visit(site: CameraSite, seed: string, season: Season): Visit }

/** Places are kept packed, about 1.6 MB each. Beyond: the one unused for longest is drawn anew when it is wanted. */
const PLACES_MAX = 64

type Kept = Omit<Visit, 'layers'> & { seasonKey: string; packed: Buffer }

/** Draws a place when it is first seen and when its season has changed, which takes a second; else unpacks it. */
export function createPlaces(): Places {
  const sheet = createSheet()
  const shelf = createTreeShelf()
  const kept = new Map<string, Kept>()

  function draw(place: Place, course: RoadCourse, season: Season): LampHead[] {
    clearSheet(sheet)
    const terrain = createTerrain(place, course, season)
    drawLand(sheet, place, terrain, course, createRoadSurface(place, course, season), createGround(place, season))
    const inTunnel = drawPortal(sheet, place, course)
    drawBuildings(sheet, place, terrain, course, season)
    drawVegetation(sheet, place, terrain, course, season, shelf)
    const lamps = [...drawRoadside(sheet, place, terrain, course, season), ...inTunnel]
    bakeLampLight(sheet, place, lamps)
    return lamps
  }

  return {
    visit(site, seed, season) {
      const key = `${seed}/${JSON.stringify(site)}`
      const known = kept.get(key)
      kept.delete(key)
      if (known !== undefined && known.seasonKey === season.key) {
        kept.set(key, known)
        return { ...known, layers: layersOver(unpackLayers(known.packed)) }
      }
      const place = known?.place ?? createPlace(site, seed)
      const course = known?.course ?? createRoadCourse(place)
      const lamps = draw(place, course, season)
      kept.set(key, { place, course, lamps, seasonKey: season.key, packed: packLayers(sheet.bytes) })
      const [oldest] = kept.keys()
      if (kept.size > PLACES_MAX && oldest !== undefined) kept.delete(oldest)
      return { place, course, lamps, layers: sheet.layers }
    },
  }
}
