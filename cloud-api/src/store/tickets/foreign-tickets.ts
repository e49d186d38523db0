import type { ForeignHash, TicketRef } from '@vigie/contract/gate/ticket-code'
import type { SiteId } from '@vigie/contract/ids'
import type { Transaction } from 'kysely'
import { appendAudit } from '../audit.ts'
import { type Database, writeInOrder } from '../database.ts'
import type { Tables } from '../tables.ts'
import { appendToFeeds, type FeedNews } from './ticket-feed.ts'
import type { ForeignTicketTable } from './ticket-tables.ts'

/** Another seller's ticket as it says it now. */
export type ForeignTicket = {
  hash: ForeignHash
  /** By what the seller knows it, to tell it of the entry; never the barcode. */
  reference: string | null
  museums: number
  lastDay: number
  entry: FeedNews
}

export type Imported = { added: number; changed: number; unchanged: number }
export type ForeignEntry = Pick<ForeignTicketTable, 'hash' | 'enteredAt'> & { reference: string }

/** Tickets of other sellers: by the hash of their barcode, which is kept nowhere. */
export type ForeignTicketStore = {
  /** Takes over what a seller says. What it says again changes nothing, and what a gate has set since stays. */
  take(
    from: { site: SiteId; seller: string },
    tickets: readonly ForeignTicket[],
    by: { who: string; at: number },
  ): Promise<Imported>
  counts(site: SiteId): Promise<{ seller: string; tickets: number; entered: number; untold: number }[]>
  /** Somebody came in with these, and their seller has not heard of it. */
  untold(site: SiteId, seller: string, limit: number): Promise<ForeignEntry[]>
  noteTold(hashes: readonly TicketRef[], at: number): Promise<void>
  /** The seller's reference is forgotten of tickets that ended before a day, though their seller may not have heard of the entry. */
  forgetReferences(before: number): Promise<number>
}

export function createForeignTicketStore(database: Database<Tables>): ForeignTicketStore {
  const { kysely } = database
  return {
    take: ({ site, seller }, tickets, { who, at }) =>
      writeInOrder(database, async (transaction) => {
        const counts: Imported = { added: 0, changed: 0, unchanged: 0 }
        for (const ticket of tickets) counts[await takeOne(transaction, { site, seller }, ticket, at)] += 1
        if (counts.added + counts.changed > 0) {
          await appendAudit(transaction, { at, who, action: 'ticket.imported', what: seller, site, after: counts })
        }
        return counts
      }),
    counts: async (site) => {
      const rows = await kysely
        .selectFrom('foreignTicket')
        .select(['seller', ({ fn }) => fn.countAll().as('tickets'), ({ fn }) => fn.count('enteredAt').as('entered')])
        .select(({ fn }) => fn.count('toldSellerAt').as('told'))
        .where('site', '=', site)
        .groupBy('seller')
        .orderBy('seller')
        .execute()
      return rows.map(({ seller, tickets, entered, told }) => ({
        ...{ seller, tickets: Number(tickets), entered: Number(entered) },
        untold: Number(entered) - Number(told),
      }))
    },
    untold: async (site, seller, limit) => {
      const rows = await kysely
        .selectFrom('foreignTicket')
        .select(['hash', 'reference', 'enteredAt'])
        .where('site', '=', site)
        .where('seller', '=', seller)
        .where('enteredAt', 'is not', null)
        .where('toldSellerAt', 'is', null)
        .where('reference', 'is not', null)
        .orderBy('enteredAt')
        .limit(limit)
        .execute()
      return rows.flatMap(({ reference, ...row }) => (reference === null ? [] : [{ ...row, reference }]))
    },
    noteTold: async (hashes, at) => {
      if (hashes.length === 0) return
      await kysely
        .updateTable('foreignTicket')
        .set({ toldSellerAt: at })
        .where('hash', 'in', hashes)
        .where('toldSellerAt', 'is', null)
        .execute()
    },
    forgetReferences: async (before) => {
      const forgotten = await kysely
        .updateTable('foreignTicket')
        .set({ reference: null })
        .where('lastDay', '<', before)
        .where('reference', 'is not', null)
        .executeTakeFirst()
      return Number(forgotten.numUpdatedRows)
    },
  }
}

async function takeOne(
  transaction: Transaction<Tables>,
  { site, seller }: { site: SiteId; seller: string },
  { hash, reference, museums, lastDay, entry }: ForeignTicket,
  at: number,
): Promise<keyof Imported> {
  const said = JSON.stringify(entry)
  const before = await transaction
    .selectFrom('foreignTicket')
    .select(['entry'])
    .where('hash', '=', hash)
    .executeTakeFirst()
  if (before?.entry === said) return 'unchanged'
  const statusAt = before === undefined ? null : at
  const row = { reference, museums, lastDay, entry: said, status: entry.status, statusAt }
  await transaction
    .insertInto('foreignTicket')
    .values({ hash, site, seller, ...row, importedAt: at, enteredAt: null, toldSellerAt: null })
    .onConflict((conflict) => conflict.column('hash').doUpdateSet(row))
    .execute()
  // When a ticket is new nothing was set on it before; a change says when it came.
  const news = before === undefined ? entry : { ...entry, at: new Date(at).toISOString() }
  await appendToFeeds(transaction, museums, news, at)
  return before === undefined ? 'added' : 'changed'
}
