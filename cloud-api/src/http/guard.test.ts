import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { IDLE_MS, LIFE_MS } from '../people/session-life.ts'
import { guardRoutes } from './guard.ts'
import { createHttp } from './http.ts'
import { whyForeign } from './request-origin.ts'
import { openTrialCloud, type TrialCloud } from './trial-cloud.fixture.ts'

const WALL = '/api/v1/operators/wall'

describe('the guard of the API', () => {
  let cloud: TrialCloud
  beforeEach(async () => {
    cloud = await openTrialCloud()
  })
  afterEach(() => cloud.close())

  const statusOf = async (url: string, headers: Record<string, string> = {}) => {
    const answer = await cloud.http.inject({ url, headers })
    return [answer.statusCode, answer.json().type?.replace('urn:vigie:problem:', '')]
  }

  it('lets nobody start a route that does not say what it does', async () => {
    const app = createHttp(
      { store: cloud.store, clock: cloud.clock, log: pino({ enabled: false }) } as never, // no route is asked
      { publicOrigin: null, consoleFolder: cloud.folder },
    )
    expect(() => app.get('/api/v1/forgotten', () => 'open')).toThrow('GET /api/v1/forgotten does not say what it does')
    const wrong = { config: { action: 'wall.read' as const, site: 'site' } }
    expect(() => app.get('/api/v1/x', wrong, () => 'open')).toThrow('has no parameter site')
    expect(guardRoutes).toBeTypeOf('function')
  })

  it('asks who comes without a session, or with one of somebody else’s making', async () => {
    for (const cookie of ['', '__Host-vigie=', `__Host-vigie=${'A'.repeat(43)}`, '__Host-vigie=%00', 'vigie=x']) {
      expect(await statusOf(WALL, { cookie })).toEqual([401, 'sign-in-needed'])
    }
  })

  it('ends a session that nobody uses, and one that is old', async () => {
    const idle = await cloud.signIn('viewer')
    const used = await cloud.signIn('viewer')
    cloud.pass(IDLE_MS - 1)
    expect((await cloud.http.inject({ url: WALL, headers: used })).statusCode).toBe(200)
    cloud.pass(1)
    expect(await statusOf(WALL, idle)).toEqual([401, 'sign-in-needed'])
    for (let passed = IDLE_MS; passed < LIFE_MS; passed += IDLE_MS / 2) {
      expect((await cloud.http.inject({ url: WALL, headers: used })).statusCode).toBe(200)
      cloud.pass(IDLE_MS / 2)
    }
    expect(await statusOf(WALL, used)).toEqual([401, 'sign-in-needed'])
  })

  it('ends a session that was signed out of: its cookie opens nothing any more', async () => {
    const headers = await cloud.signIn('viewer')
    expect((await cloud.http.inject({ method: 'DELETE', url: '/api/v1/session', headers })).statusCode).toBe(204)
    expect(await statusOf(WALL, headers)).toEqual([401, 'sign-in-needed'])
  })

  it('lets somebody who was disabled do nothing from that moment on', async () => {
    const headers = await cloud.signIn('viewer')
    const [person] = await cloud.store.people.all()
    const at = cloud.clock.now()
    const entry = { at, who: 'test', action: 'person.disabled', what: person?.name ?? '', site: null }
    expect(await cloud.store.people.change(person?.id ?? '', { disabledAt: at }, entry)).toBe('changed')
    expect(await statusOf(WALL, headers)).toEqual([401, 'sign-in-needed'])
  })

  it('keeps answers that are for one person out of every cache and every other page', async () => {
    const { headers } = await cloud.http.inject({ url: '/api/v1/me', headers: await cloud.signIn('viewer') })
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'cross-origin-resource-policy': 'same-origin' })
    expect(headers['access-control-allow-origin']).toBeUndefined()
  })

  it('lets a page of another origin change nothing, with whatever cookie it comes', async () => {
    const headers = await cloud.signIn('viewer')
    const { cookie = '' } = headers
    const foreign: Record<string, string>[] = [
      { cookie },
      { ...headers, 'sec-fetch-site': 'cross-site' },
      { ...headers, 'sec-fetch-site': 'same-site' },
      { ...headers, origin: 'https://elsewhere.example' },
      { ...headers, origin: 'null' },
      { ...headers, host: 'rebound.example', origin: 'http://rebound.example' },
    ]
    for (const one of foreign) {
      const answer = await cloud.http.inject({ method: 'DELETE', url: '/api/v1/session', headers: one })
      expect([one, answer.statusCode, answer.json().type]).toEqual([one, 403, 'urn:vigie:problem:origin-foreign'])
    }
    expect((await cloud.http.inject({ url: WALL, headers })).statusCode).toBe(200)
  })
})

describe('a request that changes something', () => {
  const own = { 'x-vigie-client': 'console', host: 'vigie.example' }

  it('comes from the public origin, where there is one', () => {
    expect(whyForeign({ ...own, origin: 'https://vigie.example' }, 'https://vigie.example')).toBeNull()
    expect(whyForeign({ ...own, origin: 'http://vigie.example' }, 'https://vigie.example')).toContain('another origin')
  })

  it('comes from this machine, where there is none', () => {
    const local = { ...own, host: 'localhost:8080' }
    expect(whyForeign({ ...local, origin: 'http://localhost:8080' }, null)).toBeNull()
    expect(whyForeign({ ...local, origin: 'http://localhost:9999' }, null)).toContain('another origin')
    expect(whyForeign({ ...own, origin: 'http://vigie.example' }, null)).toContain('PUBLIC_ORIGIN')
  })

  it('of a program names no origin, and carries the header', () => {
    expect(whyForeign(own, 'https://vigie.example')).toBeNull()
    expect(whyForeign({ host: 'vigie.example' }, 'https://vigie.example')).toContain('x-vigie-client')
  })
})
