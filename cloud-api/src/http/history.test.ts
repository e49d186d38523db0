import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE_MS, openTrialCloud, type TrialCloud } from './trial-cloud.fixture.ts'

const HOUR_MS = 60 * MINUTE_MS

describe('the history of a webcam', () => {
  let cloud: TrialCloud
  beforeEach(async () => {
    cloud = await openTrialCloud()
  })
  afterEach(() => cloud.close())

  const URL = '/api/v1/webcams/col-d-allos-cam1/history'
  const get = (query = '') => cloud.http.inject(`${URL}${query}`)

  it('lists the frames of the last day in order, of one preset or of all, without those that are public no more', async () => {
    const old = await cloud.storeFrame()
    cloud.pass(HOUR_MS)
    const up = await cloud.storeFrame()
    const down = await cloud.storeFrame({ preset: 'aval', doubts: 'picture-black' })
    await cloud.seeUnchanged(down.id, { seenAt: cloud.clock.now() + 10 * MINUTE_MS, intervalS: 600 })
    cloud.pass(23 * HOUR_MS)
    const all = (await get()).json()
    expect(all.frames.map(({ id }: { id: string }) => id)).toEqual([up.id, down.id])
    expect(all.frames).not.toContainEqual(expect.objectContaining({ id: old.id }))
    expect(all).toMatchObject({ webcam: 'col-d-allos-cam1', from: '2026-11-22T12:00:00.000Z', earlier: null })
    const one = (await get('?preset=aval')).json()
    expect(one.frames).toEqual([
      {
        id: down.id,
        preset: 'aval',
        capturedAt: '2026-11-22T13:00:00.000Z',
        clock: 'synchronised',
        seenAt: '2026-11-22T13:10:00.000Z',
        intervalSeconds: 600,
        doubts: ['picture-black'],
        picture: expect.objectContaining({ full: `/api/v1/pictures/${down.id}/full.jpg` }),
      },
    ])
  })

  it('takes a period with its start and without its end', async () => {
    const ids = []
    for (let count = 0; count < 4; count += 1) {
      ids.push((await cloud.storeFrame()).id)
      cloud.pass(MINUTE_MS)
    }
    const { frames } = (await get('?from=2026-11-22T12:01:00Z&to=2026-11-22T13:03:00%2B01:00')).json()
    expect(frames.map(({ id }: { id: string }) => id)).toEqual(ids.slice(1, 3))
  })

  it('names every parameter that is wrong', async () => {
    const answer = await get('?from=yesterday&to=2026-13-41T00:00:00Z')
    expect(answer.statusCode).toBe(400)
    expect(answer.json().parameters.map(({ name }: { name: string }) => name)).toEqual(['from'])
    const impossible = await get('?from=2026-13-41T00:00:00Z&to=2026-02-31T99:00:00Z')
    expect(impossible.json().parameters.map(({ name }: { name: string }) => name)).toEqual(['from', 'to'])
    const turned = await get('?from=2026-11-22T12:00:00Z&to=2026-11-22T11:00:00Z')
    expect(turned.json().parameters).toEqual([{ name: 'from', message: 'is after `to`' }])
    expect((await get('?preset=NOT%20ONE')).json().parameters[0].name).toBe('preset')
  })

  it('is not sent again while nothing is new', async () => {
    await cloud.storeFrame()
    const period = '?from=2026-11-22T11:00:00Z&to=2026-11-22T13:00:00Z'
    const { etag } = (await get(period)).headers
    const again = await cloud.http.inject({ url: `${URL}${period}`, headers: { 'if-none-match': String(etag) } })
    expect(again.statusCode).toBe(304)
  })

  it('of an unknown webcam is 404', async () => {
    expect((await cloud.http.inject('/api/v1/webcams/nowhere-cam1/history')).statusCode).toBe(404)
  })
})
