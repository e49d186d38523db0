import { unlink } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE_MS, NOON, openTrialCloud, type TrialCloud } from './trial-cloud.fixture.ts'

const HOUR_MS = 60 * MINUTE_MS

describe('a stored picture', () => {
  let cloud: TrialCloud
  beforeEach(async () => {
    cloud = await openTrialCloud()
  })
  afterEach(() => cloud.close())

  const get = (url: string, headers: Record<string, string> = {}) => cloud.http.inject({ url, headers })

  it('comes with its capture time, a strong tag and what is left of its public day', async () => {
    const { id, sha256, picture } = await cloud.storeFrame({ capturedAt: NOON - HOUR_MS })
    const answer = await get(`/api/v1/pictures/${id}/full.jpg`)
    expect(answer.statusCode).toBe(200)
    expect(answer.rawPayload).toEqual(picture)
    expect(answer.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': String(picture.byteLength),
      etag: `"sha256-${sha256}"`,
      'last-modified': 'Sun, 22 Nov 2026 11:00:00 GMT',
      'cache-control': `public, max-age=${23 * 3600}, immutable`,
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
    })
  })

  it('is not sent again to who has it', async () => {
    const { id, sha256 } = await cloud.storeFrame()
    const url = `/api/v1/pictures/${id}/full.jpg`
    for (const headers of [
      { 'if-none-match': `"other", W/"sha256-${sha256}"` },
      { 'if-modified-since': 'Sun, 22 Nov 2026 12:00:00 GMT' },
    ]) {
      const answer = await get(url, headers)
      expect(answer.statusCode).toBe(304)
      expect(answer.payload).toBe('')
      expect(answer.headers.etag).toBe(`"sha256-${sha256}"`)
      expect(answer.headers['cache-control']).toContain('immutable')
    }
    expect((await get(url, { 'if-none-match': '"other"' })).statusCode).toBe(200)
  })

  it('answers the same from the disk and from memory, to GET, HEAD and conditions, over a real socket', async () => {
    const { id, picture } = await cloud.storeFrame()
    await cloud.http.listen({ host: '127.0.0.1', port: 0 })
    const { port } = cloud.http.server.address() as AddressInfo // listening on TCP
    const url = `http://127.0.0.1:${port}/api/v1/pictures/${id}/full.jpg`
    const ask = async (method: string, headers: Record<string, string> = {}) => {
      const answer = await fetch(url, { method, headers })
      const said: Record<string, string> = {}
      answer.headers.forEach((value, name) => {
        if (!['date', 'connection', 'keep-alive'].includes(name)) said[name] = value
      })
      return { status: answer.status, headers: said, body: Buffer.from(await answer.arrayBuffer()) }
    }
    const cold = await ask('GET')
    expect([cold.status, cold.body]).toEqual([200, picture])
    expect(await ask('GET')).toEqual(cold)
    expect(await ask('HEAD')).toEqual({ ...cold, body: Buffer.alloc(0) })
    const same = await ask('GET', { 'if-none-match': cold.headers['etag'] ?? '' })
    expect([same.status, same.body.byteLength, same.headers['etag']]).toEqual([304, 0, cold.headers['etag']])
    expect(same.headers['cache-control']).toBe(cold.headers['cache-control'])

    expect((await ask('POST')).status).toBe(405)
    cloud.pass(24 * HOUR_MS)
    expect((await ask('GET')).status).toBe(410)
  })

  it('is gone after 24 hours, also when it is still in memory and on the disk', async () => {
    const { id } = await cloud.storeFrame()
    const url = `/api/v1/pictures/${id}/full.jpg`
    cloud.pass(24 * HOUR_MS - 1)
    expect((await get(url)).statusCode).toBe(200)
    cloud.pass(1)
    const answer = await get(url)
    expect(answer.statusCode).toBe(410)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    expect(answer.json()).toMatchObject({ type: 'urn:vigie:problem:picture-gone', status: 410, instance: url })
  })

  it('stays gone when its file was deleted by the retention', async () => {
    const { id } = await cloud.storeFrame()
    cloud.pass(25 * HOUR_MS)
    await cloud.store.frames.forgetPictures(
      { before: cloud.clock.now() - 24 * HOUR_MS, limit: 10 },
      async (sha256s) => {
        for (const sha256 of sha256s) await cloud.files.remove(sha256)
      },
    )
    expect((await get(`/api/v1/pictures/${id}/full.jpg`)).statusCode).toBe(410)
  })

  it('that nobody knows is 404, whatever the address looks like', async () => {
    const { id } = await cloud.storeFrame()
    for (const path of [
      '01J0000000000000000000ZZZZ/full',
      `${id}/800`,
      `${id}/toString`,
      '..%2f..%2fetc/full',
      'x/full',
    ]) {
      const answer = await get(`/api/v1/pictures/${path}.jpg`)
      expect([path, answer.statusCode]).toEqual([path, 404])
      expect(answer.json().type).toBe('urn:vigie:problem:picture-unknown')
    }
  })

  it('whose file is missing is 503 and in the log, never another picture', async () => {
    const { id, sha256 } = await cloud.storeFrame()
    await unlink(cloud.files.pathOf(sha256, 'full'))
    const answer = await get(`/api/v1/pictures/${id}/full.jpg`)
    expect(answer.statusCode).toBe(503)
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'retry-after': '60' })
    expect(answer.json().type).toBe('urn:vigie:problem:picture-missing')
    expect(cloud.lines).toContainEqual(expect.objectContaining({ event: 'picture.missing', frame: id, sha256 }))
  })

  it('gives its thumbnails, each with a tag of its own', async () => {
    const { id, sha256 } = await cloud.storeFrame({ thumbnails: true })
    const [w640, w320] = [await get(`/api/v1/pictures/${id}/640.jpg`), await get(`/api/v1/pictures/${id}/320.jpg`)]
    expect([w640.payload, w320.payload]).toEqual(['640 of 1', '320 of 1'])
    expect([w640.headers.etag, w320.headers.etag]).toEqual([`"sha256-${sha256}-640"`, `"sha256-${sha256}-320"`])
  })

  it('gives thumbnails also before they are on the disk', async () => {
    const picture = await sharp({ create: { width: 1280, height: 720, channels: 3, background: '#456' } })
      .jpeg()
      .toBuffer()
    const { id } = await cloud.storeFrame({ picture, undeveloped: true })
    const answer = await get(`/api/v1/pictures/${id}/320.jpg`)
    expect(answer.statusCode).toBe(200)
    expect(await sharp(answer.rawPayload).metadata()).toMatchObject({ width: 320, height: 180 })
  })

  it('that nobody has decoded yet is decoded before anybody gets a byte of it', async () => {
    const half = await sharp({ create: { width: 1280, height: 720, channels: 3, background: '#456' } })
      .jpeg()
      .toBuffer()
    const { id } = await cloud.storeFrame({ picture: half.subarray(0, half.byteLength / 2), undeveloped: true })
    for (const size of ['full', '320']) {
      expect((await get(`/api/v1/pictures/${id}/${size}.jpg`)).statusCode).toBe(503)
    }
    expect(cloud.lines).toContainEqual(expect.objectContaining({ event: 'picture.missing', frame: id }))
  })

  it('that was taken back is gone', async () => {
    const { id } = await cloud.storeFrame({ undeveloped: true })
    const row = await cloud.store.frames.frameById(id)
    if (row === undefined) throw new Error('not stored')
    const letter = {
      ...{ receivedAt: NOON, topic: '', site: row.site, unit: row.unit, item: id, bytes: 1, excerpt: Buffer.from('') },
      ...{ reason: 'picture-not-decodable' as const, detail: '' },
    }
    await cloud.store.frames.takeBack({ id, letter, at: NOON }, async () => {})
    expect((await get(`/api/v1/pictures/${id}/full.jpg`)).statusCode).toBe(410)
  })

  it('is read from the disk once for many viewers at the same moment', async () => {
    const { id, sha256, picture } = await cloud.storeFrame()
    const url = `/api/v1/pictures/${id}/full.jpg`
    expect((await Promise.all(Array.from({ length: 20 }, () => get(url)))).every((one) => one.statusCode === 200)).toBe(
      true,
    )
    await unlink(cloud.files.pathOf(sha256, 'full'))
    expect((await get(url)).rawPayload).toEqual(picture)
  })
})

describe('the pictures in memory', () => {
  it('are those that were just decoded, without a look at the disk; those of a backlog are not', async () => {
    const cloud = await openTrialCloud()
    const statuses = []
    for (const capturedAt of [NOON, NOON - HOUR_MS]) {
      const { id } = await cloud.storeFrame({ capturedAt, withoutFile: true })
      const row = await cloud.store.frames.frameById(id)
      if (row !== undefined) cloud.pictures.offer(row, new Map([[320, Buffer.from('small')]]))
      statuses.push((await cloud.http.inject(`/api/v1/pictures/${id}/320.jpg`)).statusCode)
    }
    expect(statuses).toEqual([200, 503])
    await cloud.close()
  })

  it('never take more than their bytes: the longest unread goes back to the disk', async () => {
    const cloud = await openTrialCloud({ pictureCacheBytes: 13_000 })
    const frames = []
    for (let count = 0; count < 4; count += 1) {
      frames.push(await cloud.storeFrame({ capturedAt: NOON + count, picture: Buffer.alloc(4_000, count) }))
    }
    for (const { id } of frames) await cloud.http.inject(`/api/v1/pictures/${id}/full.jpg`)
    for (const { sha256 } of frames) await unlink(cloud.files.pathOf(sha256, 'full'))
    const statuses = []
    for (const { id } of frames) statuses.push((await cloud.http.inject(`/api/v1/pictures/${id}/full.jpg`)).statusCode)
    expect(statuses).toEqual([503, 503, 200, 200])
    await cloud.close()
  })
})
