import type { BrowserContext, Route } from 'playwright-core'
import sharp from 'sharp'

/**
 * A box at the pole, as the technician's page hears of it through the cloud: it enrols, finds cameras and shows where they
 * look. It stands in for routes of the cloud, so it lies about everything behind them.
 */
export type PoleUnit = {
  /** What the page asked for, in order: "POST /claims/bind". */
  asked: string[]
  bodies: Record<string, unknown>[]
  /** What the site should be by now. */
  documents: () => typeof PLANNED
  /** Somebody else has made another version. */
  outdate: () => void
  enrol: () => void
  /** A network that is gone carries none of these answers either. */
  reach: (is: boolean) => void
}

const JPEG_WIDTH = 320

/** A road that narrows towards a horizon, with a house beside it; each picture a little other, as live ones are. */
function roadPicture(count: number): Promise<Buffer> {
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${JPEG_WIDTH}" height="180">
    <rect width="320" height="80" fill="#9fb6c8"/><rect y="80" width="320" height="100" fill="#6d7a58"/>
    <path d="M150 80 L170 80 L260 180 L60 180 Z" fill="#5c5f63"/>
    <rect x="${20 + (count % 3)}" y="60" width="50" height="45" fill="#b39a7c"/><path d="M15 62 L45 40 L75 62 Z" fill="#7b3f2b"/>
  </svg>`
  return sharp(Buffer.from(drawing)).jpeg({ quality: 60 }).toBuffer()
}

export async function openPoleUnit(context: BrowserContext, unit: string): Promise<PoleUnit> {
  const asked: string[] = []
  const bodies: Record<string, unknown>[] = []
  let isEnrolled = false
  let isReached = true
  const take = (address: string, handle: (route: Route) => Promise<void>) =>
    context.route(address, (route) => (isReached ? handle(route) : route.abort('internetdisconnected')))
  let previews = 0
  let version = 1
  let documents = PLANNED
  const answer = (route: Route, status: number, json: unknown) => route.fulfill({ status, json })

  await take('**/api/v1/claims/bind', async (route) => {
    asked.push('bind')
    bodies.push(route.request().postDataJSON())
    await answer(route, 200, {})
  })
  await take('**/api/v1/operators/sites/*', (route) => {
    const presence = isEnrolled ? 'online' : 'unknown'
    const never = { since: null, heardAt: null, reason: null }
    return answer(route, 200, { unit: { id: unit, presence, software: isEnrolled ? '0.1.0' : null, ...never } })
  })
  await take('**/api/v1/sites/*/configuration', async (route) => {
    if (route.request().method() === 'GET') {
      return answer(route, 200, { condition: 'awaited', desired: { version, documents } })
    }
    const change = route.request().postDataJSON()
    asked.push('configuration')
    if (change.basedOn !== version) {
      return answer(route, 409, {
        type: 'urn:vigie:problem:configuration-outdated',
        title: '',
        status: 409,
        detail: '',
      })
    }
    version += 1
    documents = change.documents
    return answer(route, 201, {})
  })
  await take('**/api/v1/sites/*/commands', async (route) => {
    const wish = route.request().postDataJSON()
    asked.push(wish.body.name)
    bodies.push(wish)
    const result = wish.body.name === 'find-cameras' ? { of: 'found-cameras', cameras: CAMERAS } : null
    await answer(route, 201, { id: '01J00000000000000000000001', step: 'done', endReason: null, result, version: 3 })
  })
  await take('**/api/v1/sites/*/preview/*', async (route) => {
    previews += 1
    const headers = { 'x-preview-seq': String(previews), 'x-captured-at': '2026-11-22T12:00:00.000Z' }
    // The pace of a unit that sends two a second.
    await new Promise((resolve) => setTimeout(resolve, 400))
    await route.fulfill({ status: 200, headers, contentType: 'image/jpeg', body: await roadPicture(previews) })
  })
  return {
    asked,
    bodies,
    documents: () => documents,
    outdate: () => {
      version += 1
    },
    reach: (is) => {
      isReached = is
    },
    enrol: () => {
      isEnrolled = true
    },
  }
}

const CAMERAS = [
  {
    as: 'found1',
    url: 'http://192.168.1.64/onvif/device_service',
    name: 'IPC',
    model: 'IPC-T42',
    known: null,
    hasPreview: true,
  },
  {
    as: 'found2',
    url: 'http://192.168.1.65/onvif/device_service',
    name: 'DVR',
    model: 'NVR-8',
    known: null,
    hasPreview: false,
    fault: 'camera-auth',
  },
]

const PLANNED = {
  site: {},
  camera: {
    cameras: [{ id: 'cam1', profile: 'simulator', picture: {}, presets: [{ id: 'amont', label: 'vers Allos' }] }],
  },
  schedule: { cameras: [{ camera: 'cam1', schedule: { intervalS: 300 } }] },
  masks: { views: [] as { camera: string; preset: string; masks: { version: number; zones: { label: string }[] } }[] },
  lane: { lanes: [] },
  budget: {},
}
