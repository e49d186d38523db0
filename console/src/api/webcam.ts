export type Freshness = 'fresh' | 'late' | 'stale' | 'offline' | 'maintenance' | 'withdrawn'
export type Picture = { full: string; w640: string; w320: string; widthPx: number; heightPx: number }
export type Preset = {
  id: string
  label: string
  freshness: Freshness
  capturedAt: string | null
  clock: 'synchronised' | 'estimated' | 'unknown' | null
  ageSeconds: number | null
  nextExpectedAt: string | null
  intervalSeconds: number
  picture: Picture | null
  history: string
}
export type Webcam = {
  id: string
  geometry: { coordinates: number[] }
  properties: {
    id: string
    site: string
    siteName: string
    name: string
    road: string
    kind: 'col' | 'station' | 'carrefour' | 'ville' | 'tunnel'
    altitudeM: number
    freshness: Freshness
    presets: Preset[]
  }
}
