import { areExitsCounted } from '@vigie/config-schema/exits'
import { admittedByType, admittedIn } from '@vigie/contract/gate/admitted'
import { civilDayOfDate, momentOf } from '@vigie/contract/gate/civil-time'
import { peakOf } from '@vigie/contract/gate/occupancy'
import { OUTCOMES, type Outcome } from '@vigie/contract/gate/outcome'
import { isRowOf, type Row } from '@vigie/contract/gate/row'
import { isTicketId, type TicketRef } from '@vigie/contract/gate/ticket-code'
import type { Store } from '../store/store.ts'
import type { OrderWithTickets, StoredTicket } from '../store/tickets/ticket-sales.ts'
import { PAYMENTS } from '../store/tickets/ticket-tables.ts'
import type { DayReport } from './gate-told.ts'
import { numberOf } from './names.ts'
import type { OfferedMuseum, OfferedType } from './offer.ts'

type Deps = Pick<Store, 'fleet' | 'ticketSales' | 'ticketOffer' | 'gateLedger'>

/** What the desk sold and the gates saw on one civil day, from midnight to midnight in Paris. */
export async function dayReport(
  { fleet, ticketSales, ticketOffer, gateLedger }: Deps,
  museum: OfferedMuseum,
  date: string,
): Promise<DayReport> {
  const day = civilDayOfDate(date)
  const [from, until] = [momentOf({ day, minutes: 0 }), momentOf({ day: day + 1, minutes: 0 })]
  const [site, orders, types, rows, conflicts] = await Promise.all([
    fleet.site(museum.site),
    ticketSales.sold(museum.site, { from, until }),
    ticketOffer.types(),
    gateLedger.rowsSince(museum.site, from, until),
    gateLedger.conflicts(museum.site, 1_000),
  ])
  const tickets = orders.flatMap((one) => one.tickets)
  const serials = tickets.map(({ serial }) => serial)
  const { stayMinutes } = museum.capacity
  const peak = peakOf(rows, { areExitsCounted: areExitsCounted(site?.lanes ?? []), stayMinutes })
  const open = conflicts.filter(({ acknowledgedAt }) => acknowledgedAt === null)
  return {
    ...{ site: museum.site, day: date, orders: orders.length, tickets: tickets.length },
    canceled: tickets.filter(({ status }) => status === 'canceled').length,
    ...takings(orders, types),
    serials:
      serials.length === 0
        ? null
        : { first: numberOf(museum, Math.min(...serials)), last: numberOf(museum, Math.max(...serials)) },
    ...passagesIn(rows),
    peak: peak === null ? null : { persons: peak.persons, at: new Date(peak.atMs).toISOString() },
    admitted: await admittedWithNames(rows, types, ticketSales),
    conflicts: open.reduce((sum, { persons }) => sum + persons, 0),
  }
}

type Takings = Pick<DayReport, 'totalCents' | 'byPayment' | 'byType'>

/** What was cancelled was given back: it is in no sum. */
function takings(orders: readonly OrderWithTickets[], types: readonly OfferedType[]): Takings {
  const paid = orders.flatMap(({ order, tickets }) => {
    const each = tickets.length === 0 ? 0 : order.totalCents / tickets.length
    return tickets
      .filter(({ status }) => status !== 'canceled')
      .map((ticket) => ({ ticket, payment: order.payment, cents: each }))
  })
  const sum = (some: typeof paid) => Math.round(some.reduce((cents, one) => cents + one.cents, 0))
  const numbers = [...new Set(paid.map(({ ticket }) => ticket.type))].sort((one, other) => one - other)
  return {
    totalCents: sum(paid),
    byPayment: Object.fromEntries(
      PAYMENTS.map((payment) => [payment, sum(paid.filter((one) => one.payment === payment))]),
    ) as Takings['byPayment'], // one of each
    byType: numbers.map((type) => {
      const own = paid.filter(({ ticket }) => ticket.type === type)
      const name = types.find(({ number }) => number === type)?.name.fr ?? `type ${type}`
      return { type, name, tickets: own.length, persons: personsOf(own.map(({ ticket }) => ticket)), cents: sum(own) }
    }),
  }
}

const personsOf = (tickets: readonly StoredTicket[]) => tickets.reduce((sum, { persons }) => sum + persons, 0)

async function admittedWithNames(
  rows: readonly Row[],
  types: readonly OfferedType[],
  sales: Pick<Store['ticketSales'], 'typesOf'>,
): Promise<DayReport['admitted']> {
  const admitted = admittedIn(rows)
  const own = [...new Set(admitted.map(({ ticket }) => ticket))].filter(isTicketId)
  const known: ReadonlyMap<TicketRef, number> = await sales.typesOf(own)
  return admittedByType(admitted, (ticket) => known.get(ticket) ?? null).map((sum) => ({
    ...sum,
    name: types.find(({ number }) => number === sum.type)?.name.fr ?? null,
  }))
}

type Passages = Pick<DayReport, 'entered' | 'left' | 'outcomes' | 'forced' | 'uncounted' | 'forcedPassages'>

/** Real rotations; where nothing turns (a phone), the decision is the entry. */
function passagesIn(rows: readonly Row[]): Passages {
  const undone = new Set(rows.flatMap(({ body }) => (body.kind === 'undo' ? [body.decision] : [])))
  const decisions = rows.filter((row) => isRowOf(row, 'decision'))
  const passages = rows.filter((row) => isRowOf(row, 'passage'))
  const through = (direction: 'in' | 'out') =>
    passages.filter(({ body }) => body.direction === direction && !(body.decision && undone.has(body.decision)))
      .length +
    decisions
      .filter(
        ({ lane, body, id }) =>
          lane === null && body.outcome === 'ok' && body.direction === direction && !undone.has(id),
      )
      .reduce((sum, { body }) => sum + body.persons, 0)
  const count = (outcome: Outcome) => decisions.filter(({ body }) => body.outcome === outcome).length
  return {
    ...{ entered: through('in'), left: through('out') },
    outcomes: OUTCOMES.flatMap((outcome) => (count(outcome) === 0 ? [] : [{ outcome, count: count(outcome) }])),
    forced: decisions.filter(({ body }) => body.forced !== undefined).length,
    uncounted: passages.filter(({ body }) => body.decision === null).length,
    forcedPassages: passages.filter(({ body }) => body.of === 'forced').length,
  }
}
