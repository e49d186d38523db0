import { createApiClient, done, sure } from './client.ts'
import type { components } from './generated/openapi.ts'

type Schemas = components['schemas']
export type SoldType = Schemas['SoldTicketType']
export type MuseumOffer = Schemas['MuseumOffer']
export type Ticket = Schemas['Ticket']
export type TicketOrder = Schemas['TicketOrder']
export type Payment = TicketOrder['payment']
export type GateNow = Schemas['GateNow']
export type GateConflict = Schemas['GateConflict']
export type SalesReport = Schemas['DayReport']
export type MuseumSeller = Schemas['MuseumSeller']
export type ImportResult = Schemas['ImportResult']
/** `page`: where phones find that of its gateway; null where no document says so. */
export type Museum = { site: string; name: string; page: string | null }
export type DevicePass = { pass: string; until: string; path: string }
export type Sale = { nonce: string; type: number; count: number; payment: Payment; day?: string; slot?: string }

/** What the desk asks the cloud. Each call rejects with a Refused when the cloud says no, or when it is not there. */
export type TicketsApi = ReturnType<typeof createTicketsApi>

export function createTicketsApi(origin: string) {
  const client = createApiClient(origin)
  const at = (site: string) => ({ params: { path: { site } } })
  const ofOrder = (site: string, order: string) => ({ params: { path: { site, order } } })
  return {
    museums: async (): Promise<Museum[]> => sure(await client.GET('/api/v1/museums')).museums,
    offer: async (site: string, day: string | null): Promise<MuseumOffer> => {
      const params = { path: { site }, query: day === null ? {} : { day } }
      return sure(await client.GET('/api/v1/museums/{site}/offer', { params }))
    },
    /** Asked again with the same nonce, it answers with what was sold then. */
    sell: async (site: string, body: Sale): Promise<TicketOrder> =>
      sure(await client.POST('/api/v1/museums/{site}/orders', { ...at(site), body })),
    order: async (site: string, order: string): Promise<TicketOrder> =>
      sure(await client.GET('/api/v1/museums/{site}/orders/{order}', ofOrder(site, order))),
    cancelOrder: async (site: string, order: string, reason: string): Promise<TicketOrder> => {
      const options = { ...ofOrder(site, order), body: { reason } }
      return sure(await client.POST('/api/v1/museums/{site}/orders/{order}/cancellation', options))
    },
    cancelTicket: async (site: string, ticket: string, reason: string): Promise<Ticket> => {
      const options = { params: { path: { site, ticket } }, body: { reason } }
      return sure(await client.POST('/api/v1/museums/{site}/tickets/{ticket}/cancellation', options))
    },
    search: async (site: string, q: string): Promise<Ticket[]> => {
      const params = { path: { site }, query: { q } }
      return sure(await client.GET('/api/v1/museums/{site}/tickets', { params })).tickets
    },
    gate: async (site: string): Promise<GateNow> => sure(await client.GET('/api/v1/museums/{site}/gate', at(site))),
    report: async (site: string, day: string): Promise<SalesReport> =>
      sure(await client.GET('/api/v1/museums/{site}/days/{day}', { params: { path: { site, day } } })),
    conflicts: async (site: string): Promise<GateConflict[]> =>
      sure(await client.GET('/api/v1/museums/{site}/conflicts', at(site))).conflicts,
    acknowledge: async (site: string, ticket: string, note: string) => {
      const options = { params: { path: { site, ticket } }, body: { note } }
      done(await client.POST('/api/v1/museums/{site}/conflicts/{ticket}/acknowledgement', options))
    },
    makePass: async (site: string): Promise<DevicePass> =>
      sure(await client.POST('/api/v1/museums/{site}/passes', { ...at(site), body: {} })),
    sellers: async (site: string): Promise<MuseumSeller[]> =>
      sure(await client.GET('/api/v1/museums/{site}/sellers', at(site))).sellers,
    importFile: async (site: string, seller: string, csv: string): Promise<ImportResult> =>
      sure(await client.POST('/api/v1/museums/{site}/imports', { ...at(site), body: { seller, csv } })),
    askSeller: async (site: string, seller: string): Promise<ImportResult> => {
      const options = { params: { path: { site, seller } } }
      return sure(await client.POST('/api/v1/museums/{site}/sellers/{seller}/import', options))
    },
  }
}

/** The tickets of an order, one a page; the browser opens it, and prints it. */
export const pdfOf = (site: string, order: string, format: 'a4' | 'phone'): string =>
  `/api/v1/museums/${encodeURIComponent(site)}/orders/${encodeURIComponent(order)}/tickets.pdf?format=${format}`
