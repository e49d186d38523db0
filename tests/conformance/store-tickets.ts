import { readFileSync } from 'node:fs'
import type { Sale } from '@vigie/cloud-api/store/tickets/ticket-sales'
import { readOffer } from '@vigie/cloud-api/tickets/read-offer'
import { seasonOf } from '@vigie/cloud-api/tickets/season'
import { civilDayOfDate } from '@vigie/contract/gate/civil-time'
import { decodeTicketPayload, type TicketId } from '@vigie/contract/gate/ticket-code'
import type { SiteId } from '@vigie/contract/ids'
import { expect, test } from 'vitest'
import { NOON, type OpenDatabase, useStore } from './store-trial.ts'

const offer = readOffer(readFileSync(new URL('../../firmware-config/offer.json', import.meta.url), 'utf8'))
const salagon = 'musee-salagon' as SiteId
const prehistoire = 'musee-prehistoire' as SiteId
const TODAY = civilDayOfDate('2026-11-22')
const typeOf = (number: number) => {
  const type = offer.types.find((one) => one.number === number)
  if (type === undefined) throw new Error(`no type ${number}`)
  return type
}
let made = 0
const newId = () => (++made).toString(16).padStart(16, '0') as TicketId
const sale = (count: number, change: Partial<Sale> = {}): Sale => ({
  ...{ id: `ORDER${++made}`, nonce: `nonce-${made}`, site: salagon, at: NOON, who: 'Camille', payment: 'cash' },
  ...{ type: typeOf(1), firstDay: TODAY, slot: null, key: { seq: 1, id: 1 } },
  ids: Array.from({ length: count }, newId),
  ...change,
})

/** What a store of tickets promises, on any database. */
export function ticketsAreKept(open: OpenDatabase) {
  const trial = useStore(open)
  const opened = async () => {
    await trial.store.ticketOffer.seed(offer)
    return trial.store
  }
  const serialsOf = (sold: Awaited<ReturnType<typeof trial.store.ticketSales.sell>>) =>
    sold === 'slot-full' ? [] : sold.tickets.map(({ serial }) => serial)

  test('D07: numbers of tickets have no gap in each museum, whoever sells at once and whatever is rolled back', async () => {
    const { ticketSales } = await opened()
    const other = await trial.second()
    const taken = newId()
    await ticketSales.sell(sale(1, { ids: [taken] }))
    const sales = Array.from({ length: 12 }, (_, index) => {
      const { ticketSales: desk } = index % 2 === 0 ? trial.store : other
      // Each fourth fails in the middle of its transaction, after it has taken its numbers.
      const ids = index % 4 === 3 ? [newId(), taken] : [newId(), newId()]
      const free = { type: typeOf(3), payment: 'free' as const }
      return desk.sell(sale(2, { ids, ...(index % 3 === 0 ? free : {}) }))
    })
    const outcomes = await Promise.allSettled(sales)
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(3)
    const serials = outcomes.flatMap((one) => (one.status === 'fulfilled' ? serialsOf(one.value) : []))
    expect(serials.toSorted((one, two) => one - two)).toEqual(Array.from({ length: 18 }, (_, index) => index + 2))
    expect(serialsOf(await ticketSales.sell(sale(1, { site: prehistoire, type: typeOf(11) })))).toEqual([1])
    expect(serialsOf(await ticketSales.sell(sale(1)))).toEqual([20])
  })

  test('what was sold once with a nonce is not sold again with it', async () => {
    const { ticketSales } = await opened()
    const wish = sale(2)
    const first = await ticketSales.sell(wish)
    expect(await ticketSales.sell({ ...wish, id: 'ANOTHER', ids: [newId(), newId()] })).toEqual(first)
    expect(serialsOf(await ticketSales.sell(sale(1)))).toEqual([3])
  })

  test('what another museum sold with the same nonce is never given out, and each sells its own', async () => {
    const { ticketSales } = await opened()
    const wish = sale(1)
    const here = await ticketSales.sell(wish)
    const there = { ...wish, id: 'THERE', site: prehistoire, type: typeOf(11), ids: [newId()] }
    const sold = await ticketSales.sell(there)
    expect(sold).toMatchObject({ order: { id: 'THERE', site: prehistoire }, tickets: [{ serial: 1 }] })
    expect(await ticketSales.sell(wish)).toEqual(here)
    expect(await ticketSales.sell({ ...there, id: 'AGAIN' })).toEqual(sold)
  })

  test('a slot is never sold beyond its room, and cancelled places are free again', async () => {
    const { ticketSales } = await opened()
    const inSlot = (count: number) => sale(count, { type: typeOf(5), slot: { start: 840, quota: 5 } })
    const outcomes = await Promise.all([3, 3].map((count) => ticketSales.sell(inSlot(count))))
    expect(outcomes.filter((one) => one === 'slot-full')).toHaveLength(1)
    expect((await ticketSales.taken(salagon, TODAY)).get(840)).toBe(3)
    const [sold] = outcomes.filter((one) => one !== 'slot-full')
    const tickets = sold?.tickets.map(({ id }) => id) ?? []
    await ticketSales.cancel(salagon, { tickets, at: NOON, who: 'Camille', reason: 'pluie' })
    expect((await ticketSales.taken(salagon, TODAY)).get(840)).toBe(0)
    expect(serialsOf(await ticketSales.sell(inSlot(5)))).toEqual([4, 5, 6, 7, 8])
  })

  test('S02: a cancelled ticket is told once, to the gates of every museum that it was good for', async () => {
    const { ticketFeed, ticketSales } = await opened()
    const sold = await ticketSales.sell(sale(2, { type: typeOf(21) }))
    const [one] = sold === 'slot-full' ? [] : sold.tickets
    if (one === undefined) throw new Error('nothing was sold')
    const cancellation = { tickets: [one.id], at: NOON, who: 'Camille', reason: 'erreur de saisie' }
    expect(await ticketSales.cancel(salagon, cancellation)).toMatchObject([{ serial: 1, status: 'canceled' }])
    expect(await ticketSales.cancel(salagon, cancellation)).toEqual([])
    expect(await ticketSales.cancel(prehistoire, cancellation)).toEqual([])
    for (const site of [salagon, prehistoire]) {
      const page = await ticketFeed.after(site, 0, 10)
      expect(page).toMatchObject({ newest: 1, entries: [{ n: 1, ticket: one.id, status: 'canceled', serial: 1 }] })
      expect(await ticketFeed.after(site, 1, 10)).toEqual({ newest: 1, entries: [] })
    }
    expect((await ticketSales.ticket(salagon, one.id))?.serial).toBe(1)
    expect(await trial.store.audit.search({ action: 'ticket.canceled', limit: 9 })).toHaveLength(1)
  })

  test('F11: an issued ticket is in the log of each museum where it is good, once, whatever becomes of it', async () => {
    const { issuedTickets, ticketSales } = await opened()
    const both = sale(2, { id: 'BOTH', type: typeOf(21) })
    await ticketSales.sell(both)
    await ticketSales.sell(both) // asked again
    const own = sale(1, { id: 'OWN' })
    await ticketSales.sell(own)
    const taken = sale(1, { ids: own.ids })
    await expect(ticketSales.sell(taken)).rejects.toThrow()
    await ticketSales.cancel(salagon, { tickets: both.ids, at: NOON, who: 'Camille', reason: 'erreur' })
    const logOf = async (site: SiteId, after = 0) => {
      const log = await issuedTickets.after(site, after, 10)
      return log?.entries.map(({ n, ticket, order, serial, soldBy }) => [n, ticket, order, serial, soldBy])
    }
    const [one, two] = both.ids.map((id, index) => [index + 1, id, 'BOTH', index + 1, 1])
    expect(await logOf(salagon)).toEqual([one, two, [3, own.ids[0], 'OWN', 3, 1]])
    expect(await logOf(prehistoire)).toEqual([one, two])
    expect(await logOf(salagon, 2)).toEqual([[3, own.ids[0], 'OWN', 3, 1]])
    await issuedTickets.goOnAfter(salagon, 90)
    await ticketSales.sell(sale(1, { id: 'LATER' }))
    expect(await issuedTickets.newest()).toEqual([
      { site: prehistoire, newest: 2 },
      { site: salagon, newest: 91 },
    ])
  })

  test('F11: an order and a ticket are found by the beginning of their name, a ticket by its number', async () => {
    const { ticketSales } = await opened()
    await ticketSales.sell(sale(2, { id: 'K7QX2M', ids: ['abcd000000000001', 'abcd000000000002'] as TicketId[] }))
    await ticketSales.sell(sale(1, { id: 'ZZZZ99' }))
    const found = async (idFrom: string, serial: number | null = null) =>
      (await ticketSales.search(salagon, { idFrom, serial }, 10)).map((ticket) => ticket.serial)
    expect(await found('k7qx')).toEqual([2, 1])
    expect(await found('ABCD')).toEqual([2, 1])
    expect(await found('nothing', 3)).toEqual([3])
    expect(await found('%%%%')).not.toContain(4)
    expect(await ticketSales.search(prehistoire, { idFrom: 'K7QX', serial: 1 }, 10)).toEqual([])
  })

  test('a season has one key, however many ask, and it is good until the last of its tickets ends', async () => {
    const { ticketKeys, ticketSales } = await opened()
    const other = await trial.second()
    const season = seasonOf(TODAY)
    const make = (publicKey: string) => () => ({ publicKey, sealed: 'vault:x' })
    const both = await Promise.all([
      ticketKeys.ofSeason(season, make('a')),
      other.ticketKeys.ofSeason(season, make('b')),
    ])
    expect(both[0]).toEqual(both[1])
    const [key] = both
    const next = await ticketKeys.ofSeason(seasonOf(season.until + 1), make('c'))
    expect([key.id, next.id]).toEqual([1, 2])
    await ticketSales.sell(sale(1, { type: typeOf(22), key }))
    const lastDay = TODAY + 254
    expect((await ticketKeys.goodOn(lastDay)).map(({ id }) => id)).toEqual([1, 2])
    expect((await ticketKeys.goodOn(lastDay + 1)).map(({ id }) => id)).toEqual([2])
  })

  test('D03: what was signed is forgotten after the visit, and numbers and counts are not', async () => {
    const { ticketSales } = await opened()
    const sold = await ticketSales.sell(sale(1))
    const [ticket] = sold === 'slot-full' ? [] : sold.tickets
    const bytes = Buffer.from(ticket?.payload ?? '', 'hex')
    expect(decodeTicketPayload(bytes)).toMatchObject({ ok: true, payload: { serial: 1, firstDay: TODAY, type: 1 } })
    expect(await ticketSales.forgetPayloads(TODAY)).toBe(0)
    expect(await ticketSales.forgetPayloads(TODAY + 1)).toBe(1)
    const [kept] = await ticketSales.sold(salagon, { from: NOON, until: NOON + 1 })
    expect(kept?.tickets).toMatchObject([{ payload: null, serial: 1, type: 1 }])
  })

  test('a catalogue has another number only when it says something else', async () => {
    const { ticketOffer } = await opened()
    expect(await ticketOffer.tellCatalogue(salagon, 'a', NOON)).toMatchObject({ version: 1 })
    expect(await ticketOffer.tellCatalogue(salagon, 'a', NOON + 1)).toMatchObject({ version: 1, at: NOON })
    expect(await ticketOffer.tellCatalogue(salagon, 'b', NOON + 2)).toMatchObject({ version: 2 })
    await ticketOffer.seed({ ...offer, types: offer.types.slice(1) })
    expect((await ticketOffer.types())[0]).toMatchObject({ number: 1, isActive: false })
  })
}
