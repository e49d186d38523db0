import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { DevicePass } from '@vigie/contract/gate/device-pass'
import { Reason } from '@vigie/contract/gate/row'
import { TicketRef } from '@vigie/contract/gate/ticket-code'
import type { SiteId } from '@vigie/contract/ids'
import Type from 'typebox'
import type { Decisions } from '../decisions.ts'
import type { MuseumLedger } from '../ledger/museum-ledger.ts'
import type { Lists } from '../lists.ts'
import { overridesLeft } from '../overrides-left.ts'
import type { RecentRows } from '../recent-rows.ts'
import { FOUND_MAX, findTickets, toldTicket } from '../tickets-known.ts'
import { answer, answerList, problems } from './answers.ts'

type Deps = {
  site: SiteId
  ledger: MuseumLedger
  recent: RecentRows
  lists: Lists
  decisions: Decisions
  overridesPerDay: () => number
  now: () => number
}

export const ticketRoutes =
  (deps: Deps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const asker = ({ staff }: DevicePass) => ({ staff, overridesLeft: overridesLeft(staff, deps) })

    app.route({
      method: 'GET',
      url: '/tickets',
      config: { access: 'gate-staff' },
      schema: {
        operationId: 'searchTickets',
        summary: 'Finds tickets by an order, a number, a code or the beginning of an id, with the cloud away',
        description:
          'Fewer than four characters find nothing. A number (`S000123`, `n° 123`) and the reference of an order are whole, ' +
          'with spaces and in any case; of an order the gateway knows a digest alone, and no names.',
        tags: ['tickets'],
        querystring: Type.Object({ search: Type.String({ maxLength: 512 }) }),
        response: {
          ...answerList(`At most ${FOUND_MAX}.`, 'TicketFound'),
          ...problems(),
        },
      },
      handler: ({ query, pass }, reply) => reply.send(findTickets(query.search, asker(pass), deps)),
    })

    app.route({
      method: 'PUT',
      url: '/tickets/:ticket/status',
      config: { access: 'gate-staff' },
      schema: {
        operationId: 'setTicketStatus',
        summary: 'Blocks a ticket on the spot, cancels it, or makes it good again',
        description:
          'It holds at every lane of the museum at once, and in the cloud as soon as that has the row; also for a ticket ' +
          'that no gate has seen yet.',
        tags: ['tickets'],
        params: Type.Object({ ticket: TicketRef }),
        body: Type.Object({ status: Type.Enum(['valid', 'blocked', 'canceled']), reason: Reason }),
        response: { ...answer(200, 'As it stands now.', 'TicketFound'), ...problems('ledger-failing') },
      },
      handler: ({ params: { ticket }, body, pass }, reply) => {
        deps.ledger.append([
          { body: { kind: 'status', ticket, status: body.status, by: pass.staff, reason: body.reason } },
        ])
        return reply.send(toldTicket(ticket, asker(pass), deps))
      },
    })
  }
