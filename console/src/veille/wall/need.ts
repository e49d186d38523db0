import type { Freshness } from '../../api/schemas.ts'
import { type Camera, type Site, type View, viewsOf } from './site.ts'

/** What a site needs, from the most pressing to what somebody already looks after. */
export const NEEDS = ['offline', 'stale', 'failing', 'late', 'fresh', 'maintenance', 'withdrawn'] as const
export type Need = (typeof NEEDS)[number]

/** The three places of the wall: what must be looked at now, what may become so, and the rest. */
export type Zone = 'now' | 'soon' | 'calm'
const ZONE_OF: Record<Need, Zone> = {
  offline: 'now',
  stale: 'now',
  failing: 'now',
  late: 'soon',
  fresh: 'calm',
  maintenance: 'calm',
  withdrawn: 'calm',
}

/** One site with what it needs, the view that says so, and the camera that fails, if one does. */
export type Standing = { site: Site; need: Need; zone: Zone; view: View | null; failing: Camera | null }

/**
 * A site needs what its worst view needs. A camera that fails is told before its last picture has grown old, and where
 * no picture ever came though the unit is there.
 */
export function standingOf(site: Site): Standing {
  const failing = site.cameras.find(({ condition }) => condition === 'failing') ?? null
  const [view = null] = viewsOf(site).toSorted((a, b) => rankOf(a.preset.freshness) - rankOf(b.preset.freshness))
  const shown = view?.preset.freshness ?? 'offline'
  const isToldFirst = shown === 'fresh' || shown === 'late' || (shown === 'offline' && site.unit.presence === 'online')
  const need = failing !== null && isToldFirst ? 'failing' : shown
  return { site, need, zone: ZONE_OF[need], view, failing }
}

const rankOf = (need: Need | Freshness) => NEEDS.indexOf(need)
const french = new Intl.Collator('fr', { numeric: true })

/** The wall's order: by need, then by name, so that a tile keeps its place until its own state changes. */
export function sortByNeed(standings: readonly Standing[]): Standing[] {
  return standings.toSorted(
    (a, b) =>
      rankOf(a.need) - rankOf(b.need) ||
      french.compare(a.site.name, b.site.name) ||
      french.compare(a.site.site, b.site.site),
  )
}
