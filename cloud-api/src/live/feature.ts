import type { CameraDocument, SiteDocument } from '@vigie/config-schema/site-document'
import type { CameraId, SiteId } from '@vigie/contract/ids'
import { PUBLIC_MS } from '../frames/lifetime.ts'
import { ageOf, type Freshness, freshnessOf, type View, worstOf } from '../freshness/freshness.ts'
import type { FrameTable, PresenceTable } from '../store/tables.ts'
import type { Picture, Preset, Webcam } from './webcam.ts'

export type Frame = Pick<
  FrameTable,
  'id' | 'camera' | 'preset' | 'capturedAt' | 'receivedAt' | 'clock' | 'widthPx' | 'heightPx' | 'picture' | 'thumbnails'
>

/** One site as the store knows it at one moment. */
export type SiteNow = {
  site: SiteDocument
  presence: Pick<PresenceTable, 'condition' | 'heardAt'> | null
  /** The newest frame of each view; at most one for each camera and preset. */
  latest: readonly Frame[]
}

/** A webcam, and the frames that it shows by preset. */
export type WebcamNow = { site: SiteId; camera: CameraId; webcam: Webcam; frames: ReadonlyMap<string, Frame> }

/** The webcams of a site as the public sees them at `now`. */
export function webcamsOf(siteNow: SiteNow, now: number): WebcamNow[] {
  return siteNow.site.cameras.map((camera) => ({
    site: siteNow.site.id as SiteId, // the document's schema has the same pattern
    camera: camera.id as CameraId, // the same
    webcam: webcamOf(siteNow, camera, now),
    frames: new Map(siteNow.latest.filter((frame) => frame.camera === camera.id).map((frame) => [frame.preset, frame])),
  }))
}

function webcamOf(siteNow: SiteNow, camera: CameraDocument, now: number): Webcam {
  const { site } = siteNow
  const id = webcamId(site.id, camera.id)
  const presets = camera.presets.map(({ id: preset, label }): Preset => {
    const view = viewOf(siteNow, camera, preset)
    const frame = frameOf(siteNow, camera.id, preset)
    const freshness = freshnessOf(view, now)
    const ageMs = view.capture === null ? null : ageOf(view.capture, now)
    return {
      id: preset,
      label,
      freshness,
      capturedAt: frame === undefined ? null : new Date(frame.capturedAt).toISOString(),
      clock: frame?.clock ?? null,
      ageSeconds: ageMs === null ? null : Math.floor(ageMs / 1000),
      nextExpectedAt: nextExpectedAt(freshness, view, ageMs),
      intervalSeconds: camera.schedule.intervalS,
      picture: frame !== undefined && isShown(frame, freshness, now) ? pictureOf(frame) : null,
      history: `/api/v1/webcams/${id}/history?preset=${preset}`,
    }
  })
  return {
    type: 'Feature',
    id,
    geometry: { type: 'Point', coordinates: [site.longitude, site.latitude] },
    properties: {
      id,
      site: site.id,
      siteName: site.name,
      name: site.cameras.length === 1 ? site.name : `${site.name} (${camera.id})`,
      road: site.road,
      kind: site.kind,
      altitudeM: site.altitudeM,
      freshness: worstOf(presets.map((preset) => preset.freshness)),
      presets,
    },
  }
}

/** A webcam's id in every public address. A camera's id has no hyphen, so the last one divides. */
export const webcamId = (site: string, camera: string): string => `${site}-${camera}`

/** What the freshness of one preset depends on. */
export function viewOf(siteNow: SiteNow, camera: CameraDocument, preset: string): View {
  const frame = frameOf(siteNow, camera.id, preset)
  return {
    intervalMs: camera.schedule.intervalS * 1000,
    capture: frame === undefined ? null : { at: frame.capturedAt, receivedAt: frame.receivedAt, clock: frame.clock },
    presence: siteNow.presence?.condition ?? 'unknown',
    heardAt: siteNow.presence?.heardAt ?? null,
    takenOff: null,
  }
}

/** The immutable addresses of a frame's picture. */
export function pictureOf(frame: Pick<Frame, 'id' | 'widthPx' | 'heightPx' | 'thumbnails'>): Picture {
  const at = (size: string) => `/api/v1/pictures/${frame.id}/${size}.jpg`
  const small = (size: string) => at(frame.thumbnails === 'impossible' ? 'full' : size)
  return { full: at('full'), w640: small('640'), w320: small('320'), widthPx: frame.widthPx, heightPx: frame.heightPx }
}

/** When a frame stops being public. A capture time ahead of its arrival would keep it too long: arrival bounds it. */
export const publicUntil = (frame: Pick<Frame, 'capturedAt' | 'receivedAt'>): number =>
  Math.min(frame.capturedAt, frame.receivedAt) + PUBLIC_MS

export const isPublic = (frame: Pick<Frame, 'capturedAt' | 'receivedAt' | 'picture'>, now: number): boolean =>
  frame.picture === 'kept' && now < publicUntil(frame)

const isShown = (frame: Frame, freshness: Freshness, now: number) => freshness !== 'withdrawn' && isPublic(frame, now)

const frameOf = ({ latest }: SiteNow, camera: string, preset: string) =>
  latest.find((frame) => frame.camera === camera && frame.preset === preset)

/** Nothing is promised while nobody takes pictures, or when the last capture time cannot be true. */
function nextExpectedAt(freshness: Freshness, { capture, intervalMs }: View, ageMs: number | null): string | null {
  if (capture === null || ageMs === null || !['fresh', 'late', 'stale'].includes(freshness)) return null
  return new Date(capture.at + intervalMs).toISOString()
}
