import type { TicketId } from '@vigie/contract/gate/ticket-code'
import type { SiteId } from '@vigie/contract/ids'
import type { Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { Tables } from '../tables.ts'

/** A ticket as the log of a museum has it; `soldBy` is the bit of the museum whose number it has. */
export type IssuedTicket = {
  n: number
  ticket: TicketId
  serial: number
  soldBy: number
  order: string
  type: number
  firstDay: number
  lastDay: number
  slotStart: number | null
  /** Of its code; null: forgotten. */
  payload: string | null
}

/** The log of each museum by which its gateway finds tickets: those that are good there. Added to, never changed. */
export type IssuedTicketStore = {
  /** Tickets after a mark, in order, and up to where the log goes. Null: no such museum. */
  after(site: SiteId, mark: number, limit: number): Promise<{ entries: IssuedTicket[]; newest: number } | null>
  newest(): Promise<{ site: SiteId; newest: number }[]>
  /** Goes on after a number that a gateway has: of a database that came back from a backup the newest is lower. */
  goOnAfter(site: SiteId, n: number): Promise<void>
}

export function createIssuedTicketStore({ kysely }: Database<Tables>): IssuedTicketStore {
  return {
    after: async (site, mark, limit) => {
      // First the end: what is added meanwhile is left for the next page.
      const museum = await kysely
        .selectFrom('museum')
        .select('issuedNewest')
        .where('site', '=', site)
        .executeTakeFirst()
      if (museum === undefined) return null
      const entries = await kysely
        .selectFrom('ticketIssued')
        .innerJoin('ticket', 'ticket.id', 'ticketIssued.ticket')
        .innerJoin('museum', 'museum.site', 'ticket.site')
        .select(['ticketIssued.n', 'ticketIssued.ticket', 'ticket.serial', 'museum.bit as soldBy', 'ticket.order'])
        .select(['ticket.type', 'ticket.firstDay', 'ticket.lastDay', 'ticket.slotStart', 'ticket.payload'])
        .where('ticketIssued.site', '=', site)
        .where('ticketIssued.n', '>', mark)
        .where('ticketIssued.n', '<=', museum.issuedNewest)
        .orderBy('ticketIssued.n')
        .limit(limit)
        .execute()
      return { entries, newest: museum.issuedNewest }
    },
    newest: async () => {
      const rows = await kysely.selectFrom('museum').select(['site', 'issuedNewest']).orderBy('site').execute()
      return rows.map(({ site, issuedNewest }) => ({ site, newest: issuedNewest }))
    },
    goOnAfter: async (site, n) => {
      await kysely
        .updateTable('museum')
        .set({ issuedNewest: n })
        .where('site', '=', site)
        .where('issuedNewest', '<', n)
        .execute()
    },
  }
}

/** Adds tickets of one order to the logs of the museums that they are good for, in the transaction that sells them. */
export async function appendIssued(
  transaction: Transaction<Tables>,
  museums: number,
  tickets: readonly TicketId[],
): Promise<void> {
  const all = await transaction.selectFrom('museum').select(['site', 'bit']).orderBy('site').execute()
  for (const { site, bit } of all) {
    if ((museums & bit) === 0) continue
    const { issuedNewest } = await transaction
      .updateTable('museum')
      .set(({ eb }) => ({ issuedNewest: eb('issuedNewest', '+', tickets.length) }))
      .where('site', '=', site)
      .returning('issuedNewest')
      .executeTakeFirstOrThrow()
    const first = issuedNewest - tickets.length + 1
    await transaction
      .insertInto('ticketIssued')
      .values(tickets.map((ticket, index) => ({ site, n: first + index, ticket })))
      .execute()
  }
}
