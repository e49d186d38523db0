import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Reason } from '@vigie/contract/gate/row'
import { TicketRef } from '@vigie/contract/gate/ticket-code'
import Type from 'typebox'
import type { MuseumLedger } from '../ledger/museum-ledger.ts'
import type { Lists } from '../lists.ts'
import { findTickets, toldTicket } from '../tickets-known.ts'
import { answer, answerList, problems } from './answers.ts'

type Deps = { ledger: MuseumLedger; lists: Lists }

export const ticketRoutes =
  ({ ledger, lists }: Deps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.route({
      method: 'GET',
      url: '/tickets',
      config: { access: 'gate-staff' },
      schema: {
        operationId: 'searchTickets',
        summary: 'Searches a ticket by its code, serial number or id',
        description: 'Fewer than four characters find nothing. The gateway knows no orders and no names.',
        tags: ['tickets'],
        querystring: Type.Object({ search: Type.String({ maxLength: 512 }) }),
        response: {
          ...answerList('At most 20.', 'TicketFound'),
          ...problems(),
        },
      },
      handler: ({ query }, reply) => reply.send(findTickets(query.search, { ledger, lists })),
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
        ledger.append([{ body: { kind: 'status', ticket, status: body.status, by: pass.staff, reason: body.reason } }])
        return reply.send(toldTicket(ticket, { ledger, lists }))
      },
    })
  }
