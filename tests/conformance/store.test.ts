import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite } from '@vigie/cloud-api/store/database'
import { issuedTickets } from '@vigie/cloud-api/store/migrations/017-issued-tickets'
import { createStore, type Store } from '@vigie/cloud-api/store/store'
import { storeFaultOf } from '@vigie/cloud-api/store/store-fault'
import { readOffer } from '@vigie/cloud-api/tickets/read-offer'
import type { TicketId } from '@vigie/contract/gate/ticket-code'
import type { SiteId } from '@vigie/contract/ids'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Postgres, startPostgres } from '../fixtures/postgres.ts'
import { commandsAreKept } from './store-commands.ts'
import { commissioningsAreKept } from './store-commissionings.ts'
import { configurationIsKept } from './store-configuration.ts'
import { foreignTicketsAreKept } from './store-foreign-tickets.ts'
import { framesAreKept } from './store-frames.ts'
import { gateRowsAreKept } from './store-gate-rows.ts'
import { changesAreTold } from './store-live.ts'
import { museumsAreSites } from './store-museum.ts'
import { peopleAreKnown } from './store-people.ts'
import { sightingsAreKept } from './store-sightings.ts'
import { ticketsAreKept } from './store-tickets.ts'
import { frameAt, NOON, type OpenDatabase } from './store-trial.ts'
import { unitCertificatesAreKnown } from './store-unit-certificates.ts'
import { unitsAreKnown } from './store-units.ts'

/** Every promise of the store, on each of its databases. */
function storeKeepsItsPromises(open: OpenDatabase) {
  describe('frames', () => framesAreKept(open))
  describe('sightings', () => sightingsAreKept(open))
  describe('units', () => unitsAreKnown(open))
  describe('certificates of units', () => unitCertificatesAreKnown(open))
  describe('commands', () => commandsAreKept(open))
  describe('people', () => peopleAreKnown(open))
  describe('changes', () => changesAreTold(open))
  describe('commissionings', () => commissioningsAreKept(open))
  describe('configuration', () => configurationIsKept(open))
  describe('museums', () => museumsAreSites(open))
  describe('tickets', () => ticketsAreKept(open))
  describe("other sellers' tickets", () => foreignTicketsAreKept(open))
  describe('ledgers of gates', () => gateRowsAreKept(open))
}

describe('on SQLite', () => {
  const folders: string[] = []
  afterAll(async () => {
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
  })
  storeKeepsItsPromises(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vigie-store-'))
    folders.push(folder)
    return () => createStore({ sqliteFile: join(folder, 'vigie.sqlite') })
  })
})

test('a database of a newer version is refused, and left as it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vigie-store-'))
  const sqliteFile = join(folder, 'vigie.sqlite')
  await (await createStore({ sqliteFile })).close()
  const file = new Sqlite(sqliteFile)
  file.exec("insert into kysely_migration values ('999-from-the-future', '2030-01-01')")
  file.close()
  await expect(createStore({ sqliteFile })).rejects.toMatchObject({ code: 'store-damaged', retryable: false })
  await rm(folder, { recursive: true })
})

test('F11: tickets that were sold before there was a log of them are in it, of every museum where they are good', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vigie-store-'))
  const sqliteFile = join(folder, 'vigie.sqlite')
  const offer = readOffer(readFileSync(new URL('../../firmware-config/offer.json', import.meta.url), 'utf8'))
  const store = await createStore({ sqliteFile })
  await store.ticketOffer.seed(offer)
  for (const [index, number] of [1, 21, 1].entries()) {
    const type = offer.types.find((one) => one.number === number)
    if (type === undefined) throw new Error(`no type ${number}`)
    const order = { id: `ORDER${index}`, nonce: `nonce-${index}`, site: 'musee-salagon' as SiteId, at: NOON }
    const what = { type, firstDay: 2_500, slot: null, key: { seq: 1, id: 1 }, ids: [`${index}`.repeat(16) as TicketId] }
    await store.ticketSales.sell({ ...order, ...what, who: 'Camille', payment: 'card' })
  }
  const logs = (of: Store) =>
    Promise.all(['musee-salagon', 'musee-prehistoire'].map((site) => of.issuedTickets.after(site as SiteId, 0, 9)))
  const before = await logs(store)
  await store.close()
  const file = new Sqlite(sqliteFile)
  file.exec('drop table ticket_issued; alter table museum drop column issued_newest')
  file.close()
  const { kysely } = openSqlite<unknown>(sqliteFile)
  await issuedTickets(kysely, 'sqlite')
  await kysely.destroy()
  const again = await createStore({ sqliteFile })
  expect(await logs(again)).toEqual(before)
  expect(before.map((log) => log?.newest)).toEqual([3, 1])
  await again.close()
  await rm(folder, { recursive: true })
})

describe('on PostgreSQL', () => {
  let postgres: Postgres
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(() => postgres.stop())
  const open = async () => {
    const postgresUrl = await postgres.createDatabase()
    return () => createStore({ sqliteFile: '', postgresUrl })
  }
  storeKeepsItsPromises(open)

  test('two instances that start together on an empty database agree on its tables', async () => {
    const openAgain = await open()
    const both = await Promise.all([openAgain(), openAgain()])
    for (const store of both) await store.check()
    for (const store of both) await store.close()
  })

  test('a server that dies is a fault that passes, and what it acknowledged is there afterwards', async () => {
    // One of its own: recovery would write again all the databases of the tests before.
    const mortal = await startPostgres()
    const store = await createStore({ sqliteFile: '', postgresUrl: await mortal.createDatabase() })
    const frame = frameAt(NOON)
    await store.items.storeItems({ frames: [frame], states: [], deadLetters: [], heard: [], at: NOON })
    const crash = mortal.crashAndRestart()
    const faults: unknown[] = []
    for (let look = 0; look < 200 && faults.length === 0; look += 1) {
      await store.check().catch((error: unknown) => faults.push(error))
    }
    await crash
    for (const error of faults)
      expect(storeFaultOf(error)).toMatchObject({ code: 'store-unavailable', retryable: true })
    expect(await store.frames.frameById(frame.id)).toMatchObject({ id: frame.id })
    await store.close()
    await mortal.stop()
  })
})
