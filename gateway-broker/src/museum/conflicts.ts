import { type Conflict, conflictOf } from '@vigie/contract/gate/conflict'
import { decisionNamedBy, ticketNamedBy } from '@vigie/contract/gate/merge'
import type { Row } from '@vigie/contract/gate/row'
import type { TicketRef } from '@vigie/contract/gate/ticket-code'
import type { ItemId } from '@vigie/contract/ids'
import type { Acknowledgement } from './ledger/acknowledgements.ts'
import { isUnwritten } from './ledger/ledger-file.ts'
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

/** Some days of rows, which a start looks at in a tenth of a second. */
const KEPT_EACH_ROWS = 5_000
const AT_ONCE = 500

/** Tickets that let in too many, at gates that did not know of one another. Found when rows meet, never dropped. */
export function createConflicts(
  ledger: Pick<
    MuseumLedger,
    'history' | 'byId' | 'after' | 'lastPosition' | 'ticketsSeenTwice' | 'onRows' | 'acknowledgements' | 'conflicted'
  >,
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
  function lookAt(rows: readonly Row[]): void {
    for (const ticket of new Set(rows.map(ticketOf))) if (ticket !== undefined) look(ticket)
  }

  let keptUpTo = ledger.conflicted.upTo()
  const since = new Date(now() - LISTED_FOR_MS).toISOString()
  for (const ticket of keptUpTo === 0 ? ledger.ticketsSeenTwice(Date.parse(since)) : ledger.conflicted.tickets())
    look(ticket)
  let position = keptUpTo === 0 ? ledger.lastPosition() : keptUpTo
  for (
    let rows = ledger.after(position, null, AT_ONCE);
    rows.length > 0;
    rows = ledger.after(position, null, AT_ONCE)
  ) {
    lookAt(rows.map(({ row }) => row))
    position = rows.at(-1)?.position ?? position
  }
  for (const [ticket, { beyond }] of conflicts) if (beyond.every(({ at }) => at < since)) conflicts.delete(ticket)
  keep()
  ledger.onRows((rows) => {
    lookAt(rows)
    if (ledger.lastPosition() - keptUpTo >= KEPT_EACH_ROWS) keep()
  })

  /** Where the disk takes nothing, it is looked for once more after the next start. */
  function keep(): void {
    try {
      ledger.conflicted.keep(conflicts.keys(), ledger.lastPosition())
      keptUpTo = ledger.lastPosition()
    } catch (error) {
      if (!isUnwritten(error)) throw error
    }
  }

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
