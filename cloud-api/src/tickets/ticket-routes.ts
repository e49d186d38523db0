import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import { isTicketId } from '@vigie/contract/gate/ticket-code'
import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import { answer, answerBytes, problems } from '../http/answers.ts'
import { sendProblem } from '../http/problem.ts'
import { may } from '../people/person.ts'
import type { Store } from '../store/store.ts'
import { drawTickets } from './draw-tickets.ts'
import { museumAt, sendMuseumUnknown } from './museum-at.ts'
import { serialIn } from './names.ts'
import type { TicketSigning } from './ticket-signing.ts'
import { orderTold, ticketTold } from './told.ts'

export type TicketRouteDeps = {
  store: Pick<Store, 'ticketOffer' | 'ticketSales'>
  signing: Pick<TicketSigning, 'codeOf'>
  /** Told of each ticket that was cancelled: gates must know at once. */
  onCanceled(): void
  clock: Clock
}

const SITE = Type.Object({ site: Type.String() })
const ORDER = Type.Object({ site: Type.String(), order: Type.String() })
const TICKET = Type.Object({ site: Type.String(), ticket: Type.String() })
const Reason = Type.Object({ reason: Type.String({ minLength: 3, maxLength: 200 }) })
const FOUND = 50
/** Who sells does not leaf through what others bought: four characters name one order, two name hundreds. */
const LEAST = { staff: 4, supervisor: 2 } as const

/** Tickets that were sold: found, printed again, cancelled. */
export const ticketRoutes =
  ({ store, signing, onCanceled, clock }: TicketRouteDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { ticketOffer, ticketSales } = store

    /** A museum, one of its orders, and the words for both. */
    async function orderAt({ site, order }: { site: string; order: string }) {
      const museum = await museumAt(store, site)
      const found = museum && (await ticketSales.order(museum.site, order.toUpperCase()))
      return found && { found, names: { museum, types: await ticketOffer.types() } }
    }

    app.route({
      method: 'GET',
      url: '/museums/:site/orders/:order',
      config: { action: 'ticket.sell', site: 'site' },
      schema: {
        operationId: 'readOrder',
        summary: 'An order with its tickets and their codes: shown or printed again',
        tags: ['tickets'],
        params: ORDER,
        response: {
          ...answer(200, 'The order.', 'application/json', Type.Ref('TicketOrder')),
          ...problems('order-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const at = await orderAt(request.params)
        return at === undefined ? sendOrderUnknown(reply) : reply.send(await orderTold(at.found, at.names, signing))
      },
    })

    app.route({
      method: 'GET',
      url: '/museums/:site/orders/:order/tickets.pdf',
      config: { action: 'ticket.sell', site: 'site' },
      schema: {
        operationId: 'readTicketsPdf',
        summary: 'The tickets of an order as PDF, one a page: for paper, or for a telephone',
        tags: ['tickets'],
        params: ORDER,
        querystring: Type.Object({ format: Type.Optional(Type.Enum(['a4', 'phone'], { default: 'a4' })) }),
        response: {
          ...answerBytes(200, 'The tickets that are valid.', 'application/pdf'),
          ...problems('parameters-wrong', 'order-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const at = await orderAt(request.params)
        if (at === undefined) return sendOrderUnknown(reply)
        const { museum, types } = at.names
        const order = await orderTold(at.found, at.names, signing)
        const shown = order.tickets.flatMap(({ code, ...ticket }) => {
          const type = types.find(({ number }) => number === ticket.type)
          return code === null || type === undefined ? [] : [{ ...ticket, code, type }]
        })
        if (shown.length === 0) return sendOrderUnknown(reply)
        const pdf = await drawTickets(shown, { museum, format: request.query.format ?? 'a4', at: at.found.order.at })
        const name = `billets-${order.id}.pdf`
        return reply.type('application/pdf').header('content-disposition', `inline; filename="${name}"`).send(pdf)
      },
    })

    app.route({
      method: 'POST',
      url: '/museums/:site/orders/:order/cancellation',
      config: { action: 'ticket.cancel', site: 'site' },
      schema: {
        operationId: 'cancelOrder',
        summary: 'Cancels every ticket of an order; their numbers stay taken',
        tags: ['tickets'],
        params: ORDER,
        body: Reason,
        response: {
          ...answer(200, 'The order as it is now.', 'application/json', Type.Ref('TicketOrder')),
          ...problems('parameters-wrong', 'order-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const at = await orderAt(request.params)
        if (at === undefined) return sendOrderUnknown(reply)
        const { site, id } = at.found.order
        const by = { at: clock.now(), who: request.person.name, reason: request.body.reason }
        await ticketSales.cancel(site, { tickets: at.found.tickets.map((ticket) => ticket.id), ...by })
        onCanceled()
        const now = (await ticketSales.order(site, id)) ?? at.found
        return reply.send(await orderTold(now, at.names, signing))
      },
    })

    app.route({
      method: 'POST',
      url: '/museums/:site/tickets/:ticket/cancellation',
      config: { action: 'ticket.cancel', site: 'site' },
      schema: {
        operationId: 'cancelTicket',
        summary: 'Cancels one ticket; its number stays taken',
        tags: ['tickets'],
        params: TICKET,
        body: Reason,
        response: {
          ...answer(200, 'The ticket as it is now.', 'application/json', Type.Ref('Ticket')),
          ...problems('parameters-wrong', 'ticket-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const { site, ticket } = request.params
        const museum = await museumAt(store, site)
        const standing = museum && isTicketId(ticket) ? await ticketSales.ticket(museum.site, ticket) : undefined
        if (museum === undefined || standing === undefined) return sendTicketUnknown(reply)
        const by = { at: clock.now(), who: request.person.name, reason: request.body.reason }
        const [canceled] = await ticketSales.cancel(museum.site, { tickets: [standing.id], ...by })
        onCanceled()
        return reply.send(ticketTold(canceled ?? standing, { museum, types: await ticketOffer.types() }))
      },
    })

    app.route({
      method: 'GET',
      url: '/museums/:site/tickets',
      config: { action: 'ticket.read', site: 'site' },
      schema: {
        operationId: 'searchTickets',
        summary: 'Finds tickets by the beginning of an order, or by a number',
        description: 'Fewer than four characters find nothing; for a supervisor, fewer than two.',
        tags: ['tickets'],
        params: SITE,
        querystring: Type.Object({ q: Type.String({ maxLength: 40 }) }),
        response: {
          ...answer(
            200,
            `At most ${FOUND}, the newest first.`,
            'application/json',
            Type.Object({ tickets: Type.Array(Type.Ref('Ticket')) }),
          ),
          ...problems('parameters-wrong', 'museum-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const museum = await museumAt(store, request.params.site)
        if (museum === undefined) return sendMuseumUnknown(reply)
        const typed = request.query.q.replaceAll(/\s/g, '')
        const isSupervisor = may(request.person, 'ticket.import', museum.site)
        if (typed.length < (isSupervisor ? LEAST.supervisor : LEAST.staff)) return reply.send({ tickets: [] })
        const found = await ticketSales.search(museum.site, { idFrom: typed, serial: serialIn(typed) }, FOUND)
        const names = { museum, types: await ticketOffer.types() }
        return reply.send({ tickets: found.map((ticket) => ticketTold(ticket, names)) })
      },
    })
  }

const sendOrderUnknown = (reply: FastifyReply) =>
  sendProblem(reply, 'order-unknown', {
    detail: 'No order of this museum has this name, or none of its tickets is valid.',
  })

const sendTicketUnknown = (reply: FastifyReply) =>
  sendProblem(reply, 'ticket-unknown', { detail: 'GET …/tickets?q= finds the tickets of this museum.' })
