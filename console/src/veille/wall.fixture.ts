import type { Freshness, Preset, Webcam } from '../api/schemas.ts'
import type { Camera, Site } from './wall/site.ts'

/** Saturday 21 November 2026, 14 h 05 in Digne. */
export const NOW = Date.parse('2026-11-21T13:05:20Z')
const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString()

const AGES: Record<Freshness, number> = {
  fresh: 20,
  late: 130,
  stale: 1320,
  offline: 26 * 3600,
  maintenance: 3600,
  withdrawn: 60,
}

export function presetOf(freshness: Freshness, over: Partial<Preset> = {}): Preset {
  const at = (size: string) => `/api/v1/pictures/${over.id ?? 'amont'}/${size}.jpg`
  return {
    id: 'amont',
    label: 'vers Allos',
    freshness,
    capturedAt: ago(AGES[freshness]),
    clock: 'synchronised',
    seenAt: over.capturedAt ?? ago(AGES[freshness]),
    seenClock: 'synchronised',
    ageSeconds: AGES[freshness],
    nextExpectedAt: null,
    intervalSeconds: 60,
    doubts: [],
    withheld: null,
    picture: { full: at('full'), w640: at('640'), w320: at('320'), widthPx: 1280, heightPx: 720 },
    history: '',
    ...over,
  }
}

export function webcamOf(site: string, presets: Preset[]): Webcam {
  const id = `${site}-cam1`
  return {
    type: 'Feature',
    id,
    geometry: { type: 'Point', coordinates: [6.59, 44.3] },
    properties: {
      id,
      site,
      siteName: site,
      name: site,
      road: 'D908',
      kind: 'col',
      altitudeM: 2247,
      freshness: presets[0]?.freshness ?? 'offline',
      presets,
    },
  }
}

type Wanted = Partial<Site> & { freshness?: Freshness; camera?: Partial<Camera> }

export function siteOf(name: string, { freshness = 'fresh', camera, ...over }: Wanted = {}): Site {
  const site = over.site ?? name.toLowerCase().replaceAll(/[^a-z]+/g, '-')
  return {
    site,
    name,
    road: 'D908',
    kind: 'col',
    altitudeM: 2247,
    freshness,
    unit: { id: 'vg-0001', presence: 'online', since: ago(86_400), heardAt: ago(5), software: '0.1.0', reason: null },
    webcams: [webcamOf(site, [presetOf(freshness)])],
    cameras: [{ camera: 'cam1', condition: 'capturing', since: ago(600), fault: null, failures: 0, ...camera }],
    ...over,
  }
}
