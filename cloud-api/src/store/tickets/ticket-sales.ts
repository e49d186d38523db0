import type { CivilDay } from '@vigie/contract/gate/civil-time'
import { encodeTicketPayload, type TicketId } from '@vigie/contract/gate/ticket-code'
import type { SiteId } from '@vigie/contract/ids'
import type { Selectable, Transaction } from 'kysely'
import type { OfferedType } from '../../tickets/offer.ts'
import { payloadOf } from '../../tickets/ticket-payload.ts'
import { appendAudit } from '../audit.ts'
import { type Database, writeInOrder } from '../database.ts'
import type { Tables } from '../tables.ts'
import { appendIssued } from './issued-tickets.ts'
import { appendToFeeds } from './ticket-feed.ts'
import { keepKeyUntil, type StoredTicketKey } from './ticket-keys.ts'
import type { Payment, TicketOrderTable, TicketTable } from './ticket-tables.ts'

export type StoredTicket = Selectable<TicketTable>
export type StoredOrder = Selectable<TicketOrderTable>
export type OrderWithTickets = { order: StoredOrder; tickets: StoredTicket[] }

/** A sale at a desk. The number of ids is the number of tickets. */
export type Sale = {
  id: string
  nonce: string
  site: SiteId
  at: number
  who: string
  payment: Payment
  type: OfferedType
  firstDay: CivilDay
  /** The slot, and how many persons it has room for. */
  slot: { start: number; quota: number } | null
  key: Pick<StoredTicketKey, 'seq' | 'id'>
  ids: readonly TicketId[]
}

export type Cancellation = { tickets: readonly TicketId[]; at: number; who: string; reason: string }

export type TicketSaleStore = {
  /**
   * Sells, all or nothing. Each ticket has the next number of its museum, free ones too; what is rolled back takes none.
   * Asked again at the same museum with the same nonce, it gives what was sold then.
   */
  sell(sale: Sale): Promise<OrderWithTickets | 'slot-full'>
  order(site: SiteId, id: string): Promise<OrderWithTickets | undefined>
  ticket(site: SiteId, id: TicketId): Promise<StoredTicket | undefined>
  /** Cancels those of a museum that are not cancelled yet, gives their places back, and tells the gates. @returns which */
  cancel(site: SiteId, cancellation: Cancellation): Promise<StoredTicket[]>
  /** By the beginning of an order's or ticket's id, or by the number of a ticket; the newest first. */
  search(site: SiteId, query: { idFrom: string; serial: number | null }, limit: number): Promise<StoredTicket[]>
  /** How many persons have a place in each slot of a day. */
  taken(site: SiteId, day: CivilDay): Promise<Map<number, number>>
  /** What was sold from one moment to another. */
  sold(site: SiteId, period: { from: number; until: number }): Promise<OrderWithTickets[]>
  /** Of which type tickets are, whichever museum sold them; those that are not known are left out. */
  typesOf(ids: readonly TicketId[]): Promise<Map<TicketId, number>>
  /** What is signed is forgotten of tickets that ended before a day; number, type and days stay. */
  forgetPayloads(before: CivilDay): Promise<number>
}

export function createTicketSaleStore(database: Database<Tables>): TicketSaleStore {
  const { kysely } = database
  return {
    sell: (sale) =>
      writeInOrder(database, async (transaction) => {
        const before = await transaction
          .selectFrom('ticketOrder')
          .selectAll()
          .where('site', '=', sale.site)
          .where('nonce', '=', sale.nonce)
          .executeTakeFirst()
        if (before !== undefined) return { order: before, tickets: await ticketsOf(transaction, before.id) }
        if (!(await takePlaces(transaction, sale))) return 'slot-full'
        return addOrder(transaction, sale)
      }),
    order: async (site, id) => {
      const order = await kysely
        .selectFrom('ticketOrder')
        .selectAll()
        .where('id', '=', id)
        .where('site', '=', site)
        .executeTakeFirst()
      return order && { order, tickets: await ticketsOf(kysely, id) }
    },
    ticket: (site, id) =>
      kysely.selectFrom('ticket').selectAll().where('id', '=', id).where('site', '=', site).executeTakeFirst(),
    cancel: (site, { tickets, at, who, reason }) =>
      writeInOrder(database, async (transaction) => {
        if (tickets.length === 0) return []
        const canceled = await transaction
          .updateTable('ticket')
          .set({ status: 'canceled', statusAt: at })
          .where('site', '=', site)
          .where('id', 'in', tickets)
          .where('status', '!=', 'canceled')
          .returningAll()
          .execute()
        for (const ticket of canceled.toSorted((one, other) => one.serial - other.serial)) {
          const { id, serial, museums } = ticket
          await givePlacesBack(transaction, ticket)
          const news = { ticket: id, hash: null, status: 'canceled', at: new Date(at).toISOString(), serial } as const
          await appendToFeeds(transaction, museums, news, at)
          const what = String(serial)
          await appendAudit(transaction, { at, who, action: 'ticket.canceled', what, site, reason })
        }
        return canceled
      }),
    search: (site, { idFrom, serial }, limit) => {
      // Of what nobody can have typed in vain: neither `%` nor `_` is in an id.
      const beginning = idFrom.replace(/[^0-9A-Za-z]/g, '')
      return kysely
        .selectFrom('ticket')
        .selectAll()
        .where('site', '=', site)
        .where(({ or, eb }) =>
          or([
            ...(serial === null ? [] : [eb('serial', '=', serial)]),
            eb('id', 'like', `${beginning.toLowerCase()}%` as TicketId), // compared as text
            eb('order', 'like', `${beginning.toUpperCase()}%`),
          ]),
        )
        .orderBy('serial', 'desc')
        .limit(limit)
        .execute()
    },
    taken: async (site, day) => {
      const rows = await kysely
        .selectFrom('ticketSlot')
        .select(['start', 'taken'])
        .where('site', '=', site)
        .where('day', '=', day)
        .execute()
      return new Map(rows.map(({ start, taken }) => [start, taken]))
    },
    sold: async (site, { from, until }) => {
      const orders = await kysely
        .selectFrom('ticketOrder')
        .selectAll()
        .where('site', '=', site)
        .where('at', '>=', from)
        .where('at', '<', until)
        .orderBy('at')
        .execute()
      const tickets = await kysely
        .selectFrom('ticket')
        .selectAll()
        .where('site', '=', site)
        .where('order', 'in', ({ selectFrom }) =>
          selectFrom('ticketOrder')
            .select('id')
            .where('site', '=', site)
            .where('at', '>=', from)
            .where('at', '<', until),
        )
        .orderBy('serial')
        .execute()
      return orders.map((order) => ({ order, tickets: tickets.filter((ticket) => ticket.order === order.id) }))
    },
    typesOf: async (ids) => {
      const types = new Map<TicketId, number>()
      for (let from = 0; from < ids.length; from += NAMED_AT_ONCE) {
        const some = ids.slice(from, from + NAMED_AT_ONCE)
        const found = await kysely.selectFrom('ticket').select(['id', 'type']).where('id', 'in', some).execute()
        for (const { id, type } of found) types.set(id, type)
      }
      return types
    },
    forgetPayloads: async (before) => {
      const forgotten = await kysely
        .updateTable('ticket')
        .set({ payload: null })
        .where('lastDay', '<', before)
        .where('payload', 'is not', null)
        .executeTakeFirst()
      return Number(forgotten.numUpdatedRows)
    },
  }
}

/** Far below what a statement may name in either database. */
const NAMED_AT_ONCE = 1_000

type Reader = Database<Tables>['kysely'] | Transaction<Tables>

const ticketsOf = (reader: Reader, order: string): Promise<StoredTicket[]> =>
  reader.selectFrom('ticket').selectAll().where('order', '=', order).orderBy('serial').execute()

/** Whether the slot had room for all. */
async function takePlaces(transaction: Transaction<Tables>, sale: Sale): Promise<boolean> {
  const { site, firstDay: day, slot, type, ids } = sale
  if (slot === null) return true
  const places = type.persons * ids.length
  const { taken } = await transaction
    .insertInto('ticketSlot')
    .values({ site, day, start: slot.start, taken: places })
    .onConflict((conflict) =>
      conflict.columns(['site', 'day', 'start']).doUpdateSet(({ eb, ref }) => ({
        taken: eb(ref('ticketSlot.taken'), '+', places),
      })),
    )
    .returning('taken')
    .executeTakeFirstOrThrow()
  if (taken <= slot.quota) return true
  await changePlaces(transaction, { site, day, start: slot.start }, -places)
  return false
}

async function givePlacesBack(transaction: Transaction<Tables>, ticket: StoredTicket): Promise<void> {
  const { site, firstDay: day, slotStart: start, persons } = ticket
  if (start !== null) await changePlaces(transaction, { site, day, start }, -persons)
}

async function changePlaces(
  transaction: Transaction<Tables>,
  { site, day, start }: { site: SiteId; day: CivilDay; start: number },
  by: number,
): Promise<void> {
  await transaction
    .updateTable('ticketSlot')
    .set(({ eb }) => ({ taken: eb('taken', '+', by) }))
    .where('site', '=', site)
    .where('day', '=', day)
    .where('start', '=', start)
    .execute()
}

async function addOrder(transaction: Transaction<Tables>, sale: Sale): Promise<OrderWithTickets> {
  const { id, nonce, site, at, who, payment, type, firstDay, slot, key, ids } = sale
  const order = { id, nonce, site, at, who, payment, totalCents: type.priceCents * ids.length }
  await transaction.insertInto('ticketOrder').values(order).execute()
  const { lastSerial } = await transaction
    .updateTable('museum')
    .set(({ eb }) => ({ lastSerial: eb('lastSerial', '+', ids.length) }))
    .where('site', '=', site)
    .returning('lastSerial')
    .executeTakeFirstOrThrow()
  const lastDay = firstDay + type.days - 1
  const slotStart = slot?.start ?? null
  const tickets = ids.map((ticket, index): StoredTicket => {
    const serial = lastSerial - ids.length + 1 + index
    const payload = payloadOf(type, { id: ticket, key: key.id, firstDay, slotStart, serial, soldAtTill: true })
    return {
      ...{ id: ticket, site, serial, order: id, type: type.number, key: key.seq },
      payload: Buffer.from(encodeTicketPayload(payload)).toString('hex'),
      ...{ museums: type.museums, persons: type.persons, firstDay, lastDay, slotStart },
      ...{ status: 'valid', statusAt: at },
    }
  })
  await transaction.insertInto('ticket').values(tickets).execute()
  await appendIssued(transaction, type.museums, ids)
  await keepKeyUntil(transaction, key.seq, lastDay)
  const after = { type: type.number, count: ids.length, payment, totalCents: order.totalCents }
  await appendAudit(transaction, { at, who, action: 'ticket.sold', what: id, site, after })
  return { order, tickets }
}
