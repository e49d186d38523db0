import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Row } from '@vigie/contract/gate/row'
import type { SiteId } from '@vigie/contract/ids'
import { startSeller } from '@vigie/tests/fakes/seller/seller'
import { admission, trialLedger } from '@vigie/tests/fixtures/gate-ledger'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NOON } from '../http/trial-cloud.fixture.ts'
import { hashOfBarcode } from './foreign-ticket.ts'
import { createSellerWatch } from './seller-watch.ts'
import { OFFER, openTrialMuseum, SALAGON, type TrialMuseum } from './trial-museum.fixture.ts'

const site = 'musee-salagon' as SiteId
const KEY = { user: 'vigie', key: 'sesame' }
let museum: TrialMuseum
let seller: Awaited<ReturnType<typeof startSeller>>

beforeEach(async () => {
  museum = await openTrialMuseum()
  seller = await startSeller(KEY)
  const tickets = [{ name: 'Plein tarif', type: 1 }]
  const api = { url: seller.url, event: '4711' }
  const sellers = [
    { id: 'billetweb', name: 'Billetweb', tickets, api },
    { id: 'office', name: 'Office de tourisme', tickets },
  ]
  const museums = OFFER.museums.map((one) => (one.site === site ? { ...one, sellers } : one))
  await museum.store.ticketOffer.seed({ ...OFFER, museums })
  await mkdir(museum.folder, { recursive: true })
  await writeFile(join(museum.folder, 'billetweb.key'), `${KEY.user}\n${KEY.key}\n`)
})
afterEach(async () => {
  await museum.close()
  await seller.close()
})

const feed = async () => (await museum.store.ticketFeed.after(site, 0, 100))?.entries ?? []
const letIn = (hash: string): Row => trialLedger('vm-1001')(admission(hash, { medium: 'foreign' }), NOON)
const store = (row: Row) =>
  museum.store.items.storeItems({
    ...{ frames: [], states: [], deadLetters: [], heard: [], at: NOON, rows: [{ site, row }] },
  })
const sold = (id: string, barcode = `BW${id}`) => ({
  ...{ id, barcode, ticket: 'Plein tarif', session_start: '2026-11-22 00:00:00' },
})

describe('a seller with an API', () => {
  test('Y20: asked again it gives the same tickets, no duplicates; a refund becomes a revocation, once', async () => {
    const desk = await museum.desk('supervisor')
    const ask = async () => (await desk.post(`${SALAGON}/sellers/billetweb/import`, {})).body
    seller.sell(sold('1'), sold('2'))
    expect(await ask()).toMatchObject({ added: 2, changed: 0, unchanged: 0, wrong: 0 })
    expect(await ask()).toMatchObject({ added: 0, changed: 0, unchanged: 2 })
    seller.refund('2')
    seller.sell(sold('3'))
    expect(await ask()).toMatchObject({ added: 1, changed: 1, unchanged: 1 })
    expect(await ask()).toMatchObject({ added: 0, changed: 0, unchanged: 3 })
    const entries = await feed()
    expect(entries.map(({ hash, status }) => [hash, status])).toEqual([
      ...['1', '2'].map((id) => [hashOfBarcode('billetweb', `BW${id}`), 'valid']),
      [hashOfBarcode('billetweb', 'BW2'), 'revoked'],
      [hashOfBarcode('billetweb', 'BW3'), 'valid'],
    ])
    expect(entries[0]).toMatchObject({ seller: 'billetweb', type: 1, persons: 1, entries: 1, ticket: null })
  })

  test('Y20: it hears once who came in, also after it was away', async () => {
    const desk = await museum.desk('supervisor')
    seller.sell(sold('1'), sold('2'))
    await desk.post(`${SALAGON}/sellers/billetweb/import`, {})
    await store(letIn(hashOfBarcode('billetweb', 'BW1')))
    const deps = { store: museum.store, keysFolder: museum.folder, onChange: () => {}, clock: museum.clock }
    const watch = createSellerWatch({ ...deps, log: museum.log })
    const { signal } = new AbortController()
    seller.fail(true)
    await expect(watch.look(signal)).rejects.toMatchObject({ code: 'seller-unreachable' })
    expect(seller.used.size).toBe(0)
    seller.fail(false)
    await watch.look(signal)
    await watch.look(signal)
    expect([...seller.used]).toEqual([['1', 1]])
    const { body } = await desk.get(`${SALAGON}/sellers`)
    expect(body.sellers[0]).toMatchObject({ id: 'billetweb', hasApi: true, tickets: 2, entered: 1, untold: 0 })
  })

  test('away, or with another key, it is a fault that passes, and its key stands in no log and no answer', async () => {
    const desk = await museum.desk('supervisor')
    seller.fail(true)
    const refused = await desk.post(`${SALAGON}/sellers/billetweb/import`, {})
    expect(refused).toMatchObject({ status: 503, body: { type: 'urn:vigie:problem:seller-unreachable' } })
    await writeFile(join(museum.folder, 'billetweb.key'), 'vigie\nwrong-sesame\n')
    seller.fail(false)
    expect((await desk.post(`${SALAGON}/sellers/billetweb/import`, {})).status).toBe(503)
    expect(JSON.stringify([refused.body, museum.lines])).not.toContain('sesame')
  })
})

describe('a seller with a file', () => {
  const csv = (...lines: string[]) => ['Code-barres;Nom;Tarif;Date;État;Référence', ...lines].join('\r\n')
  const send = async (text: string) => {
    const desk = await museum.desk('supervisor')
    return desk.post(`${SALAGON}/imports`, { seller: 'office', csv: text })
  }

  test('Y20: a file that comes again changes nothing, and one with a refund revokes', async () => {
    const lines = ['A-1;Dupont;Plein tarif;22/11/2026;;r1', 'A-2;"Martin; fils";plein  TARIF;2026-11-23;payé;r2']
    expect((await send(csv(...lines))).body).toMatchObject({ added: 2, wrong: 0 })
    expect((await send(csv(...lines))).body).toMatchObject({ added: 0, changed: 0, unchanged: 2 })
    const refunded = lines.map((line) => line.replace('payé', 'remboursé'))
    expect((await send(csv(...refunded))).body).toMatchObject({ changed: 1, unchanged: 1 })
    expect((await feed()).map(({ status }) => status)).toEqual(['valid', 'valid', 'revoked'])
  })

  test('no barcode and no name of it is kept or told', async () => {
    await send(csv('SECRET-77;Dupont;Plein tarif;2026-11-22;;r1'))
    const [entry] = await feed()
    const rows = await museum.store.foreignTickets.untold(site, 'office', 9)
    const kept = JSON.stringify([entry, rows, await museum.store.audit.search({ limit: 50 })])
    expect(kept).not.toMatch(/SECRET-77|Dupont/)
    expect(entry?.hash).toBe(hashOfBarcode('office', 'SECRET-77'))
  })

  test('lines that make no sense are told by number, and the others are taken', async () => {
    const { body } = await send(
      csv(
        ...['A-1;x;Plein tarif;2026-11-22;;', ';x;Plein tarif;2026-11-22;;', 'A-3;x;Autre chose;2026-11-22;;'],
        ...['A-4;x;Plein tarif;demain;;', 'A-5;x;Plein tarif;2026-11-22;perdu;', ''],
      ),
    )
    expect(body).toMatchObject({ added: 1, wrong: 4 })
    expect(body.mistakes).toEqual([
      { line: 3, why: 'no-barcode' },
      { line: 4, why: 'type-unknown' },
      { line: 5, why: 'no-date' },
      { line: 6, why: 'status-unknown' },
    ])
  })

  test('a file without the columns is refused whole, and so is an unknown seller', async () => {
    expect((await send('Nom;Prénom\nDupont;Marie')).status).toBe(400)
    const desk = await museum.desk('supervisor')
    expect((await desk.post(`${SALAGON}/imports`, { seller: 'nobody', csv: csv() })).status).toBe(404)
    const staff = await museum.desk('gate-staff')
    expect((await staff.post(`${SALAGON}/imports`, { seller: 'office', csv: csv() })).status).toBe(403)
  })

  test('what was blocked at a gate stays blocked when the same file comes again', async () => {
    const line = 'A-1;x;Plein tarif;2026-11-22;;r1'
    await send(csv(line))
    const ticket = hashOfBarcode('office', 'A-1')
    await store(trialLedger('vm-1001')({ kind: 'status', ticket, status: 'blocked', by: 'person-1' }, NOON))
    await send(csv(line))
    expect((await feed()).map(({ status }) => status)).toEqual(['valid', 'blocked'])
  })
})
