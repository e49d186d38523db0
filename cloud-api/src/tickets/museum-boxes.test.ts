import type { SiteId, UnitId } from '@vigie/contract/ids'
import { trialLedger } from '@vigie/tests/fixtures/gate-ledger'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readFacts } from '../commissioning/read-facts.ts'
import { NOON } from '../http/trial-cloud.fixture.ts'
import { openTrialMuseum, type TrialMuseum } from './trial-museum.fixture.ts'

const SITES = '/api/v1/sites/musee-salagon'
const site = 'musee-salagon' as SiteId
let museum: TrialMuseum
beforeAll(async () => {
  museum = await openTrialMuseum()
})
afterAll(() => museum.close())

describe('a museum', () => {
  test.each(['/', '/api/v1/webcams', '/api/v1/operators/wall'])('is not on %s, where the roads are', async (url) => {
    const headers = await museum.signIn('administrator')
    const answer = await museum.http.inject({ method: 'GET', url, headers })
    expect(answer.statusCode).toBe(200)
    expect(answer.body).toContain('Allos')
    expect(answer.body).not.toMatch(/musee-|Musée|vm-\d/)
  })

  test('is among the sites that are planned, and each of its boxes among the units', async () => {
    const admin = await museum.desk('administrator', 'all')
    const { body } = await admin.get('/api/v1/operators/sites')
    const planned = body.sites.find((one: { site: string }) => one.site === site)
    expect(planned).toMatchObject({ kind: 'musee', road: null, unit: 'vm-1000', cameras: 0 })
    expect(planned.units).toEqual(['vm-1000', 'vm-1001', 'vm-1002', 'vm-1003'])
    const units = (await admin.get('/api/v1/operators/units')).body.units
    const own = units.filter((one: { site: string }) => one.site === site)
    expect(own.map(({ unit, isPlanned }: { unit: string; isPlanned: boolean }) => [unit, isPlanned])).toEqual(
      planned.units.map((unit: string) => [unit, true]),
    )
  })

  test('tells of each box what it gave alarm for, the newest of each cause', async () => {
    const next = trialLedger('vm-1002', { lane: null })
    const rows = ['25 h', '49 h'].map((reason, index) => {
      const row = next({ kind: 'lane', state: 'fault', cause: 'lists-old', reason }, NOON - 10_000 + index)
      return { site, row }
    })
    await museum.store.items.storeItems({ frames: [], states: [], deadLetters: [], heard: [], rows, at: NOON - 1_000 })
    const supervisor = await museum.desk('supervisor')
    const { units } = (await supervisor.get('/api/v1/operators/units')).body
    const alarms = units.map(({ unit, gateAlarms }: { unit: string; gateAlarms: object[] }) => [unit, gateAlarms])
    const iso = (ms: number) => new Date(ms).toISOString()
    const alarm = { cause: 'lists-old', about: '49 h', at: iso(NOON - 9_999), heardAt: iso(NOON - 1_000) }
    expect(alarms).toEqual([
      ...[
        ['vm-1000', []],
        ['vm-1001', []],
      ],
      ...[
        ['vm-1002', [alarm]],
        ['vm-1003', []],
      ],
    ])
  })

  test('is configured as a whole, and says of each box how far it has come', async () => {
    const admin = await museum.desk('administrator', 'all')
    const { body } = await admin.get(`${SITES}/configuration`)
    expect(body).toMatchObject({ unit: 'vm-1000', condition: 'not-published' })
    expect(body.units).toHaveLength(4)
    expect(body.units[1]).toEqual({ unit: 'vm-1001', condition: 'not-published', runs: null })
  })
})

describe('a command', () => {
  const ask = async (body: object, unit?: string) => {
    const supervisor = await museum.desk('supervisor')
    const wish = { body, reason: 'un groupe attend', ...(unit === undefined ? {} : { unit }) }
    return supervisor.post(`${SITES}/commands`, wish)
  }
  const open = (lane: string) => ({ name: 'open-lane', lane })

  test('for a lane goes to the box that drives it, and any other to the box that is named', async () => {
    expect((await ask(open('tripode2'))).body).toMatchObject({ unit: 'vm-1002', step: 'queued' })
    expect((await ask(open('portillon'))).body).toMatchObject({ unit: 'vm-1003' })
    expect((await ask({ name: 'restart-agent' })).body).toMatchObject({ unit: 'vm-1000' })
    expect((await ask({ name: 'restart-agent' }, 'vm-1001')).body).toMatchObject({ unit: 'vm-1001' })
  })

  test('for a box of another museum is refused', async () => {
    const { status, body } = await ask({ name: 'restart-agent' }, 'vm-2001')
    expect(status).toBe(400)
    expect(body.parameters).toEqual([{ name: 'unit', message: 'is no unit of this site' }])
  })
})

describe("a lane's box that is replaced", () => {
  test('is named, hands over with the birth of the next one, and that is the box that is accepted', async () => {
    const admin = await museum.desk('administrator', 'all')
    const wish = { reason: 'carte morte', oldUnitEnds: 'when-new-runs', unit: 'vm-9' }
    expect((await admin.post(`${SITES}/replacement`, { ...wish, replaces: 'vm-2001' })).status).toBe(400)
    expect((await admin.post(`${SITES}/replacement`, { ...wish, replaces: 'vm-1001' })).status).toBe(201)
    const { store, readings } = museum
    const [open] = await store.replacements.takenOver(0)
    expect(open?.replacedUnit).toBe('vm-1001')
    const facts = async () => {
      const [commissioning] = await store.replacements.takenOver(0)
      if (commissioning === undefined) throw new Error('no replacement')
      return readFacts({ store, series: { read: async () => readings } }, commissioning, NOON)
    }
    expect((await facts())?.site.unit).toBe('vm-1001')
    expect(await store.replacements.takeOver(site, 'vm-9' as UnitId, NOON)).toBe('vm-1001')
    expect((await facts())?.site.unit).toBe('vm-9')
    expect((await store.fleet.site(site))?.unit).toBe('vm-1000')
  })
})
