import { readFileSync } from 'node:fs'
import type { ForeignTicket } from '@vigie/cloud-api/store/tickets/foreign-tickets'
import { readOffer } from '@vigie/cloud-api/tickets/read-offer'
import { occupancyOf } from '@vigie/contract/gate/occupancy'
import type { Row } from '@vigie/contract/gate/row'
import type { ForeignHash, TicketId, TicketRef } from '@vigie/contract/gate/ticket-code'
import type { ItemId, SiteId } from '@vigie/contract/ids'
import { expect, test } from 'vitest'
import { admission, passage, trialLedger } from '../fixtures/gate-ledger.ts'
import { NOON, type OpenDatabase, useStore } from './store-trial.ts'

const offer = readOffer(readFileSync(new URL('../../firmware-config/offer.json', import.meta.url), 'utf8'))
const salagon = 'musee-salagon' as SiteId
const prehistoire = 'musee-prehistoire' as SiteId
const TICKET = '00000000000000aa' as TicketId

/** What a store of ledgers promises, on any database. */
export function gateRowsAreKept(open: OpenDatabase) {
  const trial = useStore(open)
  const store = async (rows: readonly Row[], { site = salagon, at = NOON }: { site?: SiteId; at?: number } = {}) => {
    const nothing = { frames: [], states: [], deadLetters: [], heard: [] }
    return trial.store.items.storeItems({ ...nothing, rows: rows.map((row) => ({ site, row })), at })
  }
  const outcomesOf = async (rows: readonly Row[]) => {
    const outcomes = await store(rows)
    return rows.map(({ id }) => outcomes.get(id))
  }
  const problems = async () => (await trial.store.gateLedger.origins(salagon)).map((one) => one.problems)

  test('Y05: each row is stored once, however often and in whatever order it comes', async () => {
    const next = trialLedger('vm-1001')
    const rows = Array.from({ length: 40 }, (_, index) => next(passage(null), NOON + index))
    expect(await outcomesOf(rows.toReversed())).toEqual(rows.map(() => 'stored'))
    expect(await outcomesOf([...rows.slice(0, 3), next(passage(null), NOON + 50)])).toEqual([
      ...['already', 'already', 'already'],
      'stored',
    ])
    const [origin] = await trial.store.gateLedger.origins(salagon)
    expect(origin).toMatchObject({ origin: 'vm-1001', newest: 41, rows: 41, missing: 0, problems: 0 })
    expect(await trial.store.gateLedger.rowsSince(salagon, NOON + 39)).toHaveLength(2)
  })

  test('a missing row is counted as missing until it comes, and no other waits for it', async () => {
    const next = trialLedger('vm-1001')
    const [first, second, third] = [1, 2, 3].map((at) => next(passage(null), NOON + at))
    if (!first || !second || !third) throw new Error('three rows')
    await store([first, third])
    expect(await trial.store.gateLedger.origins(salagon)).toMatchObject([{ newest: 3, rows: 2, missing: 1 }])
    expect(await problems()).toEqual([0])
    await store([second])
    expect(await trial.store.gateLedger.origins(salagon)).toMatchObject([{ newest: 3, missing: 0, problems: 0 }])
  })

  test('a row that was changed, or that does not follow its neighbour, is kept and marked', async () => {
    const [next, other] = [trialLedger('vm-1001'), trialLedger('vm-1001')]
    const [first, second] = [next(passage(null), NOON), next(passage(null), NOON + 1)]
    const changed: Row = { ...second, body: { ...passage(null), direction: 'out' } as Row['body'] }
    expect(await outcomesOf([first, changed])).toEqual(['stored', 'stored'])
    expect(await problems()).toEqual([1])
    expect(await outcomesOf([second])).toEqual(['id-taken'])
    // The same number again, by a box that lost its ledger and began anew.
    expect(await outcomesOf([other(passage(null), NOON + 2)])).toEqual(['stored'])
    expect(await problems()).toEqual([2])
    expect(await trial.store.gateLedger.rowsSince(salagon, NOON)).toHaveLength(3)
  })

  test('a passage that comes before its decision is of the same ticket once both are there', async () => {
    const next = trialLedger('vm-1001')
    const decision = next(admission(TICKET), NOON)
    const through = next(passage(decision.id), NOON + 900)
    await store([through])
    expect(await trial.store.gateLedger.rowsOfTicket(TICKET)).toEqual([])
    await store([decision])
    const rows = await trial.store.gateLedger.rowsOfTicket(TICKET)
    expect(rows.map(({ row }) => row.id).toSorted()).toEqual([decision.id, through.id].toSorted())
  })

  test('a ticket that let in two at gates that did not know of one another is a conflict, until one is undone', async () => {
    const [left, right] = [trialLedger('vm-1001'), trialLedger('vm-1002')]
    const [one, two] = [left(admission(TICKET), NOON), right(admission(TICKET), NOON + 60_000)]
    await store([two])
    await store([one])
    const [found] = await trial.store.gateLedger.conflicts(salagon, 10)
    expect(found).toMatchObject({ ticket: TICKET, persons: 1, acknowledgedAt: null })
    expect(found?.conflict.stands.map(({ row }) => row)).toEqual([one.id])
    expect(found?.conflict.beyond.map(({ row }) => row)).toEqual([two.id])
    const undo: Row['body'] = { kind: 'undo', decision: two.id, by: 'person-1' }
    await store([right(undo, NOON + 70_000)])
    expect(await trial.store.gateLedger.conflicts(salagon, 10)).toEqual([])
  })

  test('P12: a card for both museums is counted over both, and a conflict stands in the inbox of each', async () => {
    await trial.store.ticketOffer.seed(offer)
    const [here, there] = [trialLedger('vm-1001'), trialLedger('vm-2001')]
    const right = { entries: 2, persons: 1 }
    await store([here(admission(TICKET, { right }), NOON)])
    await store([there(admission(TICKET, { right }), NOON + 1)], { site: prehistoire })
    expect(await trial.store.gateLedger.conflicts(salagon, 10)).toEqual([])
    await store([there(admission(TICKET, { right }), NOON + 2)], { site: prehistoire })
    for (const site of [salagon, prehistoire]) {
      expect(await trial.store.gateLedger.conflicts(site, 10)).toMatchObject([{ ticket: TICKET, persons: 1 }])
    }
  })

  /** A card for ten entries over both museums. */
  const sellCard = async (ids: TicketId[] = [TICKET], number = 22) => {
    await trial.store.ticketOffer.seed(offer)
    const type = offer.types.find((one) => one.number === number)
    if (type === undefined) throw new Error(`no type ${number}`)
    const order = { id: `CARD${number}`, nonce: `nonce-of-${number}`, site: salagon, at: NOON - 5, who: 'Camille' }
    const what = { payment: 'card' as const, type, firstDay: 2_500, slot: null, key: { seq: 1, id: 1 }, ids }
    await trial.store.ticketSales.sell({ ...order, ...what })
  }
  const entriesOf = async (site: SiteId) => (await trial.store.ticketFeed.after(site, 0, 100))?.entries ?? []
  const ten = { right: { entries: 10, persons: 1 } }
  const iso = (atMs: number) => new Date(atMs).toISOString()

  test('P12: what a card was used for is told to the gates of the other museum, once, and taken back with it', async () => {
    await sellCard()
    const there = trialLedger('vm-2001')
    const one = there(admission(TICKET, ten), NOON)
    const refused = there(admission(TICKET, { outcome: 'lane_closed', persons: 0 }), NOON + 1)
    const two = there(admission(TICKET, ten), NOON + 2)
    const undo = there({ kind: 'undo', decision: two.id, by: 'person-1' }, NOON + 3)
    await store([one, refused, there(passage(one.id), NOON + 4)], { site: prehistoire })
    await store([one], { site: prehistoire })
    const used = (...at: number[]) => ({
      ...{ museum: 2, entries: at.length, persons: at.length },
      uses: at.map((atMs) => ({ at: iso(atMs), persons: 1 })),
    })
    const card = { ticket: TICKET, hash: null, status: 'valid', at: iso(NOON - 5), serial: 1 }
    expect(await entriesOf(salagon)).toEqual([{ ...card, n: 1, elsewhere: [used(NOON)] }])
    await store([two], { site: prehistoire })
    await store([undo], { site: prehistoire })
    expect((await entriesOf(salagon)).slice(1)).toEqual([
      { ...card, n: 2, elsewhere: [used(NOON, NOON + 2)] },
      { ...card, n: 3, elsewhere: [used(NOON)] },
    ])
    const back = there({ kind: 'undo', decision: one.id, by: 'person-1' }, NOON + 5)
    await store([back], { site: prehistoire })
    expect((await entriesOf(salagon)).at(-1)).toEqual({ ...card, n: 4 })
    expect(await entriesOf(prehistoire)).toEqual([])
  })

  test('P12: what was not used after all is never told, in whatever order its rows come', async () => {
    await sellCard()
    const there = trialLedger('vm-2001')
    const decision = there(admission(TICKET, ten), NOON)
    const returned = there({ kind: 'returned', decision: decision.id, persons: 1, why: 'no-show' }, NOON + 1)
    await store([returned], { site: prehistoire })
    await store([decision], { site: prehistoire })
    expect(await entriesOf(salagon)).toEqual([])
  })

  test('P12: every later word on a card says its use again, to each museum that of the other', async () => {
    await sellCard()
    const [here, there] = [trialLedger('vm-1001'), trialLedger('vm-2001')]
    await store([here(admission(TICKET, ten), NOON)])
    await store([there(admission(TICKET, ten), NOON + 1)], { site: prehistoire })
    const set = here({ kind: 'status', ticket: TICKET as TicketRef, status: 'blocked', by: 'person-1' }, NOON + 2)
    await store([set])
    const cancellation = { tickets: [TICKET], at: NOON + 3, who: 'Camille', reason: 'perdu' }
    await trial.store.ticketSales.cancel(salagon, cancellation)
    for (const [site, other] of [
      [salagon, 2],
      [prehistoire, 1],
    ] as const) {
      const said = (await entriesOf(site)).slice(-2)
      expect(said).toMatchObject([{ status: 'blocked' }, { status: 'canceled' }])
      for (const entry of said) expect(entry.elsewhere).toMatchObject([{ museum: other, entries: 1 }])
    }
    await store([there(admission(TICKET, ten), NOON + 4)], { site: prehistoire })
    expect((await entriesOf(salagon)).at(-1)).toMatchObject({ status: 'canceled', elsewhere: [{ entries: 2 }] })
  })

  test("P12: of another seller's ticket its use goes with what it is good for", async () => {
    await trial.store.ticketOffer.seed(offer)
    const hash = 'ab'.repeat(16) as ForeignHash // 32 hexadecimal digits
    const entry = { ticket: null, hash, seller: 'billetweb', status: 'valid', type: 21, museums: 3, firstDay: 2_500 }
    const ticket = { hash, reference: 'r-1', museums: 3, lastDay: 2_529, entry: { ...entry, entries: 2, days: 30 } }
    const by = { who: 'Camille', at: NOON }
    const from = { site: salagon, seller: 'billetweb' }
    await trial.store.foreignTickets.take(from, [ticket as ForeignTicket], by) // its status is a word of the contract
    const there = trialLedger('vm-2001')
    const medium = { medium: 'foreign', right: { entries: 2, persons: 1 } } as const
    await store([there(admission(hash, medium), NOON)], { site: prehistoire })
    expect((await entriesOf(salagon)).at(-1)).toEqual({
      ...ticket.entry,
      ...{ n: 2, elsewhere: [{ museum: 2, entries: 1, persons: 1, uses: [{ at: iso(NOON), persons: 1 }] }] },
    })
    const set = there({ kind: 'status', ticket: hash, status: 'blocked', by: 'person-1' }, NOON + 1)
    await store([set], { site: prehistoire, at: NOON + 2 })
    await store([there(admission(hash, medium), NOON + 3)], { site: prehistoire })
    expect((await entriesOf(salagon)).at(-1)).toMatchObject({
      ...{ status: 'blocked', at: iso(NOON + 2), type: 21, seller: 'billetweb', elsewhere: [{ entries: 2 }] },
    })
  })

  test('what enters one museum alone, or as often as it wants, is told to nobody', async () => {
    await sellCard()
    await sellCard(['00000000000000ab' as TicketId], 1)
    const [here, there] = [trialLedger('vm-1001'), trialLedger('vm-2001')]
    await store([here(admission('00000000000000ab'), NOON)])
    const free = { right: { entries: 0, persons: 1 } }
    await store([there(admission(TICKET, free), NOON)], { site: prehistoire })
    expect([await entriesOf(salagon), await entriesOf(prehistoire)]).toEqual([[], []])
  })

  test('T16: who was counted out in the night comes in anew the next day, and one too many is a conflict', async () => {
    const [left, right] = [trialLedger('vm-1001'), trialLedger('vm-1002')]
    const daily = { right: { entries: 1, persons: 1, perDay: true, reentry: true } } as const
    await store([left(admission(TICKET, daily), NOON - 24 * 3_600_000)])
    await store([left({ kind: 'everybody-out' }, NOON - 9 * 3_600_000)])
    await store([left(admission(TICKET, { direction: 'out' }), NOON), left(admission(TICKET, daily), NOON + 1)])
    expect(await trial.store.gateLedger.conflicts(salagon, 10)).toEqual([])
    await store([right(admission(TICKET, daily), NOON + 2)])
    expect(await trial.store.gateLedger.conflicts(salagon, 10)).toMatchObject([{ ticket: TICKET, persons: 1 }])
  })

  test('a conflict is looked at once, and again when it grows', async () => {
    const next = ['vm-1001', 'vm-1002', 'vm-1003'].map((origin) => trialLedger(origin))
    const rows = next.map((ledger, index) => ledger(admission(TICKET), NOON + index))
    const by = { who: 'Camille', note: 'vu avec le visiteur', at: NOON }
    await store(rows.slice(0, 2))
    expect(await trial.store.gateLedger.acknowledge(salagon, TICKET, by)).toBe(true)
    expect(await trial.store.gateLedger.acknowledge(salagon, TICKET, by)).toBe(false)
    await store(rows.slice(0, 2))
    expect(await trial.store.gateLedger.conflicts(salagon, 10)).toMatchObject([{ acknowledgedBy: 'Camille' }])
    await store(rows.slice(2))
    expect(await trial.store.gateLedger.conflicts(salagon, 10)).toMatchObject([{ persons: 2, acknowledgedBy: null }])
  })

  test('K05: what the staff set on a ticket at a gate reaches the feeds, and a later word of the desk is not undone', async () => {
    const { ticketOffer, ticketSales, ticketFeed } = trial.store
    await ticketOffer.seed(offer)
    const type = offer.types.find(({ number }) => number === 21)
    if (type === undefined) throw new Error('no pass')
    const order = {
      id: 'ONE',
      nonce: 'nonce-of-one',
      site: salagon,
      at: NOON,
      who: 'Camille',
      payment: 'card' as const,
    }
    await ticketSales.sell({ ...order, type, firstDay: 2_500, slot: null, key: { seq: 1, id: 1 }, ids: [TICKET] })
    const next = trialLedger('vm-1001')
    const set = (status: 'blocked' | 'valid', at: number) =>
      next({ kind: 'status', ticket: TICKET as TicketRef, status, by: 'person-1' }, at)
    await store([set('blocked', NOON + 1)])
    expect(await ticketSales.ticket(salagon, TICKET)).toMatchObject({ status: 'blocked' })
    await ticketSales.cancel(salagon, { tickets: [TICKET], at: NOON + 5, who: 'Camille', reason: 'vol' })
    await store([set('valid', NOON + 2)])
    expect(await ticketSales.ticket(salagon, TICKET)).toMatchObject({ status: 'canceled' })
    const page = await ticketFeed.after(prehistoire, 0, 10)
    expect(page?.entries.map(({ status }) => status)).toEqual(['blocked', 'canceled'])
  })

  test('who is inside is counted from the rows of all gates', async () => {
    const [left, right] = [trialLedger('vm-1001'), trialLedger('vm-1002')]
    const rows = [left(passage(null), NOON), right(passage(null), NOON + 1), left(passage(null, 'out'), NOON + 2)]
    await store(rows)
    const kept = await trial.store.gateLedger.rowsSince(salagon, NOON - 1)
    const terms = { nowMs: NOON + 10, areExitsCounted: true, stayMinutes: 120 }
    expect(occupancyOf(kept, terms)).toEqual({ inside: 1, isEstimate: false })
    expect(kept.map(({ id }) => id as ItemId).toSorted()).toEqual(rows.map(({ id }) => id).toSorted())
  })

  test('what boxes give alarm for about themselves is told by when it came, the newest first, at a time that can be', async () => {
    const [box, lane] = [trialLedger('vm-1000', { lane: null }), trialLedger('vm-1001')]
    const alarm = (cause: string) => ({ kind: 'lane', state: 'fault', cause, reason: 'about it' }) as const
    const wrong: Row = { ...box(alarm('keys-ending'), 0), clock: 'unknown' }
    await store([box(alarm('lists-old'), NOON - 5_000), wrong, box(alarm('list-wrong'), NOON + 60_000)])
    await store([lane(alarm('forced'), NOON), box({ kind: 'lane', state: 'locked' }, NOON)], { at: NOON + 1 })
    await store([box(alarm('lists-old'), NOON - 4_000)], { at: NOON + 2, site: prehistoire })
    const told = (cause: string, at: number, receivedAt = NOON) => ({
      ...{ unit: 'vm-1000', cause, about: 'about it', at, receivedAt },
    })
    const newest = told('lists-old', NOON - 4_000, NOON + 2)
    expect(await trial.store.gateLedger.alarmsSince(NOON)).toEqual([
      ...[newest, told('list-wrong', NOON), told('lists-old', NOON - 5_000), told('keys-ending', NOON)],
    ])
    expect(await trial.store.gateLedger.alarmsSince(NOON + 1)).toEqual([newest])
  })
}
