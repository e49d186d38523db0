import type { ClockState } from '../clock.ts'
import type { ItemId, LaneId, UnitId } from '../ids.ts'
import type { Entry, TicketHistory } from './history.ts'
import type { ListAge } from './row.ts'
import type { TicketRef } from './ticket-code.ts'

/** One admission, as somebody who looks into a conflict needs it. */
export type Admission = {
  row: ItemId
  origin: UnitId
  lane: LaneId | null
  at: string
  clock: ClockState
  clockErrorMs: number | null
  persons: number
  listAge: ListAge
  onList?: 'phone'
}

/** A ticket that let in more people than it gives a right to, at gates that did not know of one another. */
export type Conflict = {
  ticket: TicketRef
  /** The earliest: they stand. */
  stands: Admission[]
  /** The later ones, who were one too many. */
  beyond: Admission[]
  /** How many persons too many. */
  persons: number
}

/** The conflict in the history of one ticket, or null. What was undone or given back is none, nor what was forced. */
export function conflictOf(ticket: TicketRef, history: TicketHistory): Conflict | null {
  const beyond = history.entries.filter((entry) => entry.beyond > 0)
  if (beyond.length === 0) return null
  return {
    ticket,
    stands: history.entries.filter((entry) => entry.beyond === 0).map(admissionOf),
    beyond: beyond.map(admissionOf),
    persons: beyond.reduce((sum, entry) => sum + entry.beyond, 0),
  }
}

function admissionOf({ row, persons }: Entry): Admission {
  const { id, origin, lane, at, clock, clockErrorMs, body } = row
  const admission = { row: id, origin, lane, at, clock, clockErrorMs, persons, listAge: body.listAge }
  return body.onList === undefined ? admission : { ...admission, onList: body.onList }
}
