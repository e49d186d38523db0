import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE_MS, openTrialCloud, type TrialCloud } from './trial-cloud.fixture.ts'

describe('the health of the process', () => {
  let cloud: TrialCloud
  beforeEach(async () => {
    cloud = await openTrialCloud()
  })
  afterEach(() => cloud.close())

  it('is 200 while every part works, with what each says', async () => {
    cloud.checks['broker'] = async () => ({ works: true, detail: 'connected for 3 s' })
    const answer = await cloud.http.inject('/health')
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({
      works: true,
      parts: { database: { works: true }, broker: { works: true, detail: 'connected for 3 s' } },
    })
  })

  it('is 503 as soon as one does not, and names it', async () => {
    cloud.checks['broker'] = async () => ({ works: false, detail: 'broker-unreachable' })
    cloud.checks['disk'] = () => Promise.reject(new Error('EIO'))
    const answer = await cloud.http.inject('/health')
    expect(answer.statusCode).toBe(503)
    expect(answer.json().parts).toMatchObject({
      database: { works: true },
      broker: { works: false, detail: 'broker-unreachable' },
      disk: { works: false, detail: 'EIO' },
    })
  })

  it('does not wait for a part that never answers', async () => {
    cloud.checks['series'] = () => new Promise(() => {})
    const answer = await cloud.http.inject('/health')
    expect(answer.json().parts.series).toMatchObject({ works: false, detail: 'no answer within 2000 ms' })
  })

  it('says since when a part has not worked, then since when it works again, and both in the log', async () => {
    let isBroken = true
    cloud.checks['disk'] = async () => ({ works: !isBroken, detail: '0 GB free' })
    const disk = async () => (await cloud.http.inject('/health')).json().parts.disk
    const brokenAt = new Date(cloud.clock.now()).toISOString()
    expect(await disk()).toEqual({ works: false, since: brokenAt, detail: '0 GB free' })
    cloud.pass(MINUTE_MS)
    expect((await disk()).since).toBe(brokenAt)
    isBroken = false
    const mendedAt = new Date(cloud.clock.now()).toISOString()
    expect(await disk()).toMatchObject({ works: true, since: mendedAt })
    cloud.pass(MINUTE_MS)
    expect(await disk()).toMatchObject({ works: true, since: mendedAt })
    expect(cloud.lines.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['health.fails', 'health.works-again']),
    )
  })
})
