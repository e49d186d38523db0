import { FEED_PAGE_MAX_ENTRIES, GATE_DOCUMENT_MAX_BYTES } from '@vigie/contract/bounds'
import type { FeedEntry, FeedPage } from '@vigie/contract/gate/feed'
import type { SiteId } from '@vigie/contract/ids'
import { WIRE_VERSION } from '@vigie/contract/version'
import type { Store } from '../store/store.ts'

/** What a lost database can have told since its backup; more is no mark but a mistake, and must not use up the numbers. */
export const AHEAD_AT_MOST = 1_000_000

/** What a page is besides its entries. */
const FRAME_BYTES = 1024

/**
 * The page of a museum's feed after a mark. Null: no such museum, or a mark that no gate can have.
 */
export async function feedPageAfter(
  { ticketFeed }: Pick<Store, 'ticketFeed'>,
  { site, after, limit = FEED_PAGE_MAX_ENTRIES }: { site: SiteId; after: number; limit?: number },
  now: number,
): Promise<FeedPage | null> {
  const found = await ticketFeed.after(site, after, Math.min(limit, FEED_PAGE_MAX_ENTRIES))
  if (found === null) return null
  const entries = fitting(found.entries)
  if (after > found.newest + AHEAD_AT_MOST) return null
  if (after > found.newest) await ticketFeed.goOnAfter(site, after)
  const newest = Math.max(found.newest, after)
  const upTo = entries.at(-1)?.n ?? newest
  const at = new Date(now).toISOString()
  return { ...{ v: WIRE_VERSION, kind: 'feed-page', site, after, upTo, newest }, at, entries }
}

/** As many from the first on as there is room for in what a gate takes; the next page brings the others. */
function fitting(entries: readonly FeedEntry[]): FeedEntry[] {
  let room = GATE_DOCUMENT_MAX_BYTES - FRAME_BYTES
  return entries.filter((entry) => {
    room -= Buffer.byteLength(JSON.stringify(entry)) + 1
    return room >= 0
  })
}
