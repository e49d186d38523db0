import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import { civilDayOf, civilDayOfDate, dateOfCivilDay, minutesOf } from '@vigie/contract/gate/civil-time'
import { hoursOf } from '@vigie/contract/gate/opening-hours'
import Type from 'typebox'
import { answer, problems } from '../http/answers.ts'
import { ParametersWrong } from '../http/parameters.ts'
import { sendProblem } from '../http/problem.ts'
import { sitesOf } from '../people/person.ts'
import type { Store } from '../store/store.ts'
import { PAYMENTS } from '../store/tickets/ticket-tables.ts'
import { museumAt, sendMuseumUnknown } from './museum-at.ts'
import { newOrderId, newTicketId } from './names.ts'
import { isSoldAt, type OfferedMuseum, type OfferedType, slotStarts, timeOfMinutes } from './offer.ts'
import type { TicketSigning } from './ticket-signing.ts'
import { Day, orderTold, SlotTime, soldTypeTold } from './told.ts'

export type SaleRouteDeps = {
  store: Pick<Store, 'fleet' | 'ticketOffer' | 'ticketSales'>
  signing: Pick<TicketSigning, 'keyNow' | 'codeOf'>
  clock: Clock
}

/** A class with its teachers; more people are more than one sale. */
const TICKETS_AT_ONCE = 60
/** A ticket for the end of next season is sold now; a year beyond is a slip of the finger. */
const AHEAD_DAYS = 400

const SITE = Type.Object({ site: Type.String() })
const Museum = Type.Object({
  site: Type.String(),
  name: Type.String(),
  page: Type.Union([Type.String(), Type.Null()], {
    description: 'Where phones of the staff find the page of its gateway, as its documents say.',
  }),
})

/** The desk: what is sold, with the room that is left, and the sale itself. */
export const saleRoutes =
  ({ store, signing, clock }: SaleRouteDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { ticketOffer, ticketSales } = store
    const today = () => civilDayOf(clock.now())

    app.route({
      method: 'GET',
      url: '/museums',
      config: { action: 'ticket.read' },
      schema: {
        operationId: 'listMuseums',
        summary: 'The museums that sell tickets, and that you may sell for',
        tags: ['tickets'],
        response: {
          ...answer(200, 'By their number.', 'application/json', Type.Object({ museums: Type.Array(Museum) })),
          ...problems('sign-in-needed', 'not-allowed', 'not-ready'),
        },
      },
      handler: async ({ person }, reply) => {
        const reach = sitesOf(person, 'ticket.read')
        const museums = await ticketOffer.museums()
        const own = reach === 'all' ? museums : museums.filter(({ site }) => reach.includes(site))
        const planned = await Promise.all(own.map(({ site }) => store.fleet.site(site)))
        const told = own.map(({ site, name }, index) => ({ site, name, page: planned[index]?.gateway?.page ?? null }))
        return reply.send({ museums: told })
      },
    })

    app.route({
      method: 'GET',
      url: '/museums/:site/offer',
      config: { action: 'ticket.read', site: 'site' },
      schema: {
        operationId: 'readMuseumOffer',
        summary: 'What a museum sells, and the room that is left in the slots of a day',
        tags: ['tickets'],
        params: SITE,
        querystring: Type.Object({ day: Type.Optional(Day) }),
        response: {
          ...answer(200, 'Of today, unless a day is given.', 'application/json', Type.Ref('MuseumOffer')),
          ...problems('parameters-wrong', 'museum-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const museum = await museumAt(store, request.params.site)
        if (museum === undefined) return sendMuseumUnknown(reply)
        const day = request.query.day === undefined ? today() : civilDayOfDate(request.query.day)
        const [types, taken] = await Promise.all([ticketOffer.types(), ticketSales.taken(museum.site, day)])
        const quota = museum.slots?.quota ?? 0
        return reply.send({
          ...{ site: museum.site, name: museum.name, day: request.query.day ?? dateOfCivilDay(today()) },
          opening: hoursOf(museum, day).map(({ from, until }) => ({
            ...{ from: timeOfMinutes(from), until: timeOfMinutes(until) },
          })),
          types: types.filter((type) => isSoldAt(type, museum)).map(soldTypeTold),
          slots: slotStarts(museum, day).map((start) => ({
            ...{ start: timeOfMinutes(start), quota },
            left: Math.max(0, quota - (taken.get(start) ?? 0)),
          })),
        })
      },
    })

    app.route({
      method: 'POST',
      url: '/museums/:site/orders',
      config: { action: 'ticket.sell', site: 'site' },
      schema: {
        operationId: 'sellTickets',
        summary: 'Sells tickets at the desk',
        description: 'All or nothing. Asked again with the same nonce, it answers with what was sold then.',
        tags: ['tickets'],
        params: SITE,
        body: Type.Object({
          nonce: Type.String({ pattern: '^[\\w-]{8,64}$', description: 'Made by the desk, for one sale.' }),
          type: Type.Integer(),
          count: Type.Integer({ minimum: 1, maximum: TICKETS_AT_ONCE }),
          payment: Type.Enum([...PAYMENTS]),
          day: Type.Optional(Day),
          slot: Type.Optional(SlotTime),
        }),
        response: {
          ...answer(201, 'The order with its tickets.', 'application/json', Type.Ref('TicketOrder')),
          ...problems('parameters-wrong', 'museum-unknown', 'slot-full', 'tickets-not-ready', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const museum = await museumAt(store, request.params.site)
        if (museum === undefined) return sendMuseumUnknown(reply)
        const { nonce, count, payment, type: number, day, slot } = request.body
        const types = await ticketOffer.types()
        const type = types.find((one) => one.number === number && isSoldAt(one, museum))
        if (type === undefined) throw new ParametersWrong([{ place: 'type', message: 'is not sold at this museum' }])
        checkPayment(type, payment)
        const firstDay = day === undefined ? today() : civilDayOfDate(day)
        if (firstDay < today() || firstDay > today() + AHEAD_DAYS)
          throw new ParametersWrong([{ place: 'day', message: `must be from today on, within ${AHEAD_DAYS} days` }])
        const start = startIn({ type, museum, day: firstDay, slot })
        const key = await signing.keyNow()
        if (key === null) {
          return sendProblem(reply, 'tickets-not-ready', { detail: 'The cloud has no vault for the key of tickets.' })
        }
        const sold = await ticketSales.sell({
          ...{ id: newOrderId(), nonce, site: museum.site, at: clock.now(), who: request.person.name, payment },
          ...{ type, firstDay, key, ids: Array.from({ length: count }, newTicketId) },
          slot: start === null ? null : { start, quota: museum.slots?.quota ?? 0 },
        })
        if (sold === 'slot-full')
          return sendProblem(reply, 'slot-full', { detail: 'So many do not find room in this slot any more.' })
        return reply.code(201).send(await orderTold(sold, { museum, types }, signing))
      },
    })
  }

/** What costs nothing is free, and what costs something is paid: the till must come out right. */
function checkPayment({ priceCents }: OfferedType, payment: string): void {
  if ((priceCents === 0) === (payment === 'free')) return
  const message = priceCents === 0 ? 'must be free: this type costs nothing' : 'cannot be free: this type has a price'
  throw new ParametersWrong([{ place: 'payment', message }])
}

type Wish = { type: OfferedType; museum: OfferedMuseum; day: number; slot: string | undefined }

/** When the slot begins, in minutes; null for a type that has none. */
function startIn({ type, museum, day, slot }: Wish): number | null {
  const wrong = (message: string) => new ParametersWrong([{ place: 'slot', message }])
  if (type.slotLengthMin === null) {
    if (slot !== undefined) throw wrong('must be absent: this type has no slots')
    return null
  }
  if (slot === undefined) throw wrong('is missing: this type is sold for a slot')
  const start = minutesOf(slot)
  if (!slotStarts(museum, day).includes(start)) throw wrong('is no slot of that day')
  return start
}
