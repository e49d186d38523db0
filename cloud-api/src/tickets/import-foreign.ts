import type { SiteId } from '@vigie/contract/ids'
import type { Store } from '../store/store.ts'
import type { ForeignTicket, Imported } from '../store/tickets/foreign-tickets.ts'
import { foreignTicketOf, type Mistake, type SoldElsewhere } from './foreign-ticket.ts'
import type { OfferedType, Seller } from './offer.ts'

export type ImportResult = Imported & { mistakes: Mistake[] }

type From = { site: SiteId; seller: Seller; types: readonly OfferedType[] }

/**
 * Takes tickets of another seller over. Lines that cannot be taken are told and the others go on. A barcode that stands
 * twice counts as its last line says.
 */
export async function importForeign(
  { foreignTickets }: Pick<Store, 'foreignTickets'>,
  { site, seller, types }: From,
  sold: readonly { line: number; ticket: SoldElsewhere }[],
  by: { who: string; at: number },
): Promise<ImportResult> {
  const mistakes: Mistake[] = []
  const tickets = new Map<string, ForeignTicket>()
  for (const { line, ticket } of sold) {
    const taken = foreignTicketOf(ticket, seller, types)
    if (typeof taken === 'string') mistakes.push({ line, why: taken })
    else tickets.set(taken.hash, taken)
  }
  const counts = await foreignTickets.take({ site, seller: seller.id }, [...tickets.values()], by)
  return { ...counts, mistakes }
}
