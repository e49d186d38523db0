import { ticketHistory } from '@vigie/contract/gate/history'
import type { Row } from '@vigie/contract/gate/row'
import { isTicketId, type TicketRef } from '@vigie/contract/gate/ticket-code'
import { type UsedElsewhere, usedAt } from '@vigie/contract/gate/used-elsewhere'
import type { SiteId } from '@vigie/contract/ids'
import type { Transaction } from 'kysely'
import type { Tables } from '../tables.ts'
import { nightsAt, rowIn } from './gate-conflicts.ts'
import { appendToFeed, type FeedNews, isForSeveral } from './ticket-feed.ts'
import { typeIn } from './ticket-offer.ts'

/** A ticket that is good at several museums, and what a feed says of it now. */
type Shared = { museums: number; type: number | undefined; news: FeedNews }
type Museum = { site: SiteId; bit: number }

/**
 * Tells the gates of each museum what was used of a ticket at the others, wherever new rows have changed it: the same rows
 * in another order, once more or late come to the same. What was given back or undone is taken off again.
 */
export async function noteUses(
  transaction: Transaction<Tables>,
  tickets: ReadonlySet<TicketRef>,
  at: number,
): Promise<void> {
  const shared = await sharedAmong(transaction, [...tickets])
  if (shared.size === 0) return
  const museums = await transaction.selectFrom('museum').select(['site', 'bit']).orderBy('bit').execute()
  for (const [ticket, one] of shared) {
    const concerned = museums.filter(({ bit }) => (one.museums & bit) !== 0)
    const uses = await usesOf(transaction, { ticket, type: one.type }, concerned)
    for (const { site, bit } of concerned) {
      const elsewhere = uses.filter(({ museum }) => museum !== bit)
      if (await isNews(transaction, { site, ticket, elsewhere: JSON.stringify(elsewhere) })) {
        await appendToFeed(transaction, site, { ...one.news, ...(elsewhere.length > 0 && { elsewhere }) }, at)
      }
    }
  }
}

async function sharedAmong(
  transaction: Transaction<Tables>,
  tickets: readonly TicketRef[],
): Promise<Map<TicketRef, Shared>> {
  const shared = new Map<TicketRef, Shared>()
  const own = tickets.filter(isTicketId)
  const foreign = tickets.filter((ref) => !isTicketId(ref))
  if (own.length > 0) {
    const rows = await transaction.selectFrom('ticket').selectAll().where('id', 'in', own).execute()
    for (const { id, museums, type, status, statusAt, serial } of rows) {
      const news: FeedNews = { ticket: id, hash: null, status, at: new Date(statusAt).toISOString(), serial }
      if (isForSeveral(museums)) shared.set(id, { museums, type, news })
    }
  }
  if (foreign.length > 0) {
    const rows = await transaction.selectFrom('foreignTicket').selectAll().where('hash', 'in', foreign).execute()
    for (const { hash, museums, entry, status, statusAt } of rows) {
      const imported = JSON.parse(entry) as FeedNews // as it was imported
      const news = { ...imported, status, ...(statusAt !== null && { at: new Date(statusAt).toISOString() }) }
      if (isForSeveral(museums)) shared.set(hash, { museums, type: imported.type, news })
    }
  }
  return shared
}

/** What was used at each museum; nothing of a ticket that may enter as often as it wants, unless a rule looks at it. */
async function usesOf(
  transaction: Transaction<Tables>,
  { ticket, type }: { ticket: TicketRef; type: number | undefined },
  museums: readonly Museum[],
): Promise<UsedElsewhere[]> {
  const stored = await transaction.selectFrom('gateRow').select(['site', 'row']).where('ticket', '=', ticket).execute()
  const rows = stored.map(({ site, row }) => ({ site, row: rowIn(row) }))
  if (!rows.some(({ row }) => isCounted(row)) && !(await hasRule(transaction, type))) return []
  const uses: UsedElsewhere[] = []
  for (const { site, bit } of museums) {
    const own = rows.filter((one) => one.site === site).map(({ row }) => row)
    const use = own.length === 0 ? null : usedAt(bit, ticketHistory(own, await nightsAt(transaction, [site], own)))
    if (use !== null) uses.push(use)
  }
  return uses
}

const isCounted = ({ body }: Row): boolean =>
  body.kind === 'decision' && body.right !== undefined && body.right.entries !== 0

async function hasRule(transaction: Transaction<Tables>, number: number | undefined): Promise<boolean> {
  if (number === undefined) return false
  const type = await transaction
    .selectFrom('ticketType')
    .select('offer')
    .where('number', '=', number)
    .executeTakeFirst()
  return type !== undefined && typeIn(type.offer).rule !== undefined
}

/** Whether a museum was last told otherwise, of which it is noted that it is told now. */
async function isNews(
  transaction: Transaction<Tables>,
  use: { site: SiteId; ticket: TicketRef; elsewhere: string },
): Promise<boolean> {
  const { site, ticket, elsewhere } = use
  const told = await transaction
    .selectFrom('ticketUse')
    .select('elsewhere')
    .where('site', '=', site)
    .where('ticket', '=', ticket)
    .executeTakeFirst()
  if ((told?.elsewhere ?? '[]') === elsewhere) return false
  await transaction
    .insertInto('ticketUse')
    .values(use)
    .onConflict((conflict) => conflict.columns(['site', 'ticket']).doUpdateSet({ elsewhere }))
    .execute()
  return true
}
