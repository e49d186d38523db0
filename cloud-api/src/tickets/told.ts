import { type CivilDay, dateOfCivilDay } from '@vigie/contract/gate/civil-time'
import { TICKET_STATUSES } from '@vigie/contract/gate/ticket-status'
import Type, { type Static } from 'typebox'
import type { OrderWithTickets, StoredTicket } from '../store/tickets/ticket-sales.ts'
import { PAYMENTS } from '../store/tickets/ticket-tables.ts'
import { numberOf } from './names.ts'
import { type OfferedMuseum, type OfferedType, timeOfMinutes } from './offer.ts'
import type { TicketSigning } from './ticket-signing.ts'

const Time = Type.String({ format: 'date-time' })
export const Day = Type.String({ format: 'date', description: '2026-08-15, in Europe/Paris.' })
export const SlotTime = Type.String({ pattern: '^(?:[01]\\d|2[0-3]):[0-5]\\d$', description: '14:30' })
const Words = Type.Object({ fr: Type.String(), en: Type.String() })

const SoldType = Type.Object(
  {
    number: Type.Integer(),
    name: Words,
    category: Type.String(),
    priceCents: Type.Integer(),
    persons: Type.Integer({ description: 'Whom one ticket lets in.' }),
    entries: Type.Integer({ description: '0: as often as wanted.' }),
    perDay: Type.Boolean({ description: 'Whether the entries are counted anew each day.' }),
    days: Type.Integer(),
    needsSlot: Type.Boolean(),
    proof: Type.Union([Words, Type.Null()], { description: 'What must be shown with it.' }),
  },
  { $id: 'SoldTicketType' },
)

const SaleSlot = Type.Object(
  { start: SlotTime, quota: Type.Integer(), left: Type.Integer({ description: 'Persons who still find room.' }) },
  { $id: 'SaleSlot' },
)

const MuseumOffer = Type.Object(
  {
    site: Type.String(),
    name: Type.String(),
    day: Day,
    opening: Type.Array(Type.Object({ from: Type.String(), until: Type.String() }), { description: 'Empty: closed.' }),
    types: Type.Array(Type.Unsafe<Static<typeof SoldType>>(Type.Ref('SoldTicketType'))),
    slots: Type.Array(Type.Unsafe<Static<typeof SaleSlot>>(Type.Ref('SaleSlot'))),
  },
  { $id: 'MuseumOffer' },
)

const ToldTicket = Type.Object(
  {
    id: Type.String(),
    number: Type.String({ description: 'S000123: as it is printed.' }),
    serial: Type.Integer(),
    order: Type.String(),
    type: Type.Integer(),
    typeName: Type.String(),
    persons: Type.Integer(),
    firstDay: Day,
    lastDay: Day,
    slot: Type.Union([SlotTime, Type.Null()]),
    status: Type.Enum([...TICKET_STATUSES]),
    statusAt: Time,
  },
  { $id: 'Ticket' },
)
export type ToldTicket = Static<typeof ToldTicket>

const ToldOrder = Type.Object(
  {
    id: Type.String(),
    site: Type.String(),
    at: Time,
    who: Type.String(),
    payment: Type.Enum([...PAYMENTS]),
    totalCents: Type.Integer(),
    tickets: Type.Array(
      Type.Intersect([
        Type.Unsafe<ToldTicket>(Type.Ref('Ticket')),
        Type.Object({
          code: Type.Union([Type.String(), Type.Null()], {
            description: 'The text of its QR; null: it is not valid any more, or was forgotten after its time.',
          }),
        }),
      ]),
    ),
  },
  { $id: 'TicketOrder' },
)
export type ToldOrder = Static<typeof ToldOrder>

export const SALE_SCHEMAS = [SoldType, SaleSlot, MuseumOffer, ToldTicket, ToldOrder]

export const soldTypeTold = (type: OfferedType): Static<typeof SoldType> => {
  const { number, name, category, priceCents, persons, entries, perDay, days, proof = null, slotLengthMin } = type
  const needsSlot = slotLengthMin !== null
  return { number, name, category, priceCents, persons, entries, perDay, days, needsSlot, proof }
}

/** What is needed beside a ticket to say it in words. */
export type TicketNames = { museum: OfferedMuseum; types: readonly OfferedType[] }

export const ticketTold = (ticket: StoredTicket, { museum, types }: TicketNames): ToldTicket => ({
  ...{ id: ticket.id, number: numberOf(museum, ticket.serial), serial: ticket.serial, order: ticket.order },
  type: ticket.type,
  typeName: types.find(({ number }) => number === ticket.type)?.name.fr ?? `type ${ticket.type}`,
  persons: ticket.persons,
  ...{ firstDay: dayOf(ticket.firstDay), lastDay: dayOf(ticket.lastDay) },
  slot: ticket.slotStart === null ? null : timeOfMinutes(ticket.slotStart),
  ...{ status: ticket.status, statusAt: new Date(ticket.statusAt).toISOString() },
})

/** With the codes of those tickets that are still good for something. */
export async function orderTold(
  { order, tickets }: OrderWithTickets,
  names: TicketNames,
  { codeOf }: Pick<TicketSigning, 'codeOf'>,
): Promise<ToldOrder> {
  const { id, site, at, who, payment, totalCents } = order
  const told = tickets.map(async (ticket) => ({
    ...ticketTold(ticket, names),
    code: ticket.status === 'valid' ? await codeOf(ticket) : null,
  }))
  return { ...{ id, site, at: new Date(at).toISOString(), who, payment, totalCents }, tickets: await Promise.all(told) }
}

const dayOf = (day: CivilDay) => dateOfCivilDay(day)
