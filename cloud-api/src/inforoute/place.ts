import type { Preset, SiteKind, Webcam } from './webcam.ts'

/** One view of a place, with the webcam it belongs to. */
export type View = { webcam: string; preset: Preset }

/** A site as the public knows it: one place on a road, with one or more views. */
export type Place = {
  site: string
  name: string
  road: string
  kind: SiteKind
  altitudeM: number
  longitude: number
  latitude: number
  /** Never empty. The first is the one to show when there is room for one. */
  views: readonly [View, ...View[]]
}

/** From the state that says most about the road now to the one that says least. */
const LIVELIEST = ['fresh', 'late', 'stale', 'offline', 'maintenance', 'withdrawn'] as const

/** Puts the webcams of a site together; views keep the order of the fleet, except that a livelier one comes first. */
export function placesOf(webcams: readonly Webcam[]): Place[] {
  const bySite = new Map<string, { first: Webcam; views: View[] }>()
  for (const webcam of webcams) {
    const known = bySite.get(webcam.properties.site) ?? { first: webcam, views: [] }
    known.views.push(...webcam.properties.presets.map((preset) => ({ webcam: webcam.properties.id, preset })))
    bySite.set(webcam.properties.site, known)
  }
  return [...bySite.values()].flatMap(({ first, views }) => {
    const [main, ...others] = views.toSorted((a, b) => livelinessOf(a) - livelinessOf(b))
    if (main === undefined) return []
    const { site, siteName, road, kind, altitudeM } = first.properties
    const [longitude = 0, latitude = 0] = first.geometry.coordinates
    return [{ site, name: siteName, road, kind, altitudeM, longitude, latitude, views: [main, ...others] as const }]
  })
}

const livelinessOf = ({ preset }: View) => LIVELIEST.indexOf(preset.freshness)

/** The state of a place is that of the view it shows. */
export const freshnessOf = (place: Place) => place.views[0].preset.freshness
