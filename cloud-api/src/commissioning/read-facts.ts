import type { SiteDocument } from '@vigie/config-schema/site-document'
import { unitsOf } from '@vigie/config-schema/units-of'
import type { CameraId, UnitId } from '@vigie/contract/ids'
import { webcamsOf } from '../live/feature.ts'
import { readSitesNow } from '../live/sites-now.ts'
import type { SeriesStore } from '../series/series-store.ts'
import type { Commissioning } from '../store/commissionings.ts'
import type { Store } from '../store/store.ts'
import type { Facts } from './check.ts'
import { enteredIn } from './entered.ts'

export type FactSources = {
  store: Pick<
    Store,
    | 'fleet'
    | 'frames'
    | 'presence'
    | 'cameraStates'
    | 'liveEvents'
    | 'unitKeys'
    | 'unitCertificates'
    | 'configuration'
    | 'commissionings'
  >
  series: Pick<SeriesStore, 'read'>
}

/** Telemetry comes every ten minutes: the last quarter of an hour has one batch of it at least. */
const READINGS_MS = 15 * 60_000
const STEP_S = 60
/** A drill and the way home of what it made. */
const RECENT_MS = 30 * 60_000
const RECENT_FRAMES = 500

/** Everything that the checks of a commissioning look at, but for their commands. Null: its site is gone. */
export async function readFacts(
  { store, series }: FactSources,
  commissioning: Commissioning,
  now: number,
): Promise<Facts | null> {
  const { site: id } = commissioning
  const [document, { sites }] = await Promise.all([store.fleet.site(id), readSitesNow(store)])
  if (document === undefined) return null
  const siteNow = sites.find(({ site }) => site.id === id)
  const unit = unitOf(commissioning, document)
  const site = { ...document, unit }
  const recentOf = (camera: string) => {
    const period = { from: now - RECENT_MS, to: now + 60_000, limit: RECENT_FRAMES }
    return store.frames.history({ site: id, camera: camera as CameraId, ...period }) // of the document, as above
  }
  const recent = (await Promise.all(site.cameras.map((camera) => recentOf(camera.id)))).flat()
  const { replacedUnit } = commissioning
  const replaced = replacedUnit === null ? [] : await store.unitCertificates.ofUnit(replacedUnit)
  const newest = await store.configuration.newest(id)
  const reported = (await store.configuration.reported(id, unit)) ?? null
  const [presence, keys, latest, cameras, readings, steps, photos] = await Promise.all([
    store.presence.of(unit),
    store.unitKeys.ofUnit(unit),
    store.frames.latestFrames(),
    store.cameraStates.ofSite(id),
    series.read({
      site: id,
      unit: unitsOf(document).length > 1 ? unit : undefined,
      from: now - READINGS_MS,
      to: now + 1,
      stepS: STEP_S,
    }),
    store.commissionings.steps(commissioning.id),
    store.commissionings.photos(commissioning.id),
  ])
  return {
    now,
    commissioning,
    site,
    presence: presence ?? null,
    keys,
    replaced,
    configuration: newest === undefined ? null : { desired: newest.version, reported },
    latest: latest.filter((frame) => frame.site === id),
    recent,
    cameras,
    readings,
    // A museum is no webcam of anybody's.
    webcams: siteNow === undefined ? [] : webcamsOf(siteNow, now).map(({ webcam }) => webcam),
    entered: enteredIn(steps),
    photos,
    commands: new Map(),
  }
}

/** The box that a commissioning is about: the one that it names, as far as that stands at the site, else the site's own. */
function unitOf({ unit, replacedUnit }: Commissioning, document: SiteDocument): UnitId {
  const units = unitsOf(document)
  const own = [unit, replacedUnit].find((one) => one !== null && units.includes(one))
  return own ?? (document.unit as UnitId) // the document's schema has the same pattern
}
