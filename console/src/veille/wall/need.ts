import type { Freshness } from '../../api/webcam.ts'
import { type Camera, type Site, type View, viewsOf } from './site.ts'

/** What a site needs, from the most pressing to what somebody already looks after. */
export const NEEDS = ['offline', 'failing', 'stale', 'late', 'fresh', 'maintenance', 'withdrawn'] as const
export type Need = (typeof NEEDS)[number]

/** The three places of the wall: what must be looked at now, what may become so, and the rest. */
export type Zone = 'now' | 'soon' | 'calm'
const ZONE_OF: Record<Need, Zone> = {
  offline: 'now',
  failing: 'now',
  stale: 'now',
  late: 'soon',
  fresh: 'calm',
  maintenance: 'calm',
  withdrawn: 'calm',
}

/** One site with what it needs and the view that says so. */
export type Standing = { site: Site; need: Need; zone: Zone; view: View | null; camera: Camera | null }

/** A site needs what its worst view needs; a camera that fails shows before its last picture has grown old. */
export function standingOf(site: Site): Standing {
  const failing = site.cameras.find(({ condition }) => condition === 'failing') ?? null
  const worst = viewsOf(site).toSorted((a, b) => rankOf(a.preset.freshness) - rankOf(b.preset.freshness))[0] ?? null
  const shown: Need = worst?.preset.freshness ?? 'offline'
  const isHidden = shown === 'maintenance' || shown === 'withdrawn'
  const need = failing !== null && !isHidden && rankOf('failing') < rankOf(shown) ? 'failing' : shown
  return { site, need, zone: ZONE_OF[need], view: worst, camera: failing }
}

const rankOf = (need: Need | Freshness) => NEEDS.indexOf(need)
const french = new Intl.Collator('fr', { numeric: true })

/**
 * The wall's order: by need, and within one need by name, so that a tile keeps its place until its own state changes.
 */
export function sortByNeed(standings: readonly Standing[]): Standing[] {
  return standings.toSorted(
    (a, b) =>
      rankOf(a.need) - rankOf(b.need) ||
      french.compare(a.site.name, b.site.name) ||
      (a.site.site < b.site.site ? -1 : 1),
  )
}
