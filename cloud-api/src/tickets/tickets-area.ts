import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type GateRouteDeps, gateRoutes } from './gate-routes.ts'
import { GATE_SCHEMAS } from './gate-told.ts'
import { IMPORT_SCHEMAS, type ImportRouteDeps, importRoutes } from './import-routes.ts'
import { type SaleRouteDeps, saleRoutes } from './sale-routes.ts'
import { TEST_TICKET_SCHEMAS, type TestTicketRouteDeps, testTicketRoutes } from './test-ticket-routes.ts'
import { type TicketRouteDeps, ticketRoutes } from './ticket-routes.ts'
import { SALE_SCHEMAS } from './told.ts'

export type TicketsAreaDeps = SaleRouteDeps & TicketRouteDeps & GateRouteDeps & ImportRouteDeps & TestTicketRouteDeps

export const TICKET_SCHEMAS = [...SALE_SCHEMAS, ...GATE_SCHEMAS, ...IMPORT_SCHEMAS, ...TEST_TICKET_SCHEMAS]

/** Everything about tickets and gates, under /api/v1. Sales over the web will stand beside the desk's. */
export const ticketsArea =
  (deps: TicketsAreaDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.register(saleRoutes(deps))
    app.register(ticketRoutes(deps))
    app.register(gateRoutes(deps))
    app.register(importRoutes(deps))
    app.register(testTicketRoutes(deps))
  }
