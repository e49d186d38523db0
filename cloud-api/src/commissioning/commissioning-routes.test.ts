import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE_MS, openTrialCloud, siteDocument, type TrialCloud } from '../http/trial-cloud.fixture.ts'
import type { AskUnit } from './ask-unit.ts'

let cloud: TrialCloud
let technician: Record<string, string>
beforeEach(async () => {
  cloud = await openTrialCloud({ sites: [siteDocument(), siteDocument('vars', 'vg-0002')] })
  technician = await cloud.signIn('technician')
})
afterEach(() => cloud.close())

const ask = (method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) =>
  cloud.http.inject({
    method,
    url: `/api/v1${url}`,
    headers: technician,
    ...(payload === undefined ? {} : { payload }),
  })
const begin = async (body: object = { site: 'col-d-allos', unit: 'vg-0001' }) =>
  (await ask('POST', '/commissionings', body)).json()

describe('a commissioning', () => {
  it('is begun once for a site, however often it is asked for, and goes on where it was', async () => {
    const first = await ask('POST', '/commissionings', { site: 'col-d-allos' })
    expect(first.statusCode).toBe(201)
    expect(first.json()).toMatchObject({ site: 'col-d-allos', unit: null, kind: 'new', finishedAt: null, photos: [] })
    const again = await ask('POST', '/commissionings', { site: 'col-d-allos', unit: 'vg-0001' })
    expect(again.statusCode).toBe(200)
    expect(again.json()).toMatchObject({ id: first.json().id, unit: 'vg-0001' })
    await ask('POST', '/commissionings', { site: 'vars' })
    const { commissionings } = (await ask('GET', '/commissionings?open=true')).json()
    expect(commissionings).toHaveLength(2)
    expect((await ask('GET', '/commissionings?site=vars')).json().commissionings).toMatchObject([{ site: 'vars' }])
  })

  it('of an unknown site or unit is refused', async () => {
    expect((await ask('POST', '/commissionings', { site: 'nowhere' })).statusCode).toBe(404)
    expect((await ask('POST', '/commissionings', { site: 'vars', unit: 'NOT A UNIT' })).statusCode).toBe(400)
    expect((await ask('GET', '/commissionings/none')).json().type).toBe('urn:vigie:problem:commissioning-unknown')
  })
})

describe('a step', () => {
  it('keeps what was entered, all of it, and the same again changes nothing', async () => {
    const { id } = await begin()
    const body = { entered: { unit: 'vg-0003', words: ['a', 'b'] }, enteredAt: '2026-11-22T11:59:00.000Z', seconds: 20 }
    for (let time = 0; time < 3; time += 1) await ask('PUT', `/commissionings/${id}/steps/unit`, body)
    const whole = (await ask('GET', `/commissionings/${id}`)).json()
    expect(whole.unit).toBe('vg-0003')
    expect(whole.steps).toHaveLength(9)
    expect(whole.steps[0]).toMatchObject({
      step: 'unit',
      state: 'begun',
      seconds: 20,
      ...pick(body, 'entered', 'enteredAt'),
    })
    expect(whole.steps[1]).toMatchObject({ step: 'site', state: 'todo', entered: null })
  })

  it('is not taken back by what a phone entered earlier and sent later', async () => {
    const { id } = await begin()
    const enter = (text: string, enteredAt: string, done = false) =>
      ask('PUT', `/commissionings/${id}/steps/site`, { entered: { text }, enteredAt, done })
    await enter('newer', '2026-11-22T11:58:00.000Z', true)
    cloud.pass(MINUTE_MS)
    expect((await enter('older', '2026-11-22T11:57:00.000Z')).json()).toMatchObject({
      entered: { text: 'newer' },
      state: 'done',
    })
    expect((await enter('newest', '2026-11-22T11:59:00.000Z')).json()).toMatchObject({
      entered: { text: 'newest' },
      state: 'done',
    })
  })

  it('with a clock far ahead does not lock out what is entered after it', async () => {
    const { id } = await begin()
    const enter = (text: string, enteredAt?: string) =>
      ask('PUT', `/commissionings/${id}/steps/aim`, { entered: { text }, ...(enteredAt && { enteredAt }) })
    await enter('from the future', '2031-01-01T00:00:00.000Z')
    cloud.pass(2 * MINUTE_MS)
    expect((await enter('now')).json().entered).toEqual({ text: 'now' })
  })

  it('that does not exist, or holds nothing, is refused with its place', async () => {
    const { id } = await begin()
    expect((await ask('PUT', `/commissionings/${id}/steps/nap`, { entered: {} })).json()).toMatchObject({
      status: 400,
      parameters: [{ name: 'step' }],
    })
    expect((await ask('PUT', `/commissionings/${id}/steps/aim`, {})).json().parameters).toMatchObject([
      { name: 'entered' },
    ])
    expect((await ask('PUT', '/commissionings/none/steps/aim', { entered: {} })).statusCode).toBe(404)
  })
})

describe('a photo', () => {
  const jpeg = () =>
    sharp({ create: { width: 4000, height: 3000, channels: 3, background: '#336699' } })
      .withExif({ IFD0: { Copyright: 'phone' }, IFD3: { GPSLatitudeRef: 'N' } })
      .jpeg()
      .toBuffer()
  const send = (url: string, payload: Buffer, type = 'image/jpeg') =>
    cloud.http.inject({
      method: 'POST',
      url: `/api/v1${url}`,
      payload,
      headers: { ...technician, 'content-type': type },
    })

  it('is kept smaller, without what the phone wrote into it, and once, however often it is sent', async () => {
    const { id } = await begin()
    const photo = await jpeg()
    const url = `/commissionings/${id}/photos?id=photo-0001&caption=Le%20m%C3%A2t&takenAt=2026-11-22T11:50:00.000Z`
    for (let time = 0; time < 2; time += 1) {
      expect((await send(url, photo)).json()).toMatchObject({ id: 'photo-0001', caption: 'Le mât', widthPx: 1920 })
    }
    const { photos } = (await ask('GET', `/commissionings/${id}/photos`)).json()
    expect(photos).toHaveLength(1)
    const kept = await cloud.http.inject({ url: photos[0].picture, headers: technician })
    expect(kept.headers['content-type']).toBe('image/jpeg')
    const { exif, width } = await sharp(kept.rawPayload).metadata()
    expect([exif, width]).toEqual([undefined, 1920])
  })

  it('that is no picture is refused, and another commissioning does not show it', async () => {
    const { id } = await begin()
    expect((await send(`/commissionings/${id}/photos`, Buffer.from('no picture'))).statusCode).toBe(400)
    expect((await send('/commissionings/none/photos', await jpeg())).statusCode).toBe(404)
    const { id: photo } = (await send(`/commissionings/${id}/photos`, await jpeg())).json()
    const other = await begin({ site: 'vars' })
    expect((await ask('GET', `/commissionings/${other.id}/photos/${photo}.jpg`)).statusCode).toBe(404)
  })
})

describe('the acceptance checks', () => {
  const checks = async (id: string) =>
    new Map<string, { state: string; reason: string | null; measured: string | null; advice: string | null }>(
      (await ask('GET', `/commissionings/${id}/checks`))
        .json()
        .checks.map((one: { check: string }) => [one.check, one]),
    )

  it('wait until they are begun, then say what they measured or what they wait for', async () => {
    const { id } = await begin()
    expect((await checks(id)).get('presence')).toMatchObject({ state: 'waiting', reason: 'Pas encore lancée.' })
    await cloud.storeFrame()
    await ask('POST', `/commissionings/${id}/checks`, {})
    const begun = await checks(id)
    expect(begun.get('presence')).toMatchObject({ state: 'running', reason: 'Le boîtier est hors ligne.' })
    expect(begun.get('picture-size')).toMatchObject({ state: 'running' })
    await cloud.storeFrame({ preset: 'aval' })
    await cloud.acceptance.look()
    expect((await checks(id)).get('picture-size')).toMatchObject({
      state: 'passed',
      measured: 'cam1/amont : 1\u00a0280 × 720 px ; cam1/aval : 1\u00a0280 × 720 px',
    })
  })

  it('that find nothing in their time fail with advice, and can be begun again', async () => {
    const { id } = await begin()
    await ask('POST', `/commissionings/${id}/checks`, { checks: ['presence'] })
    cloud.pass(6 * MINUTE_MS)
    await cloud.acceptance.look()
    expect((await checks(id)).get('presence')).toMatchObject({
      state: 'failed',
      advice: expect.stringContaining('antenne'),
    })
    await ask('POST', `/commissionings/${id}/checks`, { checks: ['presence'] })
    expect((await checks(id)).get('presence')).toMatchObject({ state: 'running', advice: null })
  })

  it('that are drills take turns, and wait for what they would disturb', async () => {
    await cloud.close()
    const asked: { name: string; id: string; step: 'accepted' | 'done' }[] = []
    const unit: AskUnit = {
      ask: async ({ body }) => {
        const name = body.name === 'probe' ? `probe ${body.what}` : body.name
        asked.push({ name, id: `c${asked.length}`, step: 'accepted' })
        return `c${asked.length - 1}`
      },
      of: async (_site, id) => {
        const found = asked.find((one) => one.id === id)
        return found && { step: found.step, reason: null, result: null, at: cloud.clock.now() }
      },
    }
    cloud = await openTrialCloud({ sites: [siteDocument()], unit })
    technician = await cloud.signIn('technician')
    const names = () => asked.map(({ name }) => name)
    const end = async (name: string) => {
      const one = asked.find((command) => command.name === name)
      if (one !== undefined) one.step = 'done'
      cloud.pass(1_000)
      for (let look = 0; look < 2; look += 1) await cloud.acceptance.look()
    }
    const { id } = await begin()
    const wanted = ['restart', 'uplink-speed', 'uplink-delay', 'store-and-forward']
    await ask('POST', `/commissionings/${id}/checks`, { checks: wanted })
    expect(names()).toEqual(['probe link'])
    expect((await checks(id)).get('restart')).toMatchObject({
      state: 'running',
      reason: expect.stringContaining('Attend la fin'),
    })
    await end('probe link')
    expect(names()).toEqual(['probe link', 'drill'])
    await end('drill')
    expect(names()).toEqual(['probe link', 'drill', 'restart-agent'])
  })

  it('that are drills wait while the unit tries its configuration: shut off, it would go back', async () => {
    await cloud.close()
    const asked: string[] = []
    const unit: AskUnit = {
      ask: async ({ body }) => `c${asked.push(body.name)}`,
      of: async () => undefined,
    }
    cloud = await openTrialCloud({ sites: [siteDocument()], unit })
    technician = await cloud.signIn('technician')
    await cloud.store.configuration.seed([siteDocument()], cloud.clock.now())
    const { id } = await begin()
    await ask('POST', `/commissionings/${id}/checks`, { checks: ['configuration', 'restart'] })
    expect(asked).toEqual([])
    expect((await checks(id)).get('restart')?.reason).toContain('Attend la fin')
    cloud.pass(16 * MINUTE_MS)
    for (let look = 0; look < 2; look += 1) await cloud.acceptance.look()
    expect((await checks(id)).get('configuration')?.state).toBe('failed')
    expect(asked).toEqual(['restart-agent'])
  })

  it('are said by hand only where nothing can measure them', async () => {
    const { id } = await begin()
    const say = (check: string, outcome = 'done') =>
      ask('POST', `/commissionings/${id}/checks/${check}`, { outcome, word: 'vu sur place' })
    expect((await say('position')).statusCode).toBe(200)
    expect((await checks(id)).get('position')).toMatchObject({ state: 'by-hand', reason: 'vu sur place' })
    expect((await say('certificate')).json().type).toBe('urn:vigie:problem:check-is-measured')
    expect((await say('certificate', 'failed')).statusCode).toBe(200)
    expect((await say('nothing')).statusCode).toBe(400)
  })
})

const pick = <Of extends object, Name extends keyof Of>(of: Of, ...names: Name[]) =>
  Object.fromEntries(names.map((name) => [name, of[name]]))
