import { type CivilDay, civilDayOf } from './civil-time.ts'
import { type Grant, grantsOf } from './grant.ts'
import { inOrder } from './order.ts'
import { isRowOf, type Right, type Row, type RowOf } from './row.ts'
import type { TicketStatus } from './ticket-status.ts'

/** An admission of a ticket that was not given back. */
export type Entry = {
  row: RowOf<'decision'>
  atMs: number
  day: CivilDay
  persons: number
  /** How many of them used up a right; the others came in again. */
  using: number
  /** How many of those were more than the ticket gives: somebody else let them in elsewhere, unknown here. */
  beyond: number
}

/** All that a gate must know of what was done with one ticket. */
export type TicketHistory = {
  entries: Entry[]
  /** Persons of it who are inside, as far as exits are read. */
  inside: number
  /** Persons of it who went out today and may come in again, where its right says so. */
  away: number
  awayOn: CivilDay | null
  /** Persons for whom a lane is open or was just now. */
  open: number
  /** What the staff set last on the spot. */
  status: { status: TicketStatus; at: string } | null
  /** Every decision about it, refusals too, in order. */
  decisions: RowOf<'decision'>[]
}

export const NO_HISTORY: TicketHistory = {
  entries: [],
  inside: 0,
  away: 0,
  awayOn: null,
  open: 0,
  status: null,
  decisions: [],
}

/**
 * Folds the rows of one ticket: its decisions, the rows that name those decisions (passages, what was given back, undone)
 * and what the staff set on it. Their order and repetitions do not matter. `nights` are the times of the rows that count
 * everybody out, ascending; those from before its first entry change nothing.
 */
export function ticketHistory(rows: readonly Row[], nights: readonly string[]): TicketHistory {
  const ordered = inOrder(rows)
  const history: TicketHistory = { ...NO_HISTORY, entries: [], decisions: [] }
  for (const row of ordered) {
    if (isRowOf(row, 'decision')) history.decisions.push(row)
    if (isRowOf(row, 'status')) history.status = { status: row.body.status, at: row.at }
  }
  let lastAt = ''
  for (const grant of grantsOf(ordered)) {
    history.open += grant.open
    if (grant.held === 0) continue
    if (isNightBetween(nights, lastAt, grant.row.at)) history.inside = 0
    lastAt = grant.row.at
    take(history, grant)
  }
  if (isNightBetween(nights, lastAt, LATER_THAN_ANY)) history.inside = 0
  return history
}

const LATER_THAN_ANY = '~'

/** By halving: a season has as many nights as some tickets have days. */
function isNightBetween(nights: readonly string[], after: string, until: string): boolean {
  let low = 0
  let high = nights.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((nights[middle] ?? '') <= after) low = middle + 1
    else high = middle
  }
  const next = nights[low]
  return next !== undefined && next <= until
}

function take(history: TicketHistory, { row, held }: Grant): void {
  const atMs = Date.parse(row.at)
  const day = civilDayOf(atMs)
  if (history.awayOn !== day) {
    // Who went out yesterday comes in on a new entry: coming in again is for the day.
    history.away = 0
    history.awayOn = day
  }
  if (row.body.direction === 'out') {
    const left = Math.min(held, history.inside)
    history.inside -= left
    history.away += left
    return
  }
  const { right, forced } = row.body
  const again = right?.reentry === true ? Math.min(history.away, held) : 0
  const using = held - again
  const left = right === undefined ? using : rightLeft(history.entries, right, day)
  const beyond = forced === undefined ? Math.max(0, using - left) : 0
  history.away -= again
  history.inside += held
  history.entries.push({ row, atMs, day, persons: held, using, beyond })
}

/** How many persons a right still lets in, besides those who come in again. Infinity where there is no limit. */
export function rightLeft(entries: readonly Entry[], right: Right, day: CivilDay): number {
  if (right.entries === 0) return Number.POSITIVE_INFINITY
  const counted = right.perDay === true ? entries.filter((entry) => entry.day === day) : entries
  const used = counted.reduce((sum, { using }) => sum + using, 0)
  return Math.max(0, right.entries * right.persons - used)
}
