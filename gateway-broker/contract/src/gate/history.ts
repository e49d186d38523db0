import { type CivilDay, civilDayOf } from './civil-time.ts'
import { type Grant, grantsOf } from './grant.ts'
import { compareRows, inOrder } from './order.ts'
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
  /** What the staff set on the spot, newest last in time. */
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
 * Folds the rows of one ticket: its decisions, the rows that name those decisions (passages, what was given back, undone),
 * what the staff set on it, and since its first entry the nights on which everybody was counted out. Their order and
 * repetitions do not matter.
 */
export function ticketHistory(rows: readonly Row[]): TicketHistory {
  const ordered = inOrder(rows)
  const history: TicketHistory = { ...NO_HISTORY, entries: [], decisions: [] }
  for (const row of ordered) {
    if (isRowOf(row, 'decision')) history.decisions.push(row)
    if (isRowOf(row, 'status')) history.status = { status: row.body.status, at: row.at }
  }
  const grants = grantsOf(ordered)
  history.open = grants.reduce((open, grant) => open + grant.open, 0)
  const nights = ordered.filter((row) => row.body.kind === 'everybody-out')
  for (const grant of grants) {
    while (nights[0] !== undefined && compareRows(nights[0], grant.row) < 0) {
      nights.shift()
      history.inside = 0
    }
    if (grant.held > 0) take(history, grant)
  }
  if (nights.length > 0) history.inside = 0
  return history
}

function take(history: TicketHistory, { row, held }: Grant): void {
  const atMs = Date.parse(row.at)
  const day = civilDayOf(atMs)
  // Who went out yesterday comes in on a new entry: coming in again is for the day.
  if (history.awayOn !== day) Object.assign(history, { away: 0, awayOn: day })
  if (row.body.direction === 'out') {
    const left = Math.min(held, history.inside)
    history.inside -= left
    history.away += left
    return
  }
  const { right } = row.body
  const again = right?.reentry === true ? Math.min(history.away, held) : 0
  const using = held - again
  const left = right === undefined ? using : rightLeft(history.entries, right, day)
  history.away -= again
  history.inside += held
  history.entries.push({
    row,
    atMs,
    day,
    persons: held,
    using,
    beyond: row.body.forced ? 0 : Math.max(0, using - left),
  })
}

/** How many persons a right still lets in, besides those who come in again. Infinity where there is no limit. */
export function rightLeft(entries: readonly Entry[], right: Right, day: CivilDay): number {
  if (right.entries === 0) return Number.POSITIVE_INFINITY
  const counted = right.perDay === true ? entries.filter((entry) => entry.day === day) : entries
  const used = counted.reduce((sum, { using }) => sum + using, 0)
  return Math.max(0, right.entries * right.persons - used)
}
