import type { FeedEntry } from '@vigie/contract/gate/feed'
import type { UsedElsewhere } from '@vigie/contract/gate/used-elsewhere'
import type { SiteId } from '@vigie/contract/ids'
import type { Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { Tables } from '../tables.ts'

/** What a feed says of one ticket, before it has its number. */
export type FeedNews = Omit<FeedEntry, 'n'>

/** The log of each museum by which its gates learn how single tickets stand. Added to, never changed. */
export type TicketFeedStore = {
  /** Entries after a mark, in order, and up to where the log goes. Null: no such museum. */
  after(site: SiteId, mark: number, limit: number): Promise<{ entries: FeedEntry[]; newest: number } | null>
  newest(): Promise<{ site: SiteId; newest: number }[]>
  /** Goes on after a number that a gate has: of a database that came back from a backup the newest is lower. */
  goOnAfter(site: SiteId, n: number): Promise<void>
}

export function createTicketFeedStore({ kysely }: Database<Tables>): TicketFeedStore {
  return {
    after: async (site, mark, limit) => {
      // First the end: what is added meanwhile is left for the next page.
      const museum = await kysely.selectFrom('museum').select('feedNewest').where('site', '=', site).executeTakeFirst()
      if (museum === undefined) return null
      const rows = await kysely
        .selectFrom('ticketFeed')
        .select(['n', 'entry'])
        .where('site', '=', site)
        .where('n', '>', mark)
        .where('n', '<=', museum.feedNewest)
        .orderBy('n')
        .limit(limit)
        .execute()
      const entries = rows.map(({ n, entry }) => ({ ...(JSON.parse(entry) as FeedNews), n })) // written below
      return { entries, newest: museum.feedNewest }
    },
    goOnAfter: async (site, n) => {
      await kysely
        .updateTable('museum')
        .set({ feedNewest: n })
        .where('site', '=', site)
        .where('feedNewest', '<', n)
        .execute()
    },
    newest: async () => {
      const rows = await kysely.selectFrom('museum').select(['site', 'feedNewest']).orderBy('site').execute()
      return rows.map(({ site, feedNewest }) => ({ site, newest: feedNewest }))
    },
  }
}

/** Tells the gates of every museum that a ticket is good for how it stands, in the transaction that made it so. */
export async function appendToFeeds(
  transaction: Transaction<Tables>,
  museums: number,
  news: FeedNews,
  at: number,
): Promise<void> {
  const concerned = await transaction.selectFrom('museum').select(['site', 'bit']).execute()
  for (const { site, bit } of concerned) {
    if ((museums & bit) === 0) continue
    const elsewhere = isForSeveral(museums) ? await toldOfUse(transaction, site, news) : []
    await appendToFeed(transaction, site, { ...news, ...(elsewhere.length > 0 && { elsewhere }) }, at)
  }
}

/** Tells the gates of one museum. What they knew of the ticket before is replaced, so that nothing may be left out. */
export async function appendToFeed(
  transaction: Transaction<Tables>,
  site: SiteId,
  news: FeedNews,
  at: number,
): Promise<void> {
  const { feedNewest: n } = await transaction
    .updateTable('museum')
    .set(({ eb }) => ({ feedNewest: eb('feedNewest', '+', 1) }))
    .where('site', '=', site)
    .returning('feedNewest')
    .executeTakeFirstOrThrow()
  await transaction
    .insertInto('ticketFeed')
    .values({ site, n, at, entry: JSON.stringify(news) })
    .execute()
}

export const isForSeveral = (museums: number): boolean => (museums & (museums - 1)) !== 0

/** What the gates of a museum know of a ticket's use at the others. */
async function toldOfUse(transaction: Transaction<Tables>, site: SiteId, news: FeedNews): Promise<UsedElsewhere[]> {
  const ticket = news.ticket ?? news.hash
  if (ticket === null) return []
  const told = await transaction
    .selectFrom('ticketUse')
    .select('elsewhere')
    .where('site', '=', site)
    .where('ticket', '=', ticket)
    .executeTakeFirst()
  return told === undefined ? [] : (JSON.parse(told.elsewhere) as UsedElsewhere[]) // written by `noteUses`
}
