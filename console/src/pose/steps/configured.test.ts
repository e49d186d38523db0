import { describe, expect, test } from 'vitest'
import type { Documents } from '../../api/configuration.ts'
import { configured } from './configured.ts'

const place = { name: "Col d'Allos", road: 'D908', kind: 'col', latitude: 44.3, longitude: 6.6 } as const
const EMPTY: Documents = {
  site: { ...place, id: 'col-d-allos', altitudeM: 2247, wave: 2026 },
  ...{ camera: { cameras: [] }, schedule: { cameras: [] }, masks: { views: [] }, lane: { lanes: [] }, budget: {} },
}
const picture = { widthPx: 1920, quality: 70 }
const url = 'http://192.168.1.64/onvif/device_service'
const camera = { id: 'cam1', url, model: 'IPC', user: 'admin', views: [{ id: 'vue', label: 'vers Allos ' }] }
const zones = [
  {
    label: 'maison',
    fill: 'solid' as const,
    polygon: [
      [0, 0],
      [0.1, 0],
      [0, 0.1],
    ] as const,
  },
]
const drawn = {
  'cam1/vue': {
    zones,
    approvedOn: '2026-11-25',
    roadZone: [
      [0, 0],
      [1, 0],
      [1, 1],
    ] as const,
  },
}
const none = new Map<string, string>()

describe('what a site should be after the pole', () => {
  test('has the camera with its way in, a schedule, and its masks', () => {
    const site = configured(EMPTY, [camera], drawn, new Map([['cam1', 'secret']]))
    expect(site.camera.cameras).toEqual([
      {
        id: 'cam1',
        profile: 'generic-onvif',
        picture: { widthPx: 1280, quality: 80 },
        presets: [{ id: 'vue', label: 'vers Allos' }],
        access: { url, user: 'admin', password: 'secret' },
      },
    ])
    expect(site.schedule.cameras).toEqual([{ camera: 'cam1', schedule: { intervalS: 60 } }])
    expect(site.masks.views).toEqual([
      { camera: 'cam1', preset: 'vue', masks: { version: 1, approvedOn: '2026-11-25', zones } },
    ])
    expect(site.budget).toEqual({})
  })

  test('has no masks that nobody approved', () => {
    expect(configured(EMPTY, [camera], { 'cam1/vue': { zones } }, none).masks.views).toEqual([])
  })

  test('keeps the number of masks that did not change, and counts on with those that did', () => {
    const { masks } = configured(EMPTY, [camera], drawn, none)
    // The cloud tells again what it was told.
    const once = { ...EMPTY, masks } as Documents
    expect(configured(once, [camera], drawn, none).masks).toEqual(masks)
    const more = { 'cam1/vue': { ...drawn['cam1/vue'], zones: [...zones, ...zones] } }
    expect(configured(once, [camera], more, none).masks.views[0]?.masks.version).toBe(2)
  })

  test('keeps the password where the camera stays, asks for none elsewhere, and tells none to another host', () => {
    const known = { id: 'cam1', profile: 'x', picture, presets: [], access: { url, password: true as const } }
    const before = { ...EMPTY, camera: { cameras: [known] } }
    expect(configured(before, [camera], {}, none).camera.cameras[0]?.access?.password).toBe(true)
    const moved = { ...camera, url: 'http://192.168.1.99/onvif/device_service' }
    expect(configured(before, [moved], {}, none).camera.cameras[0]?.access).not.toHaveProperty('password')
    expect(configured(before, [camera], {}, none).camera.cameras[0]?.profile).toBe('x')
  })

  test('leaves alone what was planned and not touched', () => {
    const other = { id: 'cam2', profile: 'x', picture, presets: [{ id: 'col', label: 'le col' }] }
    const view = { camera: 'cam2', preset: 'col', masks: { version: 4, approvedOn: '2026-01-01', zones: [] } }
    const before = { ...EMPTY, camera: { cameras: [other] }, masks: { views: [view] } }
    const site = configured(before, [camera], drawn, none)
    expect(site.camera.cameras.map(({ id }) => id)).toEqual(['cam1', 'cam2'])
    expect(site.masks.views).toContainEqual(view)
  })
})
