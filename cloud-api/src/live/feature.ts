import type { RoadSite } from '@vigie/config-schema/kinds-of-site'
import type { CameraDocument } from '@vigie/config-schema/site-document'
import type { CameraId, SiteId } from '@vigie/contract/ids'
import { PUBLIC_MS } from '../frames/lifetime.ts'
import {
  ageOf,
  type Freshness,
  freshnessOf,
  intervalOf,
  type Sight,
  type View,
  worstOf,
} from '../freshness/freshness.ts'
import type { CameraStateTable, FrameTable, PresenceTable } from '../store/tables.ts'
import { type Picture, type Preset, type Webcam, WITHHELD, type Withheld } from './webcam.ts'

export type Frame = Pick<
  FrameTable,
  | 'id'
  | 'camera'
  | 'preset'
  | 'capturedAt'
  | 'receivedAt'
  | 'clock'
  | 'seenAt'
  | 'seenReceivedAt'
  | 'seenClock'
  | 'intervalS'
  | 'doubts'
  | 'widthPx'
  | 'heightPx'
  | 'picture'
  | 'thumbnails'
>

/** One site of the roads as the store knows it at one moment. */
export type SiteNow = {
  site: RoadSite
  presence: Pick<PresenceTable, 'condition' | 'heardAt'> | null
  /** How its cameras do, as far as the unit has said. */
  cameras: readonly Pick<CameraStateTable, 'camera' | 'condition' | 'since' | 'fault' | 'failures'>[]
  /** The newest frame of each view; at most one for each camera and preset. */
  latest: readonly Frame[]
}

/** A webcam, the frames that it shows by preset, and what their freshness depends on. */
export type WebcamNow = {
  site: SiteId
  camera: CameraId
  webcam: Webcam
  frames: ReadonlyMap<string, Frame>
  views: ReadonlyMap<string, View>
}

/** The webcams of a site as the public sees them at `now`. */
export function webcamsOf(siteNow: SiteNow, now: number): WebcamNow[] {
  return siteNow.site.cameras.map((camera) => ({
    site: siteNow.site.id as SiteId, // the document's schema has the same pattern
    camera: camera.id as CameraId, // the same
    webcam: webcamOf(siteNow, camera, now),
    frames: new Map(siteNow.latest.filter((frame) => frame.camera === camera.id).map((frame) => [frame.preset, frame])),
    views: new Map(camera.presets.map(({ id }) => [id, viewOf(siteNow, camera, id)])),
  }))
}

function webcamOf(siteNow: SiteNow, camera: CameraDocument, now: number): Webcam {
  const { site } = siteNow
  const id = webcamId(site.id, camera.id)
  const presets = camera.presets.map(({ id: preset, label }): Preset => {
    const view = viewOf(siteNow, camera, preset)
    const frame = frameOf(siteNow, camera.id, preset)
    const freshness = freshnessOf(view, now)
    const { seen } = view
    const ageMs = seen === null ? null : ageOf(seen, now)
    return {
      id: preset,
      label,
      freshness,
      capturedAt: frame === undefined ? null : new Date(frame.capturedAt).toISOString(),
      clock: frame?.clock ?? null,
      seenAt: seen === null ? null : new Date(seen.at).toISOString(),
      seenClock: seen?.clock ?? null,
      ageSeconds: ageMs === null ? null : Math.floor(ageMs / 1000),
      nextExpectedAt: nextExpectedAt(freshness, view, ageMs),
      intervalSeconds: intervalOf(view) / 1000,
      doubts: frame === undefined ? [] : doubtsOf(frame),
      withheld: withheldOf(siteNow, camera.id, seen),
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
    plannedMs: frame === undefined || frame.intervalS === null ? null : frame.intervalS * 1000,
    seen: frame === undefined ? null : sightOf(frame),
    presence: siteNow.presence?.condition ?? 'unknown',
    heardAt: siteNow.presence?.heardAt ?? null,
    takenOff: null,
  }
}

/** When a camera last showed what a frame's picture shows. */
export function sightOf(
  frame: Pick<Frame, 'capturedAt' | 'receivedAt' | 'clock' | 'seenAt' | 'seenReceivedAt' | 'seenClock'>,
): Sight {
  const { seenAt, seenReceivedAt, seenClock } = frame
  if (seenAt !== null && seenReceivedAt !== null && seenClock !== null) {
    return { at: seenAt, receivedAt: seenReceivedAt, clock: seenClock }
  }
  return { at: frame.capturedAt, receivedAt: frame.receivedAt, clock: frame.clock }
}

/** What the unit doubts of a picture, by code. */
export const doubtsOf = ({ doubts }: Pick<Frame, 'doubts'>): string[] => doubts.split(' ').filter((code) => code !== '')

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

/** Nothing is promised while nobody takes pictures, or when the time of the last sight cannot be true. */
function nextExpectedAt(freshness: Freshness, view: View, ageMs: number | null): string | null {
  if (view.seen === null || ageMs === null || !['fresh', 'late', 'stale'].includes(freshness)) return null
  return new Date(view.seen.at + intervalOf(view)).toISOString()
}

/**
 * Why the unit holds back the pictures of a view. A unit says it of a camera; a view that was seen since then is not the
 * one that it is said for.
 */
function withheldOf({ cameras }: SiteNow, camera: string, seen: Sight | null): Withheld | null {
  const isUnseen = (since: number) => seen === null || since >= seen.at
  const state = cameras.find((one) => one.camera === camera && one.condition === 'failing' && isUnseen(one.since))
  return WITHHELD.find((fault) => fault === state?.fault) ?? null
}
