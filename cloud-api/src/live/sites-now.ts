import { isRoadSite } from '@vigie/config-schema/kinds-of-site'
import type { Store } from '../store/store.ts'
import type { SiteNow } from './feature.ts'

/**
 * Reads what the webcams' features are made of: the sites of the roads, since nobody outside is shown a museum here. The newest event's number is read first: everything up to it is in what
 * is read after it.
 */
export async function readSitesNow(
  store: Pick<Store, 'fleet' | 'frames' | 'presence' | 'cameraStates' | 'liveEvents'>,
): Promise<{ seq: number; sites: SiteNow[] }> {
  const seq = await store.liveEvents.newestSeq()
  const [documents, frames, presences, states] = await Promise.all([
    store.fleet.sites(),
    store.frames.latestFrames(),
    store.presence.all(),
    store.cameraStates.all(),
  ])
  const presenceByUnit = new Map(presences.map((presence) => [presence.unit as string, presence]))
  const sites = documents.filter(isRoadSite).map((site) => ({
    site,
    presence: presenceByUnit.get(site.unit) ?? null,
    cameras: states.filter((state) => state.site === site.id),
    latest: frames.filter((frame) => frame.site === site.id),
  }))
  return { seq, sites }
}
