import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { takesGzip } from './send-text.ts'
import { openTrialCloud, siteDocument } from './trial-cloud.fixture.ts'

describe('a text', () => {
  it.each([
    ['gzip, deflate, br, zstd', true],
    ['br;q=1.0, gzip;q=0.8, *;q=0.1', true],
    ['*', true],
    ['GZIP', true],
    ['gzip;q=0', false],
    ['gzip;q=0.000, br', false],
    ['gzip;q=0.001', true],
    ['deflate, br', false],
    ['gzipped', false],
    ['', false],
    [undefined, false],
  ])('for Accept-Encoding %s is compressed: %s', (header, expected) => {
    expect(takesGzip(header)).toBe(expected)
  })

  it('is sent in the form that the client takes, each with a tag of its own', async () => {
    const cloud = await openTrialCloud({ sites: ['a', 'b', 'c', 'd'].map((id, at) => siteDocument(id, `vg-000${at}`)) })
    const get = (headers: Record<string, string>) => cloud.http.inject({ url: '/api/v1/webcams', headers })
    const plain = await get({})
    const gzipped = await get({ 'accept-encoding': 'gzip' })
    expect(gunzipSync(gzipped.rawPayload).equals(plain.rawPayload)).toBe(true)
    expect(gzipped.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' })
    expect(gzipped.headers.etag).not.toBe(plain.headers.etag)
    const again = await get({ 'accept-encoding': 'gzip', 'if-none-match': String(gzipped.headers.etag) })
    expect([again.statusCode, again.headers.vary]).toEqual([304, 'Accept-Encoding'])
    await cloud.close()
  })
})
