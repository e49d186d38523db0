import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE_MS, openTrialCloud, type TrialCloud } from './trial-cloud.fixture.ts'

describe('the latest picture of a preset', () => {
  let cloud: TrialCloud
  beforeEach(async () => {
    cloud = await openTrialCloud()
  })
  afterEach(() => cloud.close())

  const URL = '/api/v1/webcams/col-d-allos-cam1/presets/amont/latest.jpg'
  const get = (url = URL, headers: Record<string, string> = {}) => cloud.http.inject({ url, headers })
  /** The unit stays in touch, whatever becomes of its camera. */
  const stayInTouch = () =>
    cloud.store.items.storeItems({
      frames: [],
      states: [],
      deadLetters: [],
      heard: [{ unit: 'vg-0001' as never, site: 'col-d-allos' as never }], // ids of the fixture's document
      at: cloud.clock.now(),
    })

  it('is the newest, and says which one it is', async () => {
    await cloud.storeFrame()
    cloud.pass(MINUTE_MS)
    const { id, sha256, picture } = await cloud.storeFrame({ thumbnails: true })
    const answer = await get()
    expect(answer.statusCode).toBe(200)
    expect(answer.rawPayload).toEqual(picture)
    expect(answer.headers).toMatchObject({
      etag: `"sha256-${sha256}"`,
      'content-location': `/api/v1/pictures/${id}/full.jpg`,
      'last-modified': 'Sun, 22 Nov 2026 12:01:00 GMT',
      'cache-control': 'public, max-age=30',
    })
    expect((await get(`${URL}?width=320`)).headers['content-location']).toBe(`/api/v1/pictures/${id}/320.jpg`)
    expect((await get(URL, { 'if-none-match': `"sha256-${sha256}"` })).statusCode).toBe(304)
  })

  it('may not be kept past the moment at which it is stale', async () => {
    await cloud.storeFrame()
    cloud.pass(50_000)
    expect((await get()).headers['cache-control']).toBe('public, max-age=10')
    cloud.pass(3 * MINUTE_MS - 50_000 - 500)
    await stayInTouch()
    expect((await get()).headers['cache-control']).toBe('public, max-age=0')
  })

  it('may be kept again for as long once the view was found unchanged', async () => {
    const { id } = await cloud.storeFrame()
    cloud.pass(3 * MINUTE_MS)
    await cloud.seeUnchanged(id)
    cloud.pass(50_000)
    await stayInTouch()
    const answer = await get()
    expect(answer.statusCode).toBe(200)
    expect(answer.headers).toMatchObject({
      'cache-control': 'public, max-age=10',
      'last-modified': 'Sun, 22 Nov 2026 12:00:00 GMT',
    })
  })

  it('is 503 once it is stale, with the address of the last one', async () => {
    const { id } = await cloud.storeFrame()
    cloud.pass(3 * MINUTE_MS + 1)
    await stayInTouch()
    const answer = await get()
    expect(answer.statusCode).toBe(503)
    expect(answer.headers['retry-after']).toBe('60')
    expect(answer.json()).toMatchObject({
      type: 'urn:vigie:problem:no-live-picture',
      freshness: 'stale',
      capturedAt: '2026-11-22T12:00:00.000Z',
      picture: `/api/v1/pictures/${id}/full.jpg`,
    })
  })

  it('is 503 without any picture when there never was one', async () => {
    expect((await get()).json()).toMatchObject({ status: 503, freshness: 'offline', capturedAt: null, picture: null })
  })

  it('names every parameter that is wrong, and what is not known', async () => {
    const wrong = await get(`${URL}?width=800`)
    expect(wrong.statusCode).toBe(400)
    expect(wrong.json().parameters[0].name).toBe('width')
    expect((await get('/api/v1/webcams/nowhere-cam1/presets/amont/latest.jpg')).json().type).toMatch(/webcam-unknown$/)
    const unknown = (await get('/api/v1/webcams/col-d-allos-cam1/presets/nord/latest.jpg')).json()
    expect(unknown).toMatchObject({ status: 404, detail: 'Its presets: amont, aval.' })
  })
})
