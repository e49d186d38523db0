import { isRowOf } from '@vigie/contract/gate/row'
import { isForeignHash, isTicketId, type TicketRef } from '@vigie/contract/gate/ticket-code'
import type { TicketStatus } from '@vigie/contract/gate/ticket-status'
import type { Transaction } from 'kysely'
import type { Tables } from '../tables.ts'
import type { GateRow } from './gate-rows.ts'
import { appendToFeeds, type FeedNews } from './ticket-feed.ts'

/** What the staff set on a ticket at a gate holds everywhere, unless something newer is known. */
export async function noteStatuses(transaction: Transaction<Tables>, fresh: readonly GateRow[], at: number) {
  for (const { row } of fresh) {
    if (!isRowOf(row, 'status')) continue
    const { ticket, status } = row.body
    const setAt = Date.parse(row.at)
    if (isTicketId(ticket)) {
      const changed = await transaction
        .updateTable('ticket')
        .set({ status, statusAt: setAt })
        .where('id', '=', ticket)
        .where('statusAt', '<=', setAt)
        .returning(['museums', 'serial'])
        .executeTakeFirst()
      const news: FeedNews = { ticket, hash: null, status, at: row.at }
      if (changed) await appendToFeeds(transaction, changed.museums, { ...news, serial: changed.serial }, at)
    } else await setForeignStatus(transaction, ticket, { status, at })
  }
}

/** Sets how another seller's ticket stands, and tells the gates; what it is good for goes with it. */
export async function setForeignStatus(
  transaction: Transaction<Tables>,
  hash: TicketRef,
  { status, at }: { status: TicketStatus; at: number },
): Promise<void> {
  const standing = await transaction.selectFrom('foreignTicket').selectAll().where('hash', '=', hash).executeTakeFirst()
  if (standing === undefined || standing.status === status) return
  await transaction.updateTable('foreignTicket').set({ status, statusAt: at }).where('hash', '=', hash).execute()
  const entry = JSON.parse(standing.entry) as FeedNews // as it was imported
  const news = { ...entry, status, at: new Date(at).toISOString() }
  await appendToFeeds(transaction, standing.museums, news, at)
}

/** Of other sellers' tickets: that somebody came in with it, for whoever sold it. */
export async function noteEntries(transaction: Transaction<Tables>, fresh: readonly GateRow[], at: number) {
  for (const { row } of fresh) {
    if (!isRowOf(row, 'decision')) continue
    const { ticket, outcome, direction } = row.body
    if (outcome !== 'ok' || direction !== 'in' || ticket === null || !isForeignHash(ticket)) continue
    await transaction
      .updateTable('foreignTicket')
      .set({ enteredAt: Math.min(Date.parse(row.at), at) })
      .where('hash', '=', ticket)
      .where('enteredAt', 'is', null)
      .execute()
  }
}
