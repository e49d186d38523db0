import type { BootId, CameraId, SiteId, UnitId } from '@vigie/contract/ids'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE_MS, NOON, openTrialCloud, siteDocument, type TrialCloud } from './trial-cloud.fixture.ts'

const UNIT = { site: 'col-d-allos' as SiteId, unit: 'vg-0001' as UnitId, boot: '01J00000000000000000000000' as BootId } // ids of the fixture

describe('what operators read', () => {
  let cloud: TrialCloud
  let operator: Record<string, string>
  beforeEach(async () => {
    cloud = await openTrialCloud({ sites: [siteDocument(), siteDocument('vars', 'vg-0002')] })
    operator = await cloud.signIn('viewer')
  })
  afterEach(() => cloud.close())

  const get = (url: string, headers: Record<string, string> = {}) =>
    cloud.http.inject({ url, headers: { ...operator, ...headers } })

  it('shows each site with its unit, its cameras and their faults, and the webcams as the public sees them', async () => {
    await cloud.store.presence.note({ ...UNIT, session: 1, online: true, software: '0.1.0' }, NOON)
    await cloud.storeFrame()
    cloud.pass(MINUTE_MS)
    const fault = { camera: 'cam1' as CameraId, condition: 'failing', fault: 'camera-silent', failures: 3 } as const
    await cloud.store.items.storeItems({
      frames: [],
      states: [{ ...UNIT, seq: 1, at: NOON, cameras: [{ ...fault, since: '2026-11-22T12:00:30.000Z' }] }],
      deadLetters: [],
      heard: [UNIT],
      at: cloud.clock.now(),
    })
    const wall = (await get('/api/v1/operators/wall')).json()
    expect(wall.sites.map(({ site }: { site: string }) => site)).toEqual(['col-d-allos', 'vars'])
    expect(wall.lastEventId).toBe(String(await cloud.store.liveEvents.newestSeq()))
    const { features } = (await get('/api/v1/webcams')).json()
    expect(wall.sites[0]).toEqual({
      site: 'col-d-allos',
      name: "Col d'Allos",
      road: 'D908',
      kind: 'col',
      altitudeM: 2247,
      freshness: 'offline',
      unit: {
        id: 'vg-0001',
        presence: 'online',
        since: '2026-11-22T12:00:00.000Z',
        heardAt: '2026-11-22T12:01:00.000Z',
        software: '0.1.0',
        reason: null,
      },
      webcams: [features[0]],
      cameras: [
        {
          camera: 'cam1',
          condition: 'failing',
          since: '2026-11-22T12:00:30.000Z',
          fault: 'camera-silent',
          failures: 3,
        },
      ],
    })
    expect(wall.sites[1]).toMatchObject({ unit: { presence: 'unknown', since: null, heardAt: null }, cameras: [] })
    expect((await get('/api/v1/operators/sites/col-d-allos')).json()).toEqual(wall.sites[0])
    expect((await get('/api/v1/operators/sites/nowhere')).statusCode).toBe(404)
  })

  it('is for no cache and for no page of another origin', async () => {
    const { headers } = await get('/api/v1/operators/wall', { origin: 'https://elsewhere.example' })
    expect(headers['cache-control']).toBe('no-store')
    expect(headers['access-control-allow-origin']).toBeUndefined()
  })

  it('gives the series of a unit in steps that fit a chart', async () => {
    cloud.readings.push({
      at: NOON - MINUTE_MS,
      temperatureC: 21.5,
      diskFreeBytes: null,
      diskTotalBytes: null,
      memoryBytes: 1e8,
      memoryFreeBytes: 2e8,
      clockOffsetMs: -12,
      answerMs: { cam1: 140 },
      queue: Object.fromEntries(
        ['ticket', 'alarm', 'state', 'telemetry', 'frame'].map((name) => [name, { items: 0, bytes: 0 }]),
      ) as never, // the five classes
      sentBytes: { ticket: 0, alarm: 0, state: 1, telemetry: 2, frame: 3 },
      wire: { sentBytes: 9, receivedBytes: 4 },
    })
    const day = (await get('/api/v1/operators/sites/col-d-allos/series')).json()
    expect(day).toMatchObject({ site: 'col-d-allos', from: '2026-11-21T12:00:00.000Z', stepSeconds: 120 })
    expect(day.readings[0]).toMatchObject({
      at: '2026-11-22T11:59:00.000Z',
      temperatureC: 21.5,
      answerMs: { cam1: 140 },
      wire: { sentBytes: 9, receivedBytes: 4 },
    })
    const week = (await get('/api/v1/operators/sites/col-d-allos/series?from=2026-11-15T12:00:00Z')).json()
    expect(week.stepSeconds).toBe(840)
    expect((await get('/api/v1/operators/sites/nowhere/series')).statusCode).toBe(404)
    expect((await get('/api/v1/operators/sites/col-d-allos/series?to=never')).statusCode).toBe(400)
  })

  it('is shown only as far as the roles reach', async () => {
    const headers = await cloud.signIn('viewer', ['vars'])
    const wall = (await cloud.http.inject({ url: '/api/v1/operators/wall', headers })).json()
    expect(wall.sites.map(({ site }: { site: string }) => site)).toEqual(['vars'])
    const other = await cloud.http.inject({ url: '/api/v1/operators/sites/col-d-allos', headers })
    expect([other.statusCode, other.json().type]).toEqual([403, 'urn:vigie:problem:out-of-scope'])
    expect((await cloud.http.inject({ url: '/api/v1/operators/sites/vars', headers })).statusCode).toBe(200)
  })
})
