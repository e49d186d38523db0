import { type Camera, type Site, type View, viewsOf } from './site.ts'

/** What a site needs, from the most pressing to what somebody already looks after. */
export const NEEDS = ['offline', 'stale', 'failing', 'late', 'doubted', 'fresh', 'maintenance', 'withdrawn'] as const
export type Need = (typeof NEEDS)[number]

/** The three places of the wall: what must be looked at now, what may become so, and the rest. */
export type Zone = 'now' | 'soon' | 'calm'
const ZONE_OF: Record<Need, Zone> = {
  offline: 'now',
  stale: 'now',
  failing: 'now',
  late: 'soon',
  doubted: 'soon',
  fresh: 'calm',
  maintenance: 'calm',
  withdrawn: 'calm',
}

/** One site with what it needs, the view that says so, and the camera that fails, if one does. */
export type Standing = { site: Site; need: Need; zone: Zone; view: View | null; failing: Camera | null }

/**
 * A site needs what its worst view needs; a live view whose picture the unit doubts is the least of needs. A camera that
 * fails is told before its last picture has grown old, and where no picture ever came though the unit is there.
 */
export function standingOf(site: Site): Standing {
  const failing = site.cameras.find(({ condition }) => condition === 'failing') ?? null
  const [view = null] = viewsOf(site).toSorted((a, b) => rankOf(needOf(a)) - rankOf(needOf(b)))
  const shown = view === null ? 'offline' : needOf(view)
  const isPictured = shown === 'fresh' || shown === 'late' || shown === 'doubted'
  const isToldFirst = isPictured || (shown === 'offline' && site.unit.presence === 'online')
  const need = failing !== null && isToldFirst ? 'failing' : shown
  return { site, need, zone: ZONE_OF[need], view, failing }
}

/** What one view needs by itself. */
export const needOf = ({ preset }: View): Need =>
  preset.freshness === 'fresh' && preset.doubts.length > 0 ? 'doubted' : preset.freshness
const rankOf = (need: Need) => NEEDS.indexOf(need)
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
