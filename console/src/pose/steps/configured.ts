import type { Documents } from '../../api/configuration.ts'
import type { Zone } from '../drawing/drawing.ts'
import { type ChosenCamera, staysAsKnown } from './chosen-cameras.ts'
import type { DrawnViews } from './mask-views.ts'

type Camera = Documents['camera']['cameras'][number]
type Access = NonNullable<Camera['access']>
type View = Documents['masks']['views'][number]

/** A camera as the cloud takes it: with a password that was typed, which it tells nobody again. */
type WishedCamera = Omit<Camera, 'access'> & { access?: Omit<Access, 'password'> & { password?: true | string } }
type WishedView = Omit<View, 'masks'> & { masks: Omit<View['masks'], 'zones'> & { zones: readonly Zone[] } }
export type WishedDocuments = Omit<Documents, 'camera' | 'masks'> & {
  camera: { cameras: WishedCamera[] }
  masks: { views: WishedView[] }
}

/** What a new camera is until somebody says otherwise in the site's settings. */
const NEW_CAMERA = { profile: 'generic-onvif', picture: { widthPx: 1280, quality: 80 } }
const NEW_SCHEDULE = { intervalS: 60 }

/**
 * What a site should be, once what was chosen and drawn at the pole is in it. What was planned and not touched stays.
 * @param secrets the passwords that were typed, by camera; without one, that of before stays where its address does
 */
export function configured(
  documents: Documents,
  cameras: readonly ChosenCamera[],
  drawn: DrawnViews,
  secrets: ReadonlyMap<string, string>,
): WishedDocuments {
  const before = documents.camera.cameras
  const touched = cameras.map((camera) =>
    cameraOf(
      camera,
      before.find(({ id }) => id === camera.id),
      secrets.get(camera.id),
    ),
  )
  const untouched = before.filter(({ id }) => !cameras.some((camera) => camera.id === id))
  const unscheduled = cameras.filter(({ id }) => !documents.schedule.cameras.some(({ camera }) => camera === id))
  return {
    ...documents,
    camera: { cameras: [...touched, ...untouched].toSorted((a, b) => a.id.localeCompare(b.id)) },
    schedule: {
      cameras: [
        ...documents.schedule.cameras,
        ...unscheduled.map(({ id }) => ({ camera: id, schedule: NEW_SCHEDULE })),
      ],
    },
    masks: { views: masksOf(documents.masks.views, drawn) },
  }
}

function cameraOf(camera: ChosenCamera, before: Camera | undefined, secret: string | undefined): WishedCamera {
  const { id, url, user, views } = camera
  const presets = views.map((view) => ({
    ...before?.presets.find((one) => one.id === view.id),
    id: view.id,
    label: view.label.trim(),
  }))
  if (staysAsKnown(camera, secret)) return { ...NEW_CAMERA, ...before, id, presets }
  const isSameHost = before?.access !== undefined && hostOf(before.access.url) === hostOf(url)
  const password = secret ?? (isSameHost ? before.access?.password : undefined)
  const access = { url, ...(user === '' ? {} : { user }), ...(password === undefined ? {} : { password }) }
  return { ...NEW_CAMERA, ...before, id, presets, access }
}

function masksOf(before: readonly View[], drawn: DrawnViews): WishedView[] {
  const approved = Object.entries(drawn).flatMap(([key, { approvedOn, zones = [] }]) => {
    const [camera, preset] = key.split('/')
    if (approvedOn === undefined || camera === undefined || preset === undefined) return []
    const old = before.find((view) => view.camera === camera && view.preset === preset)
    // A frame says under which version of its masks it was made: the same masks keep theirs.
    if (old !== undefined && JSON.stringify(old.masks.zones) === JSON.stringify(zones)) return [old]
    return [{ camera, preset, masks: { version: (old?.masks.version ?? 0) + 1, approvedOn, zones } }]
  })
  const isApproved = (view: { camera: string; preset: string }) =>
    approved.some(({ camera, preset }) => camera === view.camera && preset === view.preset)
  return [...before.filter((view) => !isApproved(view)), ...approved]
}

const hostOf = (url: string) => (URL.canParse(url) ? new URL(url).host : url)
