import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readFleet } from '@vigie/config-schema/documents'
import { decodeCatalogue } from '@vigie/contract/gate/catalogue'
import { civilDayOf } from '@vigie/contract/gate/civil-time'
import { continues, decodeFeedPage } from '@vigie/contract/gate/feed'
import { decodeIssuedPage } from '@vigie/contract/gate/issued'
import type { TicketId } from '@vigie/contract/gate/ticket-code'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import { orderDigest } from '@vigie/contract/order-digest'
import { startBroker } from '@vigie/tests/fixtures/trial-intake'
import { until } from '@vigie/tests/fixtures/until'
import mqtt from 'mqtt'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createStore, type Store } from '../store/store.ts'
import { createVault } from '../vault.ts'
import { createTicketPublisher, type TicketPublisher } from './publisher.ts'
import { readOffer } from './read-offer.ts'
import { createTicketSigning } from './ticket-signing.ts'

const site = 'musee-salagon' as SiteId
const unit = 'vm-1002' as UnitId
const gateway = 'vm-1000' as UnitId
const { privateKey } = generateKeyPairSync('ed25519')
const root = new URL('../../../firmware-config/', import.meta.url)

let store: Store
let publisher: TicketPublisher
let heard: { topic: string; payload: Buffer }[]
let close: () => Promise<void>
const clock = { now: () => Date.parse('2026-11-22T12:00:00.000Z'), monotonicMs: () => performance.now() }
/** What is signed is looked at here; the chain of a signature is the contract's own test. */
const payloadOf = (text: string) => Buffer.from(text.split('.')[0] ?? '', 'base64url')

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vigie-tickets-'))
  const broker = await startBroker()
  store = await createStore({ sqliteFile: join(folder, 'vigie.sqlite') })
  await store.configuration.seed(readFleet(new URL('museums', root).pathname), clock.now())
  await store.ticketOffer.seed(readOffer(await readFile(new URL('offer.json', root), 'utf8')))
  const signing = createTicketSigning({ keys: store.ticketKeys, vault: createVault(randomBytes(32)), clock })
  publisher = createTicketPublisher({
    ...{ store, signing, clock, random: () => 0, log: pino({ level: 'silent' }) },
    sign: async (document) => {
      const bytes = Buffer.from(JSON.stringify(document))
      return `${bytes.toString('base64url')}.${sign(null, bytes, privateKey).toString('base64url')}`
    },
    broker: { url: broker.url, clientId: 'cloud-tickets' },
  })
  heard = []
  const box = await mqtt.connectAsync(broker.url, { reconnectPeriod: 0, protocolVersion: 4 })
  box.on('message', (topic, payload) => heard.push({ topic, payload }))
  await box.subscribeAsync([unit, gateway].map((one) => `vigie/1/${site}/${one}/+`))
  const stop = new AbortController()
  const running = publisher.run(stop.signal)
  close = async () => {
    stop.abort()
    await running
    box.end(true)
    await broker.stop()
    await store.close()
    await rm(folder, { recursive: true })
  }
})
afterEach(() => close())

const said = (what: string, to = unit) =>
  heard.filter(({ topic }) => topic.endsWith(`/${to}/${what}`)).map(({ payload }) => payload)
const newestCatalogue = () => {
  const decoded = decodeCatalogue(payloadOf(said('catalogue').at(-1)?.toString() ?? ''))
  if (!decoded.ok) throw new Error(decoded.detail)
  return decoded.value
}
const pages = () =>
  said('feed').map((payload) => {
    const decoded = decodeFeedPage(payloadOf(payload.toString()))
    if (!decoded.ok) throw new Error(decoded.detail)
    return decoded.value
  })

const issuedPages = () =>
  said('feed', gateway).flatMap((payload) => {
    const decoded = decodeIssuedPage(payloadOf(payload.toString()))
    return decoded.ok ? [decoded.value] : []
  })

async function sellOne(id: string) {
  const type = (await store.ticketOffer.types()).find(({ number }) => number === 22)
  const [key] = await store.ticketKeys.goodOn(civilDayOf(clock.now()))
  if (type === undefined || key === undefined) throw new Error('nothing to sell')
  const order = { id, nonce: `nonce-${id}`, site, at: clock.now(), who: 'Camille', payment: 'card' as const }
  const what = { type, firstDay: civilDayOf(clock.now()), slot: null, key, ids: [id.padStart(16, '0') as TicketId] }
  return store.ticketSales.sell({ ...order, ...what })
}

test('every box of a museum finds its catalogue with the broker, with the keys of this season and of the next in time', async () => {
  await until(() => said('catalogue').length > 0)
  const catalogue = newestCatalogue()
  expect(catalogue).toMatchObject({ site, version: 1, museum: { bit: 1, name: 'Musée de Salagon' } })
  expect(catalogue.keys.map(({ from, until: end }) => [from, end])).toEqual([['2026-11-01', '2027-03-31']])
  expect(catalogue.types.map(({ number }) => number)).toContain(11)
  expect(catalogue.others).toEqual([{ bit: 2, name: 'Musée de Préhistoire des gorges du Verdon' }])
  expect(JSON.stringify(catalogue)).not.toContain('priceCents')
})

test('a ticket that outlives its season raises the catalogue, whose key is good until it ends', async () => {
  await until(() => said('catalogue').length > 0)
  await sellOne('aa')
  publisher.ring()
  await until(() => newestCatalogue().version === 2)
  expect(newestCatalogue().keys[0]?.until).toBe('2027-08-03')
})

test('Y01, Y02, Y03: what is cancelled goes to the boxes at once, and a box that missed it asks and gets every page', async () => {
  await until(() => said('catalogue').length > 0)
  for (const id of ['b1', 'b2', 'b3']) await sellOne(id)
  const tickets = ['b1', 'b2', 'b3'].map((id) => id.padStart(16, '0') as TicketId)
  const by = { at: clock.now(), who: 'Camille', reason: 'erreur' }
  publisher.ring()
  await store.ticketSales.cancel(site, { tickets, ...by })
  publisher.ring()
  await until(() => pages().some((page) => page.newest === 3))
  expect(continues(pages()[0] as never, 0)).toBe(true)
  heard.length = 0

  let mark = 0
  for (let asked = 1; mark < 3; asked += 1) {
    publisher.answer({ site, unit }, { after: mark, limit: 2 })
    await until(() => pages().length === asked)
    const page = pages().at(-1)
    if (page === undefined || !continues(page, mark)) throw new Error('does not go on')
    mark = page.upTo
  }
  expect(pages().flatMap((page) => page.entries.map(({ ticket }) => ticket))).toEqual(tickets)
})

test('a box that knows more than the database, which came back from a backup, hears of what comes after', async () => {
  await until(() => said('catalogue').length > 0)
  publisher.answer({ site, unit }, { after: 900, limit: 100 })
  await until(() => pages().length === 1)
  expect(pages()[0]).toMatchObject({ after: 900, upTo: 900, newest: 900, entries: [] })
  await sellOne('cc')
  await store.ticketSales.cancel(site, {
    ...{ tickets: ['cc'.padStart(16, '0') as TicketId], at: clock.now(), who: 'Camille', reason: 'erreur' },
  })
  publisher.answer({ site, unit }, { after: 900, limit: 100 })
  await until(() => pages().some(({ upTo }) => upTo === 901))
})

test('Y01: what was issued goes to the gateway that asks for it, and at once as it is sold; a lane hears nothing of it', async () => {
  await until(() => said('catalogue').length > 0)
  let sold = 0
  // Until the publisher has looked once, nothing is news.
  await until(async () => {
    await sellOne(`d${++sold}`)
    publisher.ring()
    return issuedPages().length > 0
  })
  const [news] = issuedPages()
  expect(news?.entries.map(({ n }) => n)).toContain(news?.upTo)
  publisher.answer({ site, unit: gateway }, { after: 0, limit: 1, log: 'issued' })
  await until(() => issuedPages().some(({ after, upTo }) => after === 0 && upTo === 1))
  const [entry] = issuedPages().find(({ after, upTo }) => after === 0 && upTo === 1)?.entries ?? []
  expect(entry).toMatchObject({ n: 1, number: 'S000001', type: 22, order: orderDigest(site, 'd1') })
  // Good at both museums and each lane, without tolerance, ten times, for one person, sold at a till.
  expect(entry?.rights).toBe('0307000a0110')
  publisher.answer({ site, unit }, { after: 0, limit: 100 })
  await until(() => said('feed').length === 1)
  expect(pages()).toMatchObject([{ after: 0, upTo: 0, newest: 0, entries: [] }])
})
