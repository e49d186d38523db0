import Type from 'typebox'

/** How a ticket stands with those who sold it. Only a valid one admits. */
export const TICKET_STATUSES = ['valid', 'revoked', 'blocked', 'canceled', 'unpaid', 'unapproved'] as const
export const TicketStatus = Type.Enum([...TICKET_STATUSES])
export type TicketStatus = (typeof TICKET_STATUSES)[number]
