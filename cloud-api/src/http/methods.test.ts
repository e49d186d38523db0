import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTrialCloud, type TrialCloud } from './trial-cloud.fixture.ts'

describe('an address that is only read', () => {
  let cloud: TrialCloud
  beforeAll(async () => {
    cloud = await openTrialCloud()
  })
  afterAll(() => cloud.close())

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('refuses %s and says what is allowed', async (method) => {
    for (const url of ['/api/v1/webcams', '/api/v1/events', '/api/v1/operators/wall', '/health', '/']) {
      const answer = await cloud.http.inject({ method, url, payload: { any: 'thing' } })
      expect([url, answer.statusCode, answer.headers.allow]).toEqual([url, 405, 'GET, HEAD, OPTIONS'])
      expect(answer.json().type).toBe('urn:vigie:problem:method-not-allowed')
    }
  })

  it('lets pages of other origins ask with conditions, where the data is open', async () => {
    const preflight = { origin: 'https://elsewhere.example', 'access-control-request-headers': 'if-none-match' }
    const open = await cloud.http.inject({ method: 'OPTIONS', url: '/api/v1/webcams', headers: preflight })
    expect(open.statusCode).toBe(204)
    expect(open.headers['access-control-allow-headers']).toContain('If-None-Match')
    const closed = await cloud.http.inject({ method: 'OPTIONS', url: '/api/v1/operators/wall', headers: preflight })
    expect(closed.headers['access-control-allow-origin']).toBeUndefined()
  })

  it('that cannot be read is a problem like any other', async () => {
    const answer = await cloud.http.inject({ url: '/api/v1/webcams/%zz' })
    expect(answer.statusCode).toBe(400)
    expect(answer.json().type).toBe('urn:vigie:problem:request-wrong')
  })

  it('answers HEAD with the headers of GET', async () => {
    for (const url of ['/api/v1/webcams', '/api/v1/webcams/col-d-allos-cam1', '/health', '/']) {
      const [get, head] = [await cloud.http.inject({ url }), await cloud.http.inject({ method: 'HEAD', url })]
      expect([url, head.statusCode, head.payload]).toEqual([url, 200, ''])
      expect(head.headers['content-length']).toBe(get.headers['content-length'])
      expect(head.headers['cache-control']).toBe(get.headers['cache-control'])
    }
  })
})
