/** What a page needs of a webcam: the feature of GET /api/v1/webcams, as far as it is shown. */
export type Freshness = 'fresh' | 'late' | 'stale' | 'offline' | 'maintenance' | 'withdrawn'

export type SiteKind = 'col' | 'station' | 'carrefour' | 'ville' | 'tunnel'

/** Addresses of one stored picture, each immutable, and the size of the full one. */
export type Picture = { full: string; w640: string; w320: string; widthPx: number; heightPx: number }

type Clock = 'synchronised' | 'estimated' | 'unknown'

/** One view of a webcam. */
export type Preset = {
  id: string
  /** What is seen: "vers Allos". */
  label: string
  freshness: Freshness
  /** When the picture was taken, ISO 8601 in UTC; null when none ever came. */
  capturedAt: string | null
  /** How far the time above can be trusted. */
  clock: Clock | null
  /** When the camera last showed what the picture shows. */
  seenAt: string | null
  seenClock: Clock | null
  /** Since `seenAt`. Null when there is no picture, or when its time cannot be true. */
  ageSeconds: number | null
  nextExpectedAt: string | null
  intervalSeconds: number
  /** What the unit doubts of the picture, by code. */
  doubts: readonly string[]
  /** Why there is nothing newer. */
  withheld: 'picture-frozen' | 'view-moved' | 'picture-not-road' | null
  picture: Picture | null
}

export type Webcam = {
  id: string
  /** Longitude and latitude, WGS 84. */
  geometry: { coordinates: readonly number[] }
  properties: {
    id: string
    site: string
    siteName: string
    name: string
    road: string
    kind: SiteKind
    altitudeM: number
    presets: readonly Preset[]
  }
}

/** A picture of the last 24 hours, as the history of a webcam lists it. */
export type PastFrame = { preset: string; capturedAt: string; seenAt: string; picture: Picture }
