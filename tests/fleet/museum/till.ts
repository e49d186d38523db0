import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createStore } from '@vigie/cloud-api/store/store'
import { createDevicePasses } from '@vigie/cloud-api/tickets/device-pass'
import { newOrderId, newTicketId } from '@vigie/cloud-api/tickets/names'
import { createTicketSigning } from '@vigie/cloud-api/tickets/ticket-signing'
import { createVault } from '@vigie/cloud-api/vault'
import { civilDayOf } from '@vigie/contract/gate/civil-time'
import type { TicketId } from '@vigie/contract/gate/ticket-code'
import type { ItemId, SiteId } from '@vigie/contract/ids'
import { ulid } from 'ulid'

export type TillOptions = { cloudFolder: string; databaseUrl?: string; vaultKeyFile: string }
export type SoldTicket = { id: TicketId; code: string; persons: number; entries: number }

/** What is in the audit trail and in the till for whoever is not there. */
const WHO = 'simulation'

/**
 * A desk without a person: it sells on the cloud's database with the cloud's own code, as a second instance of the cloud would,
 * so that a fleet that is only looked at needs no account. Who signs in sells at the desk's page, by the API.
 */
export async function openTill({ cloudFolder, databaseUrl, vaultKeyFile }: TillOptions) {
  const store = await createStore({ sqliteFile: join(cloudFolder, 'vigie.sqlite'), postgresUrl: databaseUrl })
  const vault = createVault(Buffer.from(readFileSync(vaultKeyFile, 'utf8').trim(), 'hex'))
  const clock = { now: Date.now }
  const signing = createTicketSigning({ keys: store.ticketKeys, vault, clock })
  const passes = createDevicePasses({ keys: store.ticketKeys, vault, clock, newId: () => ulid() as ItemId }) // a ULID
  return {
    /** Sells tickets of a type for today, or for in so many days; none: the cloud has no such type yet. */
    async sell(site: string, typeNumber: number, count: number, inDays = 0): Promise<SoldTicket[]> {
      const type = (await store.ticketOffer.types()).find(({ number }) => number === typeNumber)
      const key = await signing.keyNow()
      if (type === undefined || key === null) return []
      const order = await store.ticketSales.sell({
        ...{ id: newOrderId(), nonce: ulid(), site: site as SiteId, at: clock.now(), who: WHO }, // of the plan
        ...{
          payment: type.priceCents === 0 ? 'free' : 'card',
          type,
          key,
          slot: null,
          firstDay: civilDayOf(clock.now()) + inDays,
        },
        ids: Array.from({ length: count }, newTicketId),
      })
      if (order === 'slot-full') return []
      const sold = order.tickets.map(async (ticket) => ({
        ...{
          id: ticket.id,
          persons: ticket.persons,
          entries: type.entries,
          code: (await signing.codeOf(ticket)) ?? '',
        },
      }))
      return Promise.all(sold)
    },
    cancel: (site: string, ticket: TicketId) =>
      store.ticketSales.cancel(site as SiteId, { tickets: [ticket], at: clock.now(), who: WHO, reason: WHO }),
    /** The address at a gateway's page by which a browser becomes a device of the staff. */
    async passPath(site: string, hours: number): Promise<string | null> {
      const made = await passes.make({ site: site as SiteId, staff: WHO, role: 'supervisor', hours })
      return made === null ? null : `/portillon.html#${new URLSearchParams({ p: made.pass })}`
    },
    close: store.close,
  }
}
export type Till = Awaited<ReturnType<typeof openTill>>
