import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createStore, type Store } from '@vigie/cloud-api/store/store'
import { cataloguesNow } from '@vigie/cloud-api/tickets/catalogue'
import { feedPageAfter } from '@vigie/cloud-api/tickets/feed-page'
import { readOffer } from '@vigie/cloud-api/tickets/read-offer'
import { FEED_PAGE_MAX_ENTRIES, GATE_DOCUMENT_MAX_BYTES } from '@vigie/contract/bounds'
import type { Catalogue } from '@vigie/contract/gate/catalogue'
import { civilDayOf } from '@vigie/contract/gate/civil-time'
import { continues, decodeFeedPage, type FeedPage } from '@vigie/contract/gate/feed'
import { decodeTicketPayload, type TicketId } from '@vigie/contract/gate/ticket-code'
import type { BootId, ItemId, SiteId, UnitId } from '@vigie/contract/ids'
import { openListStore as openLaneLists } from '@vigie/edge-agent/lane/store/list-store'
import { createDecisions } from '@vigie/gateway-broker/museum/decisions'
import { createGatewayClock } from '@vigie/gateway-broker/museum/gateway-clock'
import { openLedgerFile } from '@vigie/gateway-broker/museum/ledger/ledger-file'
import { createMuseumLedger } from '@vigie/gateway-broker/museum/ledger/museum-ledger'
import { openListStore } from '@vigie/gateway-broker/museum/store/list-store'
import { ulid } from 'ulid'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { admission, trialLedger } from '../fixtures/gate-ledger.ts'
import { trialCode, trialKey } from '../fixtures/trial-tickets.ts'

const SALAGON = 'musee-salagon' as SiteId
const PREHISTOIRE = 'musee-prehistoire' as SiteId
const HOUR_MS = 3_600_000
const TEN_ENTRIES = 22

let folder: string
let cloud: Store
let nowMs: number
let closing: (() => void)[]
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-both-museums-'))
  cloud = await createStore({ sqliteFile: join(folder, 'cloud.sqlite') })
  const offer = await readFile(new URL('../../firmware-config/offer.json', import.meta.url), 'utf8')
  await cloud.ticketOffer.seed(readOffer(offer))
  nowMs = Date.parse('2026-08-15T08:30:00.000Z')
  closing = []
})
afterEach(async () => {
  for (const close of closing) close()
  await cloud.close()
  rmSync(folder, { recursive: true })
})

/** A museum's gateway as far as it decides: its ledger and its lists in files, and what it hears of the cloud. */
async function openMuseum(site: SiteId, openLists: typeof openListStore | typeof openLaneLists = openListStore) {
  const file = (name: string) => join(folder, `${site}-${name}.sqlite`)
  const clock = createGatewayClock({ now: () => nowMs, monotonicMs: () => 1 })
  clock.compare(nowMs, 10)
  const ledger = createMuseumLedger(openLedgerFile(file('ledger'), { now: () => nowMs }), {
    ...{ unit: `vg-${site.slice(6)}` as UnitId, boot: ulid() as BootId, clock, newId: () => ulid() as ItemId },
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
  })
  const lists = openLists(file('lists'), (path) => rmSync(path, { force: true }))
  closing.push(ledger.close, lists.close)
  const [catalogue] = (await cataloguesNow({ store: cloud }, nowMs)).filter((one) => one.site === site)
  if (catalogue === undefined) throw new Error(`no catalogue of ${site}`)
  const known: Catalogue = { ...catalogue, keys: [trialKey] }
  const { decide } = createDecisions({
    ...{ ledger, clock, inside: () => ({ inside: 0, isEstimate: false }), onUnsettled: () => {} },
    lists: { ...lists, catalogue: () => known, ageS: () => 0, issuedOf: () => null },
  })
  let handedOver = 0
  return {
    ledger,
    show: (code: string) => decide({ code, direction: 'in', nonce: ulid(), by: 'p-1' })?.decision,
    /** What the ledger has that the cloud has not. */
    handOver: async () => {
      const rows = ledger.after(handedOver, null, 1000)
      handedOver = rows.at(-1)?.position ?? handedOver
      const nothing = { frames: [], states: [], deadLetters: [], heard: [] }
      await cloud.items.storeItems({ ...nothing, rows: rows.map(({ row }) => ({ site, row })), at: nowMs })
    },
    hear: async () => {
      for (const page of await pagesAfter(site, lists.mark())) lists.keepPage(page)
    },
  }
}

/** As they come over the wire, until there is no more. */
async function pagesAfter(site: SiteId, mark: number): Promise<FeedPage[]> {
  const pages: FeedPage[] = []
  for (let after = mark; ; ) {
    const page = await feedPageAfter(cloud, { site, after }, nowMs)
    const read = decodeFeedPage(Buffer.from(JSON.stringify(page)))
    if (!read.ok || !continues(read.value, after)) throw new Error('is no page after the mark')
    pages.push(read.value)
    if (read.value.upTo === read.value.newest) return pages
    after = read.value.upTo
  }
}

/** A card for ten entries, sold at Salagon, and what is printed on it. */
async function sellCards(count = 1) {
  const type = (await cloud.ticketOffer.types()).find(({ number }) => number === TEN_ENTRIES)
  if (type === undefined) throw new Error('no card')
  const ids = Array.from({ length: count }, (_, index) => (index + 1).toString(16).padStart(16, '0') as TicketId)
  const order = { id: 'CARDS', nonce: 'nonce-of-cards', site: SALAGON, at: nowMs, who: 'Camille' }
  const what = { payment: 'card' as const, type, firstDay: civilDayOf(nowMs), slot: null, ids }
  const sold = await cloud.ticketSales.sell({ ...order, ...what, key: { seq: 1, id: trialKey.id } })
  if (sold === 'slot-full') throw new Error('a card has no slot')
  return sold.tickets.map(({ payload }) => {
    const read = decodeTicketPayload(Buffer.from(payload ?? '', 'hex'))
    if (!read.ok) throw new Error(read.why)
    return trialCode(read.payload)
  })
}

test('P12: a card for ten entries is let in ten times over both museums, and the refusal says where and when it was used last', async () => {
  const [code = ''] = await sellCards()
  const salagon = await openMuseum(SALAGON, openLaneLists)
  const prehistoire = await openMuseum(PREHISTOIRE)
  const places = [salagon, salagon, prehistoire, salagon, prehistoire, prehistoire, salagon, prehistoire, salagon]
  for (const place of [...places, prehistoire]) {
    await place.hear()
    expect(place.show(code)).toMatchObject({ outcome: 'ok', persons: 1 })
    await place.handOver()
    nowMs += HOUR_MS / 2
  }
  await salagon.hear()
  expect(salagon.show(code)).toMatchObject({
    ...{ outcome: 'already_redeemed', detail: 'used-up' },
    fix: { kind: 'entered-elsewhere', museum: 'Musée de Préhistoire des gorges du Verdon', day: null },
  })
  await prehistoire.hear()
  expect(prehistoire.show(code)).toMatchObject({
    outcome: 'already_redeemed',
    fix: { kind: 'entered-elsewhere', museum: 'Musée de Salagon' },
  })
  expect(await cloud.gateLedger.conflicts(SALAGON, 10)).toEqual([])
})

test('P12: an entry that was undone at one museum is there again at the other', async () => {
  const [code = ''] = await sellCards()
  const [salagon, prehistoire] = [await openMuseum(SALAGON), await openMuseum(PREHISTOIRE, openLaneLists)]
  const entries = Array.from({ length: 10 }, () => salagon.show(code)?.outcome)
  expect(entries).toEqual(Array(10).fill('ok'))
  await salagon.handOver()
  await prehistoire.hear()
  expect(prehistoire.show(code)?.outcome).toBe('already_redeemed')
  const last = salagon.ledger.after(0, null, 100).at(-1)?.row
  if (last === undefined) throw new Error('a row')
  salagon.ledger.append([{ body: { kind: 'undo', decision: last.id, by: 'p-1' } }])
  await salagon.handOver()
  await prehistoire.hear()
  expect(prehistoire.show(code)?.outcome).toBe('ok')
})

test('an eleventh entry while one museum was cut off is a conflict in the inbox of both, and neither lets in a twelfth', async () => {
  const [code = ''] = await sellCards()
  const [salagon, prehistoire] = [await openMuseum(SALAGON), await openMuseum(PREHISTOIRE)]
  for (let entry = 0; entry < 9; entry += 1) salagon.show(code)
  await salagon.handOver()
  await prehistoire.hear()
  expect(prehistoire.show(code)?.outcome).toBe('ok')
  nowMs += HOUR_MS
  expect(salagon.show(code)?.outcome).toBe('ok')
  for (const place of [salagon, prehistoire]) await place.handOver()
  for (const site of [SALAGON, PREHISTOIRE])
    expect(await cloud.gateLedger.conflicts(site, 10)).toMatchObject([{ persons: 1, acknowledgedAt: null }])
  for (const place of [salagon, prehistoire]) {
    await place.hear()
    expect(place.show(code)?.outcome).toBe('already_redeemed')
  }
})

test('a page with many cards that were used often ends where a gate would not take more of it', async () => {
  await sellCards(FEED_PAGE_MAX_ENTRIES + 10)
  const next = trialLedger('vm-1001')
  const rows = Array.from({ length: (FEED_PAGE_MAX_ENTRIES + 10) * 16 }, (_, index) => {
    const ticket = (Math.floor(index / 16) + 1).toString(16).padStart(16, '0')
    return { site: SALAGON, row: next(admission(ticket, { right: { entries: 10, persons: 1 } }), nowMs + index) }
  })
  const nothing = { frames: [], states: [], deadLetters: [], heard: [] }
  await cloud.items.storeItems({ ...nothing, rows, at: nowMs })
  const pages = await pagesAfter(PREHISTOIRE, 0)
  for (const page of pages) expect(JSON.stringify(page).length).toBeLessThan(GATE_DOCUMENT_MAX_BYTES)
  const told = new Set(pages.flatMap(({ entries }) => entries.map(({ ticket }) => ticket)))
  expect([pages[0]?.entries.length === FEED_PAGE_MAX_ENTRIES, told.size]).toEqual([false, FEED_PAGE_MAX_ENTRIES + 10])
})
