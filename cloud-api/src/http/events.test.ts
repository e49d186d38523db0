import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type EventStream, openEventStream } from './event-stream.fixture.ts'
import { MINUTE_MS, NOON, openTrialCloud, siteDocument, type TrialCloud } from './trial-cloud.fixture.ts'

describe('the stream of events', () => {
  let cloud: TrialCloud
  let address: string
  let streams: EventStream[]

  beforeEach(async () => {
    cloud = await openTrialCloud({
      sites: [
        siteDocument('allos', 'vg-0001'),
        siteDocument('bayons', 'vg-0002'),
        siteDocument('castellane', 'vg-0003'),
      ],
      live: { maxListeners: 3 },
    })
    await cloud.http.listen({ host: '127.0.0.1', port: 0 })
    const { port } = cloud.http.server.address() as AddressInfo // listening on TCP
    address = `http://127.0.0.1:${port}/api/v1/events`
    streams = []
  })
  afterEach(async () => {
    for (const stream of streams) stream.close()
    await cloud.close()
  })

  async function listen(url = address, headers: Record<string, string> = {}) {
    const stream = await openEventStream(url, headers)
    streams.push(stream)
    return stream
  }
  const webcamOf = (event: { data?: string } | undefined) => JSON.parse(event?.data ?? '{}')

  it('begins with when to come back and from where', async () => {
    const stream = await listen()
    expect(stream.status).toBe(200)
    expect(stream.headers).toMatchObject({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    expect(stream.headers['access-control-allow-origin']).toBe('*')
    expect(await stream.next()).toEqual({ retry: '4000', id: '0' })
  })

  it('brings a webcam as it is now each time that it changes', async () => {
    const stream = await listen()
    await stream.next()
    const { id } = await cloud.storeFrame({ site: 'allos' })
    cloud.live.ring()
    const event = await stream.next()
    expect(event).toMatchObject({ id: '1', event: 'webcam' })
    expect(webcamOf(event)).toMatchObject({
      cause: 'frame',
      webcam: {
        id: 'allos-cam1',
        properties: { presets: [{ freshness: 'fresh', picture: { full: `/api/v1/pictures/${id}/full.jpg` } }, {}] },
      },
    })
  })

  it('tells that a view was found unchanged, with the same picture and the time at which it was seen', async () => {
    const { id } = await cloud.storeFrame({ site: 'allos' })
    const stream = await listen(`${address}?lastEventId=1`)
    await stream.next()
    cloud.pass(MINUTE_MS)
    await cloud.seeUnchanged(id)
    cloud.live.ring()
    const { cause, webcam } = webcamOf(await stream.next())
    expect(cause).toBe('unchanged')
    expect(webcam.properties.presets[0]).toMatchObject({
      ageSeconds: 0,
      capturedAt: new Date(NOON).toISOString(),
      seenAt: new Date(NOON + MINUTE_MS).toISOString(),
      picture: { full: `/api/v1/pictures/${id}/full.jpg` },
    })
  })

  it('tells what another instance has written, without being rung for', async () => {
    const stream = await listen()
    await stream.next()
    await cloud.storeFrame({ site: 'bayons' })
    expect(webcamOf(await stream.next()).webcam.id).toBe('bayons-cam1')
  })

  it('brings a client that comes back each webcam that changed, once, as it is now, and no other', async () => {
    const first = await listen()
    await first.next()
    await cloud.storeFrame({ site: 'allos' })
    const seen = await first.next()
    first.close()

    for (const site of ['bayons', 'castellane', 'bayons']) {
      cloud.pass(MINUTE_MS)
      await cloud.storeFrame({ site })
    }
    const last = await cloud.storeFrame({ site: 'castellane', preset: 'aval' })
    await expect.poll(async () => (await listenersPosition()).id).toBe('5')

    const again = await listen(address, { 'last-event-id': seen?.id ?? '' })
    expect(await again.next()).toMatchObject({ id: '1' })
    const [bayons, castellane] = [await again.next(), await again.next()]
    expect([bayons?.id, webcamOf(bayons).webcam.id]).toEqual(['4', 'bayons-cam1'])
    expect([castellane?.id, webcamOf(castellane).webcam.id]).toEqual(['5', 'castellane-cam1'])
    expect(webcamOf(castellane).webcam.properties.presets[1].picture.full).toContain(last.id)

    cloud.pass(MINUTE_MS)
    await cloud.storeFrame({ site: 'allos' })
    expect(webcamOf(await again.next()).webcam.id).toBe('allos-cam1')
  })

  it('tells a client of a camera that failed while it was away, though a picture came after that', async () => {
    await cloud.storeFrame({ site: 'allos' })
    await cloud.sayState({ fault: 'camera-timeout' }, 'allos')
    cloud.pass(MINUTE_MS)
    await cloud.storeFrame({ site: 'allos' })
    await expect.poll(async () => (await listenersPosition()).id).toBe('3')
    const stream = await listen(`${address}?lastEventId=1`)
    expect(await stream.next()).toMatchObject({ id: '1' })
    const event = await stream.next()
    expect([event?.id, webcamOf(event).cause]).toEqual(['3', 'state'])
  })

  it('goes on from the list that a page shows, by the address', async () => {
    await cloud.storeFrame({ site: 'allos' })
    const { lastEventId } = (await cloud.http.inject('/api/v1/webcams')).json()
    cloud.pass(MINUTE_MS)
    await cloud.storeFrame({ site: 'bayons' })
    const stream = await listen(`${address}?lastEventId=${lastEventId}`)
    expect(await stream.next()).toMatchObject({ id: '1' })
    expect(webcamOf(await stream.next()).webcam.id).toBe('bayons-cam1')
  })

  it('says to begin anew when the log does not reach back so far, or never was there', async () => {
    await cloud.storeFrame({ site: 'allos' })
    cloud.pass(MINUTE_MS)
    await cloud.storeFrame({ site: 'allos' })
    await cloud.store.liveEvents.trim(cloud.clock.now())
    for (const lastEventId of ['0', '999']) {
      await expect.poll(async () => (await listenersPosition()).id).toBe('2')
      const stream = await listen(address, { 'last-event-id': lastEventId })
      expect(await stream.next()).toMatchObject({ id: '2' })
      expect(await stream.next()).toMatchObject({ id: '2', event: 'reset', data: '{"lastEventId":"2"}' })
      stream.close()
    }
  })

  it('refuses an id that is none, and names the parameter', async () => {
    const answer = await cloud.http.inject({ url: '/api/v1/events', headers: { 'last-event-id': 'yesterday' } })
    expect(answer.statusCode).toBe(400)
    expect(answer.json().parameters).toEqual([{ name: 'lastEventId', message: 'is not an id of an event' }])
  })

  it('answers 503 to one client too many, and takes it when another has gone', async () => {
    const [first] = [await listen(), await listen(), await listen()]
    const refused = await listen()
    expect(refused.status).toBe(503)
    expect(refused.headers['retry-after']).toBe('10')
    first?.close()
    await expect.poll(() => cloud.live.listenerCount()).toBe(2)
    expect((await listen()).status).toBe(200)
  })

  it('leaves no listener behind when a client is killed', async () => {
    const stream = await listen()
    await stream.next()
    expect(cloud.live.listenerCount()).toBe(1)
    stream.close()
    await expect.poll(() => cloud.live.listenerCount()).toBe(0)
  })

  it('sends a comment every 20 seconds, so that nothing between takes the line for dead', async () => {
    const stream = await listen()
    await stream.next()
    cloud.pass(20_000)
    expect(await stream.nextBlock()).toEqual({ comment: '' })
  })

  it('answers HEAD without beginning a stream', async () => {
    const answer = await fetch(address, { method: 'HEAD' })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/event-stream')
    expect(cloud.live.listenerCount()).toBe(0)
  })

  it('ends when the server stops, without waiting for its clients', async () => {
    const stream = await listen()
    await stream.next()
    const closed = once(cloud.http.server, 'close')
    await cloud.http.close()
    await closed
    expect(await stream.next()).toBeUndefined()
  })

  /** Where a client that comes now begins. */
  async function listenersPosition() {
    const stream = await openEventStream(address)
    const greeting = await stream.next()
    stream.close()
    return { id: greeting?.id }
  }
})
