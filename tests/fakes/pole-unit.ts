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
  enrol: () => void
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
  let previews = 0
  const answer = (route: Route, status: number, json: unknown) => route.fulfill({ status, json })

  await context.route('**/api/v1/claims/bind', async (route) => {
    asked.push('bind')
    bodies.push(route.request().postDataJSON())
    await answer(route, 200, {})
  })
  await context.route(`**/api/v1/units/${unit}`, (route) => {
    const presence = isEnrolled ? 'online' : 'unknown'
    const certificateEndsAt = isEnrolled ? '2027-05-24T12:00:00.000Z' : null
    return answer(route, 200, { unit, site: 'col-d-allos', presence, certificateEndsAt })
  })
  await context.route('**/api/v1/sites/*/commands', async (route) => {
    const wish = route.request().postDataJSON()
    asked.push(wish.body.name)
    bodies.push(wish)
    const result = wish.body.name === 'find-cameras' ? { of: 'found-cameras', cameras: CAMERAS } : null
    await answer(route, 201, { id: '01J00000000000000000000001', step: 'done', endReason: null, result, version: 3 })
  })
  await context.route('**/api/v1/sites/*/preview/*', async (route) => {
    previews += 1
    const headers = { 'x-preview-seq': String(previews), 'x-captured-at': '2026-11-22T12:00:00.000Z' }
    // The pace of a unit that sends two a second.
    await new Promise((resolve) => setTimeout(resolve, 400))
    await route.fulfill({ status: 200, headers, contentType: 'image/jpeg', body: await roadPicture(previews) })
  })
  return {
    asked,
    bodies,
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
