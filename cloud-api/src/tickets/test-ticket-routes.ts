import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import { civilDayOf, dateOfCivilDay } from '@vigie/contract/gate/civil-time'
import { isTicketId } from '@vigie/contract/gate/ticket-code'
import Type, { type Static } from 'typebox'
import { answer, answerBytes, problems } from '../http/answers.ts'
import { sendProblem } from '../http/problem.ts'
import type { Store } from '../store/store.ts'
import type { TestTicketTable } from '../store/tickets/ticket-tables.ts'
import { drawTestTicket } from './draw-tickets.ts'
import { museumAt, sendMuseumUnknown } from './museum-at.ts'
import { newTicketId, testNumberOf } from './names.ts'
import { isSoldAt } from './offer.ts'
import type { TicketSigning } from './ticket-signing.ts'
import { Day } from './told.ts'

export type TestTicketRouteDeps = {
  store: Pick<Store, 'ticketOffer' | 'testTickets'>
  signing: Pick<TicketSigning, 'keyNow' | 'codeOf'>
  clock: Clock
}

const TestTicket = Type.Object(
  {
    id: Type.String(),
    number: Type.String({ description: 'E000001: of a row of its own, as it is printed.' }),
    day: Day,
    code: Type.String({ description: 'The text of its QR.' }),
  },
  { $id: 'TestTicket', description: 'A ticket that every lane reads and verifies, and none lets in.' },
)

export const TEST_TICKET_SCHEMAS = [TestTicket]

const SITE = Type.Object({ site: Type.String() })
const TICKET = Type.Object({ site: Type.String(), ticket: Type.String() })

/** With these a technician sees that a lane reads, verifies and decides, without a sale and without anybody let in. */
export const testTicketRoutes =
  ({ store, signing, clock }: TestTicketRouteDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    async function told(ticket: TestTicketTable): Promise<Static<typeof TestTicket> | null> {
      const code = await signing.codeOf(ticket)
      if (code === null) return null
      return { id: ticket.id, number: testNumberOf(ticket.serial), day: dateOfCivilDay(ticket.day), code }
    }

    app.route({
      method: 'POST',
      url: '/museums/:site/test-tickets',
      config: { action: 'ticket.try', site: 'site' },
      schema: {
        operationId: 'makeTestTicket',
        summary: 'Makes a ticket to try a lane with: it is good today, and lets nobody in',
        tags: ['tickets'],
        params: SITE,
        response: {
          ...answer(201, 'The ticket with its code.', 'application/json', Type.Ref('TestTicket')),
          ...problems('museum-unknown', 'tickets-not-ready', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const museum = await museumAt(store, request.params.site)
        if (museum === undefined) return sendMuseumUnknown(reply)
        const type = (await store.ticketOffer.types()).find((one) => isSoldAt(one, museum))
        const key = await signing.keyNow()
        if (type === undefined || key === null) {
          const detail =
            type === undefined ? 'The museum sells nothing.' : 'The cloud has no vault for the key of tickets.'
          return sendProblem(reply, 'tickets-not-ready', { detail })
        }
        const at = clock.now()
        const made = await store.testTickets.make({
          ...{ id: newTicketId(), site: museum.site, type, key, at },
          ...{ day: civilDayOf(at), who: request.person.name },
        })
        const ticket = await told(made)
        return ticket === null ? sendTestTicketUnknown(reply) : reply.code(201).send(ticket)
      },
    })

    app.route({
      method: 'GET',
      url: '/museums/:site/test-tickets/:ticket/ticket.pdf',
      config: { action: 'ticket.try', site: 'site' },
      schema: {
        operationId: 'readTestTicketPdf',
        summary: 'A test ticket as PDF, marked as such: for paper, or for a telephone',
        tags: ['tickets'],
        params: TICKET,
        querystring: Type.Object({ format: Type.Optional(Type.Enum(['a4', 'phone'], { default: 'a4' })) }),
        response: {
          ...answerBytes(200, 'The ticket.', 'application/pdf'),
          ...problems('parameters-wrong', 'ticket-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const museum = await museumAt(store, request.params.site)
        const id = request.params.ticket
        const made = museum && isTicketId(id) ? await store.testTickets.one(museum.site, id) : undefined
        const ticket = made && (await told(made))
        if (museum === undefined || made === undefined || !ticket) return sendTestTicketUnknown(reply)
        const format = request.query.format ?? 'a4'
        const pdf = await drawTestTicket(ticket, { museum, format, at: made.at })
        const name = `billet-essai-${ticket.number}.pdf`
        return reply.type('application/pdf').header('content-disposition', `inline; filename="${name}"`).send(pdf)
      },
    })
  }

type Reply = Parameters<typeof sendProblem>[0]
const sendTestTicketUnknown = (reply: Reply) =>
  sendProblem(reply, 'ticket-unknown', { detail: 'POST …/test-tickets makes one.' })
