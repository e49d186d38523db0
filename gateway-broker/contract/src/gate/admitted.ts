import { grantsOf } from './grant.ts'
import { inOrder } from './order.ts'
import type { Row } from './row.ts'
import type { TicketRef } from './ticket-code.ts'

/** Persons whom one ticket let in at once. */
export type Admitted = { ticket: TicketRef; persons: number }

/** Whom tickets let in: what was granted and given back, or undone, is not among it. */
export const admittedIn = (rows: readonly Row[]): Admitted[] =>
  grantsOf(inOrder(rows)).flatMap(({ row, held }) => {
    const { ticket, direction } = row.body
    return ticket === null || direction === 'out' || held === 0 ? [] : [{ ticket, persons: held }]
  })

/** How many tickets and persons of each type, by the number of the type; last those whose type is not known. */
export function admittedByType(admitted: readonly Admitted[], typeOf: (ticket: TicketRef) => number | null) {
  const byType = new Map<number | null, { tickets: Set<TicketRef>; persons: number }>()
  for (const { ticket, persons } of admitted) {
    const type = typeOf(ticket)
    const sum = byType.get(type) ?? { tickets: new Set(), persons: 0 }
    byType.set(type, { tickets: sum.tickets.add(ticket), persons: sum.persons + persons })
  }
  return [...byType]
    .sort(([one], [other]) => (one ?? Number.POSITIVE_INFINITY) - (other ?? Number.POSITIVE_INFINITY))
    .map(([type, { tickets, persons }]) => ({ type, tickets: tickets.size, persons }))
}
