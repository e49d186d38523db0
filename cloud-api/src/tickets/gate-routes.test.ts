import { createPublicKey } from 'node:crypto'
import { DevicePass } from '@vigie/contract/gate/device-pass'
import type { SiteId } from '@vigie/contract/ids'
import { admission, passage, trialLedger } from '@vigie/tests/fixtures/gate-ledger'
import { compactVerify } from 'jose'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NOON } from '../http/trial-cloud.fixture.ts'
import { cataloguesNow } from './catalogue.ts'
import { openTrialMuseum, SALAGON, type TrialMuseum } from './trial-museum.fixture.ts'

const site = 'musee-salagon' as SiteId
let museum: TrialMuseum
beforeAll(async () => {
  museum = await openTrialMuseum()
})
afterAll(() => museum.close())

const store = (...rows: ReturnType<ReturnType<typeof trialLedger>>[]) =>
  museum.store.items.storeItems({
    ...{ frames: [], states: [], deadLetters: [], heard: [], at: NOON },
    rows: rows.map((row) => ({ site, row })),
  })

test('G20: who is inside is said with how sure it is, and with the ledgers that are missing', async () => {
  const desk = await museum.desk()
  expect((await desk.get(`${SALAGON}/gate`)).body).toMatchObject({ inside: 0, isEstimate: false, warnAt: 180 })
  const next = trialLedger('vm-1001')
  const decision = next(admission('00000000000000aa'), NOON - 60_000)
  const [through, lost, last] = [0, 1, 2].map((index) => next(passage(index === 0 ? decision.id : null), NOON - 50_000))
  if (!through || !lost || !last) throw new Error('three rows')
  await store(decision, through, last)
  const { body } = await desk.get(`${SALAGON}/gate`)
  expect(body).toMatchObject({ inside: 2, isEstimate: true, openConflicts: 0 })
  expect(body.ledgers).toContainEqual(expect.objectContaining({ unit: 'vm-1001', rows: 3, missing: 1, problems: 0 }))
  expect(body.lanes).toMatchObject([
    { lane: 'tripode1', label: 'Tripode de gauche', unit: 'vm-1001', isOnline: false, mode: null },
    { lane: 'tripode2', unit: 'vm-1002' },
    { lane: 'portillon', kind: 'wide', unit: 'vm-1003' },
  ])
  expect(body.decisions).toMatchObject([{ place: 'Tripode de gauche', outcome: 'ok', persons: 1, isForced: false }])
  await store(lost)
  expect((await desk.get(`${SALAGON}/gate`)).body).toMatchObject({ inside: 3, isEstimate: false })
})

test('a double entry stands in the inbox with places, times, clock error and age of the lists, until somebody has looked', async () => {
  const desk = await museum.desk()
  const ticket = '00000000000000bb'
  const [left, right] = [trialLedger('vm-1002', { lane: 'tripode2' }), trialLedger('vm-1003', { lane: 'portillon' })]
  const listAge = { feed: 0, seconds: 4 }
  await store(left(admission(ticket, { listAge }), NOON - 3_000), right(admission(ticket), NOON - 1_000))
  const [conflict] = (await desk.get(`${SALAGON}/conflicts`)).body.conflicts
  expect(conflict).toMatchObject({ ticket, persons: 1, acknowledgedAt: null })
  expect(conflict.stands).toMatchObject([{ place: 'Tripode de droite', clockErrorMs: 40, listAgeS: 4, onPhone: false }])
  expect(conflict.beyond).toMatchObject([{ at: new Date(NOON - 1_000).toISOString() }])
  const url = `${SALAGON}/conflicts/${ticket}/acknowledgement`
  expect((await desk.post(url, { note: 'un groupe, vu' })).status).toBe(204)
  expect((await desk.post(url, { note: 'un groupe, vu' })).status).toBe(404)
  expect((await desk.get(`${SALAGON}/conflicts`)).body.conflicts[0]).toMatchObject({ note: 'un groupe, vu' })
})

test('the report of the day counts rotations and outcomes', async () => {
  const desk = await museum.desk()
  const { body } = await desk.get(`${SALAGON}/days/2026-11-22`)
  expect(body).toMatchObject({ entered: 3, left: 0, uncounted: 2, forced: 0, conflicts: 0 })
  expect(body.outcomes).toEqual([{ outcome: 'ok', count: 3 }])
  expect(body.peak).toEqual({ persons: 3, at: new Date(NOON - 50_000).toISOString() })
  expect(body.admitted).toEqual([{ type: null, name: null, tickets: 2, persons: 3 }])
  expect((await desk.get(`${SALAGON}/days/yesterday`)).status).toBe(400)
  const [sold] = (await desk.sell()).body.tickets
  const phone = trialLedger('vm-1000', { lane: null })
  await store(phone(admission(sold.id), NOON - 500))
  const { admitted } = (await desk.get(`${SALAGON}/days/2026-11-22`)).body
  expect(admitted[0]).toEqual({ type: 1, name: sold.typeName, tickets: 1, persons: 1 })
})

test('D05: a pass names who, as what and until when, by an id and no name, and the catalogue tells its key', async () => {
  const desk = await museum.desk('supervisor')
  const { status, body } = await desk.post(`${SALAGON}/passes`, { hours: 10 })
  expect(status).toBe(201)
  const [catalogue] = await cataloguesNow({ store: museum.store }, NOON)
  const { payload, protectedHeader } = await compactVerify(body.pass, ({ kid }: { kid?: string }) => {
    const key = catalogue?.staffKeys.find((one) => one.kid === kid)
    if (key === undefined) throw new Error('no such key in the catalogue')
    return createPublicKey({ key, format: 'jwk' })
  })
  expect(protectedHeader.alg).toBe('ES256')
  const pass: unknown = JSON.parse(new TextDecoder().decode(payload))
  expect(Value.Check(DevicePass, pass)).toBe(true)
  expect(pass).toMatchObject({ site, role: 'supervisor', until: new Date(NOON + 36_000_000).toISOString() })
  expect(body.path).toBe(`/portillon.html#p=${body.pass}`)
  // The id of the account; who that is stands in the cloud alone.
  expect(pass).toMatchObject({ staff: expect.stringMatching(/^person-/) })
  const [entry] = await museum.store.audit.search({ action: 'gate.pass-given', limit: 1 })
  expect(JSON.stringify(entry)).not.toContain(body.pass)
})
