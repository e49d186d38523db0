import { ISSUED_PAGE_MAX_ENTRIES } from '@vigie/contract/bounds'
import { type IssuedEntry, type IssuedPage, rightsOf } from '@vigie/contract/gate/issued'
import type { SiteId } from '@vigie/contract/ids'
import { orderDigest } from '@vigie/contract/order-digest'
import { WIRE_VERSION } from '@vigie/contract/version'
import type { Store } from '../store/store.ts'
import type { IssuedTicket } from '../store/tickets/issued-tickets.ts'
import { AHEAD_AT_MOST } from './feed-page.ts'
import { numberOf } from './names.ts'

/** The page of a museum's issued tickets after a mark. Null: no such museum, or a mark that no gateway can have. */
export async function issuedPageAfter(
  { issuedTickets }: Pick<Store, 'issuedTickets'>,
  { site, after, limit = ISSUED_PAGE_MAX_ENTRIES }: { site: SiteId; after: number; limit?: number },
  now: number,
): Promise<IssuedPage | null> {
  const found = await issuedTickets.after(site, after, Math.min(limit, ISSUED_PAGE_MAX_ENTRIES))
  if (found === null || after > found.newest + AHEAD_AT_MOST) return null
  if (after > found.newest) await issuedTickets.goOnAfter(site, after)
  const newest = Math.max(found.newest, after)
  const entries = found.entries.map((one) => entryOf(site, one))
  const upTo = entries.at(-1)?.n ?? newest
  const at = new Date(now).toISOString()
  return { ...{ v: WIRE_VERSION, kind: 'issued-page', site, after, upTo, newest }, at, entries }
}

/** Without the order's reference: nobody who takes the gateway's disk learns it. */
const entryOf = (site: SiteId, { n, ticket, serial, soldBy, order, type, ...when }: IssuedTicket): IssuedEntry => ({
  ...{ n, ticket, number: numberOf({ bit: soldBy }, serial), type },
  ...{ firstDay: when.firstDay, days: when.lastDay - when.firstDay + 1 },
  ...(when.slotStart !== null && { slotStart: when.slotStart }),
  order: orderDigest(site, order),
  ...(when.payload !== null && { rights: rightsOf(when.payload) }),
})
