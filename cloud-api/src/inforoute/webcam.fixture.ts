import type { Freshness, Preset, Webcam } from './webcam.ts'

/** Saturday 21 November 2026, 14 h 05 in Digne. */
export const NOW = Date.parse('2026-11-21T13:05:20Z')
const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString()

type Wanted = Partial<Webcam['properties']> & { preset?: Partial<Preset>; at?: [longitude: number, latitude: number] }

/** One view of a picture that was taken some seconds ago; null: none ever came. */
export function presetOf(freshness: Freshness, ageSeconds: number | null, over: Partial<Preset> = {}): Preset {
  const id = over.id ?? 'amont'
  const picture = {
    full: `/api/v1/pictures/${id}/full.jpg`,
    w640: `/api/v1/pictures/${id}/640.jpg`,
    w320: `/api/v1/pictures/${id}/320.jpg`,
    widthPx: 1280,
    heightPx: 720,
  }
  return {
    id,
    label: 'vers Allos',
    freshness,
    capturedAt: ageSeconds === null ? null : ago(ageSeconds),
    clock: ageSeconds === null ? null : 'synchronised',
    seenAt: ageSeconds === null ? null : ago(ageSeconds),
    seenClock: ageSeconds === null ? null : 'synchronised',
    ageSeconds,
    nextExpectedAt: null,
    intervalSeconds: 60,
    doubts: [],
    withheld: null,
    picture: ageSeconds === null ? null : picture,
    ...over,
  }
}

/** The webcam of a site; what is not said is that of the Col d'Allos. */
export function webcamOf({ preset, at = [6.5936, 44.2975], ...properties }: Wanted = {}): Webcam {
  const site = properties.site ?? 'col-d-allos'
  const id = `${site}-cam1`
  return {
    id,
    geometry: { coordinates: at },
    properties: {
      id,
      site,
      siteName: "Col d'Allos",
      name: "Col d'Allos",
      road: 'D908',
      kind: 'col',
      altitudeM: 2247,
      presets: [presetOf('fresh', 20, preset)],
      ...properties,
    },
  }
}

/** Three places that differ in everything by which they can be looked for. */
export const THREE: readonly Webcam[] = [
  webcamOf({ site: 'seyne', siteName: 'Seyne', road: 'D900', kind: 'ville', altitudeM: 1210, at: [6.356, 44.351] }),
  webcamOf(),
  webcamOf({
    site: 'col-de-fontbelle',
    siteName: 'Col de Fontbelle',
    road: 'D3',
    kind: 'col',
    altitudeM: 1304,
    at: [6.111, 44.207],
  }),
]
