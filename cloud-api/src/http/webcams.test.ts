import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MINUTE_MS, NOON, openTrialCloud, type TrialCloud } from './trial-cloud.fixture.ts'

describe('the list of webcams', () => {
  let cloud: TrialCloud
  beforeEach(async () => {
    cloud = await openTrialCloud()
  })
  afterEach(() => cloud.close())

  const list = async (headers: Record<string, string> = {}) => cloud.http.inject({ url: '/api/v1/webcams', headers })

  it('says what each preset shows, how old it is and when the next picture is due', async () => {
    const { id } = await cloud.storeFrame({ capturedAt: NOON - 20_000 })
    const answer = await list()
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toContain('application/geo+json')
    const { features, lastEventId } = answer.json()
    expect(lastEventId).toBe('1')
    expect(features).toHaveLength(1)
    expect(features[0]).toMatchObject({
      type: 'Feature',
      id: 'col-d-allos-cam1',
      geometry: { type: 'Point', coordinates: [6.5953, 44.2989] },
      properties: { siteName: "Col d'Allos", road: 'D908', altitudeM: 2247, freshness: 'offline' },
    })
    expect(features[0].properties.presets[0]).toEqual({
      id: 'amont',
      label: 'vers Allos',
      freshness: 'fresh',
      capturedAt: '2026-11-22T11:59:40.000Z',
      clock: 'synchronised',
      seenAt: '2026-11-22T11:59:40.000Z',
      seenClock: 'synchronised',
      ageSeconds: 20,
      nextExpectedAt: '2026-11-22T12:00:40.000Z',
      intervalSeconds: 60,
      doubts: [],
      withheld: null,
      picture: {
        full: `/api/v1/pictures/${id}/full.jpg`,
        w640: `/api/v1/pictures/${id}/640.jpg`,
        w320: `/api/v1/pictures/${id}/320.jpg`,
        widthPx: 1280,
        heightPx: 720,
      },
      history: '/api/v1/webcams/col-d-allos-cam1/history?preset=amont',
    })
    expect(features[0].properties.presets[1]).toMatchObject({ freshness: 'offline', capturedAt: null, picture: null })
  })
  it('counts a view that was found unchanged as seen, by the plan that was in force, and says both times', async () => {
    const { id } = await cloud.storeFrame({ clock: 'estimated', doubts: 'picture-blurred' })
    cloud.pass(5 * MINUTE_MS)
    await cloud.seeUnchanged(id, { intervalS: 300 })
    cloud.pass(20_000)
    expect((await list()).json().features[0].properties.presets[0]).toMatchObject({
      freshness: 'fresh',
      capturedAt: '2026-11-22T12:00:00.000Z',
      clock: 'estimated',
      seenAt: '2026-11-22T12:05:00.000Z',
      seenClock: 'synchronised',
      ageSeconds: 20,
      nextExpectedAt: '2026-11-22T12:10:00.000Z',
      intervalSeconds: 300,
      doubts: ['picture-blurred'],
    })
  })

  it('says why pictures are held back, of the view that is not seen any more, and of no other fault', async () => {
    const withheld = async () =>
      (await list()).json().features[0].properties.presets.map((preset: { withheld: unknown }) => preset.withheld)
    await cloud.sayState({ fault: 'view-moved' })
    expect(await withheld()).toEqual(['view-moved', 'view-moved'])
    cloud.pass(1_000)
    await cloud.storeFrame({ preset: 'aval' })
    expect(await withheld()).toEqual(['view-moved', null])
    await cloud.sayState({ fault: 'camera-timeout' })
    expect(await withheld()).toEqual([null, null])
    await cloud.sayState({ condition: 'capturing' })
    expect(await withheld()).toEqual([null, null])
  })

  it('calls a picture late and then stale as time passes, without anything new', async () => {
    await cloud.storeFrame()
    await cloud.storeFrame({ preset: 'aval' })
    const freshness = async () => (await list()).json().features[0].properties.freshness
    expect(await freshness()).toBe('fresh')
    cloud.pass(1.5 * MINUTE_MS)
    expect(await freshness()).toBe('late')
    cloud.pass(1.5 * MINUTE_MS)
    expect(await freshness()).toBe('late')
  })
})

describe('a storm of viewers', () => {
  it('costs one reading of the store a second, whatever their number', async () => {
    const cloud = await openTrialCloud()
    await cloud.storeFrame()
    const reads = vi.spyOn(cloud.store.frames, 'latestFrames')
    for (let second = 0; second < 3; second += 1) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, viewer) => cloud.http.inject(viewer % 2 === 0 ? '/api/v1/webcams' : '/')),
      )
      expect(answers.every(({ statusCode }) => statusCode === 200)).toBe(true)
      cloud.pass(1_001)
    }
    // Once more where the reader of the log, which polls meanwhile, made the first one out of date.
    expect(reads.mock.calls.length).toBeLessThanOrEqual(4)
    await cloud.close()
  })
})
