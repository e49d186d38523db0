import type { BootId, ItemId, SiteId, UnitId } from '@vigie/contract/ids'
import { buildTopic } from '@vigie/contract/topics'
import { admission, trialLedger } from '@vigie/tests/fixtures/gate-ledger'
import { newUlid } from '@vigie/tests/fixtures/trial-fleet'
import { openTrialIntake, type TrialIntake } from '@vigie/tests/fixtures/trial-intake'
import { until } from '@vigie/tests/fixtures/until'
import { afterAll, beforeAll, expect, test } from 'vitest'

const site = 'essai-1' as SiteId
const lane = 'vm-7' as UnitId
let trial: TrialIntake

/** The first site of the trial is made a museum, with the box of one lane besides its own. */
beforeAll(async () => {
  trial = await openTrialIntake({ sites: 2 })
  const [museum, road] = trial.sites
  if (museum === undefined || road === undefined) throw new Error('two sites')
  const { road: _, ...place } = museum
  const tripod = { id: 'tripode1', label: 'Tripode', kind: 'tripod' as const, unit: lane }
  const profiles = { reader: 'generic-serial', board: 'waveshare-modbus-rtu-io-8ch' }
  const lanes = [{ ...tripod, ...profiles } as unknown as NonNullable<typeof museum.lanes>[number]] // what the judge looks at
  await trial.store.fleet.replace([{ ...place, kind: 'musee', cameras: [], lanes }, road])
  await trial.say(trial.unit.birth(1))
})
afterAll(() => trial.close())

const message = (unit: UnitId, what: 'ledger' | 'gate-ask' | 'state', said: object, id = newUlid()) => {
  const envelope = { v: 1, id, unit, boot: newUlid() as BootId, seq: 0, mono: 1, clock: 'synchronised' }
  const body = { ...envelope, kind: what, at: new Date().toISOString(), ...said }
  const topic = buildTopic({ site: site, unit, what })
  return { id: id as ItemId, topic, payload: Buffer.from(JSON.stringify(body)) }
}
const ledgerMessage = (unit: UnitId, row: ReturnType<ReturnType<typeof trialLedger>>) =>
  message(unit, 'ledger', { rows: [row] }, row.id)

test('Y05: a row of any box of a museum is stored and receipted, and one that comes again is receipted again', async () => {
  const next = trialLedger(lane)
  const said = ledgerMessage(lane, next(admission('00000000000000aa'), Date.now()))
  await trial.say(said)
  await until(async () => (await trial.store.gateLedger.origins(site)).length === 1)
  await trial.say(said)
  await until(async () => (await trial.store.presence.of(lane)) !== undefined)
  expect(await trial.store.gateLedger.origins(site)).toMatchObject([{ origin: lane, rows: 1, problems: 0 }])
  expect(await trial.store.presence.of(lane)).toMatchObject({ site })
})

test('Y10: a box speaks for itself alone: the row of another box is refused, and says where it came from', async () => {
  const row = trialLedger('vm-8')(admission('00000000000000ab'), Date.now())
  await trial.say(ledgerMessage(lane, row))
  await until(async () => (await trial.store.deadLetters.newest(9)).some(({ item }) => item === row.id))
  const [letter] = await trial.store.deadLetters.newest(1)
  expect(letter).toMatchObject({ unit: lane, reason: 'topic-and-header-differ', detail: 'origin' })
  expect(await trial.store.gateLedger.rowsOfTicket('00000000000000ab' as never)).toEqual([])
})

test('Y10: an entry on a ticket that names no right is refused by name: it could never be found to be one too many', async () => {
  const { right: _, ...body } = admission('00000000000000ae')
  const row = trialLedger(lane)(body, Date.now())
  await trial.say(ledgerMessage(lane, row))
  await until(async () => (await trial.store.deadLetters.newest(9)).some(({ item }) => item === row.id))
  expect(await trial.store.deadLetters.newest(1)).toMatchObject([{ unit: lane, reason: 'right-missing' }])
  expect(await trial.store.gateLedger.rowsOfTicket('00000000000000ae' as never)).toEqual([])
})

test('a clock that is years off keeps no row out: somebody went through', async () => {
  const { unit } = trial
  const own = unit.unit as UnitId
  const row = trialLedger(own)(admission('00000000000000ac'), Date.parse('2051-01-01T00:00:00.000Z'))
  await trial.say(ledgerMessage(own, row))
  expect(await trial.receiptOf({ id: row.id })).toEqual({ id: row.id, outcome: 'stored' })
})

test('no ledger is taken of a road', async () => {
  const road = trial.units[1]
  if (road === undefined) throw new Error('two units')
  const [at, unit] = [trial.sites[1]?.id as SiteId, trial.sites[1]?.unit as UnitId]
  const row = trialLedger(unit)(admission('00000000000000ad'), Date.now())
  const said = ledgerMessage(unit, row)
  await trial.say({ ...said, topic: buildTopic({ site: at, unit, what: 'ledger' }) })
  expect(await trial.receiptOf({ id: row.id })).toMatchObject({ outcome: 'refused', reason: 'unit-not-at-site' })
})

test('of a lane its own box is believed, and not what another one says of it', async () => {
  const { unit } = trial
  const since = new Date().toISOString()
  const lanes = (mode: string) => ({ cameras: [], lanes: [{ lane: 'tripode1', mode, since }] })
  const own = message(lane, 'state', lanes('fire'))
  await trial.say(own, message(unit.unit as UnitId, 'state', lanes('locked')))
  await until(async () => (await trial.store.gateLedger.lanes(site)).length === 1)
  const last = trial.unit.state()
  await trial.say(last)
  await trial.receiptOf(last)
  expect(await trial.store.gateLedger.lanes(site)).toMatchObject([{ lane: 'tripode1', unit: lane, mode: 'fire' }])
})

test('what a box asks of the feed is handed on with its name', async () => {
  await trial.say(message(lane, 'gate-ask', { after: 41, limit: 100 }))
  await until(() => trial.asks.length > 0)
  expect(trial.asks).toMatchObject([{ site, unit: lane, after: 41, limit: 100 }])
})
