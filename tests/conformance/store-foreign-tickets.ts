import type { ForeignTicket } from '@vigie/cloud-api/store/tickets/foreign-tickets'
import { hashOfBarcode } from '@vigie/cloud-api/tickets/foreign-ticket'
import type { TicketStatus } from '@vigie/contract/gate/ticket-status'
import type { SiteId } from '@vigie/contract/ids'
import { expect, test } from 'vitest'
import { admission, trialLedger } from '../fixtures/gate-ledger.ts'
import { NOON, type OpenDatabase, useStore } from './store-trial.ts'

const site = 'musee-salagon' as SiteId
const from = { site, seller: 'billetweb' }
const by = { who: 'Camille', at: NOON }
const ticketOf = (barcode: string, status: TicketStatus = 'valid'): ForeignTicket => {
  const hash = hashOfBarcode('billetweb', barcode)
  const entry = { ticket: null, hash, seller: 'billetweb', status, type: 1, museums: 1, firstDay: 2_500, days: 1 }
  return { hash, reference: `r-${barcode}`, museums: 1, lastDay: 2_500, entry }
}

/** What a store of other sellers' tickets promises, on any database. */
export function foreignTicketsAreKept(open: OpenDatabase) {
  const trial = useStore(open)

  test('Y20: of two instances that take the same list at once, each ticket is added once', async () => {
    const other = await trial.second()
    const tickets = Array.from({ length: 30 }, (_, index) => ticketOf(`b${index}`))
    const both = await Promise.all(
      [trial.store, other].map(({ foreignTickets }) => foreignTickets.take(from, tickets, by)),
    )
    expect(both.map(({ added }) => added).toSorted((one, two) => one - two)).toEqual([0, 30])
    expect(await trial.store.foreignTickets.counts(site)).toEqual([
      { seller: 'billetweb', tickets: 30, entered: 0, untold: 0 },
    ])
  })

  test('an entry is noted once, at its first time, and told once', async () => {
    const { foreignTickets, items } = trial.store
    await foreignTickets.take(from, [ticketOf('a'), ticketOf('b')], by)
    const next = trialLedger('vm-1001')
    const rows = [NOON, NOON + 60_000].map((at) => next(admission(ticketOf('a').hash, { medium: 'foreign' }), at))
    const batch = { frames: [], states: [], deadLetters: [], heard: [], at: NOON + 90_000 }
    await items.storeItems({ ...batch, rows: rows.map((row) => ({ site, row })) })
    const untold = await foreignTickets.untold(site, 'billetweb', 10)
    expect(untold).toEqual([{ hash: ticketOf('a').hash, reference: 'r-a', enteredAt: NOON }])
    await foreignTickets.noteTold([ticketOf('a').hash], NOON)
    expect(await foreignTickets.untold(site, 'billetweb', 10)).toEqual([])
  })

  test('tickets that their seller cannot be told of do not stand before those that it can', async () => {
    const { foreignTickets, items } = trial.store
    await foreignTickets.take(from, [{ ...ticketOf('a'), reference: null }, ticketOf('b')], by)
    const next = trialLedger('vm-1001')
    const rows = ['a', 'b'].map((code, turn) =>
      next(admission(ticketOf(code).hash, { medium: 'foreign' }), NOON + turn * 60_000),
    )
    const batch = { frames: [], states: [], deadLetters: [], heard: [], at: NOON + 90_000 }
    await items.storeItems({ ...batch, rows: rows.map((row) => ({ site, row })) })
    expect(await foreignTickets.untold(site, 'billetweb', 1)).toMatchObject([{ hash: ticketOf('b').hash }])
  })

  test('D03: by what its seller knows it is forgotten after the visit, and its hash and its count are not', async () => {
    const { foreignTickets } = trial.store
    await foreignTickets.take(from, [ticketOf('a')], by)
    expect(await foreignTickets.forgetReferences(2_500)).toBe(0)
    expect(await foreignTickets.forgetReferences(2_501)).toBe(1)
    expect(await foreignTickets.counts(site)).toMatchObject([{ tickets: 1 }])
    expect(await foreignTickets.take(from, [ticketOf('a', 'revoked')], by)).toMatchObject({ changed: 1 })
  })
}
