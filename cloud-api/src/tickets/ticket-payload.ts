import type { CivilDay } from '@vigie/contract/gate/civil-time'
import type { TicketId, TicketPayload } from '@vigie/contract/gate/ticket-code'
import type { OfferedType } from './offer.ts'

/** What one ticket of a sale differs in from the others of its type. */
export type TicketFacts = {
  id: TicketId
  /** The key's number in the codes. */
  key: number
  firstDay: CivilDay
  slotStart: number | null
  serial: number
  soldAtTill: boolean
}

/** What stands in the code of a ticket that is sold now: a later change of its type does not reach it. */
export const payloadOf = (type: OfferedType, facts: TicketFacts): TicketPayload => ({
  kind: 'ticket',
  key: facts.key,
  id: facts.id,
  type: type.number,
  museums: type.museums,
  lanes: type.lanes,
  firstDay: facts.firstDay,
  days: type.days,
  slotStart: facts.slotStart,
  toleranceMin: type.toleranceMin,
  entries: type.entries,
  persons: type.persons,
  flags: {
    reentry: type.mayComeBack,
    proof: type.proof !== undefined,
    perDay: type.perDay,
    companion: type.hasCompanion,
    soldAtTill: facts.soldAtTill,
  },
  serial: facts.serial,
})
