import { type Conflict, conflictOf } from '@vigie/contract/gate/conflict'
import { decisionNamedBy, ticketNamedBy } from '@vigie/contract/gate/merge'
import type { Row } from '@vigie/contract/gate/row'
import type { TicketRef } from '@vigie/contract/gate/ticket-code'
import type { ItemId } from '@vigie/contract/ids'
import type { Acknowledgement } from './ledger/acknowledgements.ts'
import type { MuseumLedger } from './ledger/museum-ledger.ts'

/** A conflict in the inbox. It is known by the latest admission in it: one more makes it another, that nobody has seen. */
export type ListedConflict = Conflict & { id: ItemId; acknowledged: Acknowledgement | null }

export type Conflicts = {
  all(): ListedConflict[]
  /** False where there is none of that id. */
  acknowledge(id: string, acknowledgement: Acknowledgement): boolean
}

/** A season: what is older has been settled or forgotten by everybody. */
const LISTED_FOR_MS = 200 * 86_400_000

/** Tickets that let in too many, at gates that did not know of one another. Found when rows meet, never dropped. */
export function createConflicts(
  ledger: Pick<MuseumLedger, 'history' | 'byId' | 'ticketsSeenTwice' | 'onRows' | 'acknowledgements'>,
  { now }: { now: () => number },
): Conflicts {
  const conflicts = new Map<TicketRef, Conflict>()
  function look(ticket: TicketRef): void {
    const conflict = conflictOf(ticket, ledger.history(ticket))
    if (conflict === null) conflicts.delete(ticket)
    else conflicts.set(ticket, conflict)
  }
  function ticketOf(row: Row): TicketRef | undefined {
    const decision = decisionNamedBy(row)
    const about = decision === undefined ? row : ledger.byId(decision)
    return about === null ? undefined : ticketNamedBy(about)
  }
  for (const ticket of ledger.ticketsSeenTwice(now() - LISTED_FOR_MS)) look(ticket)
  ledger.onRows((rows) => {
    for (const ticket of new Set(rows.map(ticketOf))) if (ticket !== undefined) look(ticket)
  })

  const listed = (conflict: Conflict): ListedConflict[] => {
    const id = conflict.beyond.at(-1)?.row
    return id === undefined ? [] : [{ ...conflict, id, acknowledged: ledger.acknowledgements.of(id) }]
  }
  const all = () => [...conflicts.values()].flatMap(listed).sort((one, other) => (one.id < other.id ? 1 : -1))
  return {
    all,
    acknowledge(id, acknowledgement) {
      if (!all().some((conflict) => conflict.id === id)) return false
      ledger.acknowledgements.add(id, acknowledgement)
      return true
    },
  }
}
