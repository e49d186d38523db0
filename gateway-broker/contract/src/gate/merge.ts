import type { ItemId, UnitId } from '../ids.ts'
import { type Conflict, conflictOf } from './conflict.ts'
import { type TicketHistory, ticketHistory } from './history.ts'
import type { HaveMark } from './ledger-message.ts'
import { inOrder } from './order.ts'
import type { Row } from './row.ts'
import type { TicketRef } from './ticket-code.ts'

/** What a set of rows says, the same on every side that holds the same rows. */
export type LedgerState = { tickets: Map<TicketRef, TicketHistory>; conflicts: Conflict[] }

/**
 * Reads any number of ledgers together. It looks at every row: a gate that decides folds the rows of one ticket with
 * `ticketHistory` instead.
 */
export function mergeLedgers(...ledgers: (readonly Row[])[]): LedgerState {
  const tickets = new Map<TicketRef, TicketHistory>()
  const rows = inOrder(...ledgers)
  const nights = rows.flatMap(({ body, at }) => (body.kind === 'everybody-out' ? [at] : []))
  for (const [ticket, about] of rowsByTicket(rows)) tickets.set(ticket, ticketHistory(about, nights))
  const conflicts = [...tickets].flatMap(([ticket, history]) => conflictOf(ticket, history) ?? [])
  return { tickets, conflicts: conflicts.sort((a, b) => (a.ticket < b.ticket ? -1 : 1)) }
}

/** The rows of each ticket, as `ticketHistory` wants them. */
export function rowsByTicket(rows: readonly Row[]): Map<TicketRef, Row[]> {
  const ticketOf = new Map<ItemId, TicketRef>()
  for (const { id, body } of rows) if (body.kind === 'decision' && body.ticket !== null) ticketOf.set(id, body.ticket)
  const byTicket = new Map<TicketRef, Row[]>()
  for (const row of rows) {
    const ticket = ticketNamedBy(row) ?? ticketOf.get(decisionNamedBy(row) ?? row.id)
    if (ticket === undefined) continue
    const known = byTicket.get(ticket)
    if (known === undefined) byTicket.set(ticket, [row])
    else known.push(row)
  }
  return byTicket
}

/** The ticket that a row names itself; undefined where it names a decision or none. */
export function ticketNamedBy({ body }: Row): TicketRef | undefined {
  if (body.kind === 'decision') return body.ticket ?? undefined
  return body.kind === 'status' ? body.ticket : undefined
}

/** The decision that a row is about. */
export function decisionNamedBy({ body }: Row): ItemId | undefined {
  if (body.kind === 'returned' || body.kind === 'undo') return body.decision
  return body.kind === 'passage' ? (body.decision ?? undefined) : undefined
}

/** Whether somebody who has said `have` lacks a row. */
export function lacks(have: readonly HaveMark[], row: { origin: UnitId; seq: number }): boolean {
  return row.seq > (have.find(({ origin }) => origin === row.origin)?.seq ?? 0)
}
