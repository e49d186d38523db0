import type { CameraSite } from '../options.ts'
import { drawBuildings } from './buildings.ts'
import { createGround } from './ground.ts'
import { bakeLampLight } from './lamp-light.ts'
import { drawLand } from './land.ts'
import type { Layers } from './layers.ts'
import { PACKED_MAX_BYTES, type PackedLayers, packLayers, unpackLayers } from './packed-layers.ts'
import { createPlace, type Place } from './place.ts'
import { drawPortal } from './portal.ts'
import { createRoadCourse, type RoadCourse } from './road-course.ts'
import { createRoadSurface } from './road-surface.ts'
import { drawRoadside, type LampHead } from './roadside.ts'
import type { Season } from './season.ts'
import { clearSheet, createSheet } from './sheet.ts'
import { createTerrain } from './terrain.ts'
import { createTreeShelf } from './trees.ts'
import { drawVegetation } from './vegetation.ts'

/** A place as it lies today, ready for light to fall on it. The layers hold until the next visit. */
export type Visit = { place: Place; course: RoadCourse; lamps: readonly LampHead[]; layers: Layers }

export type Places = { visit(site: CameraSite, seed: string, season: Season): Visit }

/**
 * So many places are kept packed, in one buffer that is made at once and filled bit by bit: pages that were never written
 * take no memory, and buffers of their own would leave holes between them. Beyond: the place unused for longest goes.
 */
const PLACES_MAX = 64

type Kept = Omit<Visit, 'layers'> & { seasonKey: string; slot: number; packed: PackedLayers | undefined }

/** Draws a place when it is first seen and when its season has changed, which takes a second; else unpacks it. */
export function createPlaces(): Places {
  const sheet = createSheet()
  const shelf = createTreeShelf()
  const room = new ArrayBuffer(PLACES_MAX * PACKED_MAX_BYTES)
  const freeSlots = Array.from({ length: PLACES_MAX }, (_, slot) => slot).reverse()
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

  function takeSlot(): number {
    const free = freeSlots.pop()
    if (free !== undefined) return free
    const [oldest] = kept
    if (oldest === undefined) throw new Error('every slot is taken by nobody')
    kept.delete(oldest[0])
    return oldest[1].slot
  }

  return {
    visit(site, seed, season) {
      const key = `${seed}/${JSON.stringify(site)}`
      const known = kept.get(key)
      kept.delete(key)
      if (known?.packed !== undefined && known.seasonKey === season.key) {
        kept.set(key, known)
        unpackLayers(known.packed, sheet.layers)
        return { ...known, layers: sheet.layers }
      }
      const slot = known?.slot ?? takeSlot()
      const place = known?.place ?? createPlace(site, seed)
      const course = known?.course ?? createRoadCourse(place)
      const lamps = draw(place, course, season)
      const packed = packLayers(sheet.layers, room, slot * PACKED_MAX_BYTES)
      kept.set(key, { place, course, lamps, seasonKey: season.key, slot, packed })
      return { place, course, lamps, layers: sheet.layers }
    },
  }
}
