import type { ItemId, LaneId, UnitId } from '../ids.ts'
import type { CivilDay } from './civil-time.ts'
import type { Detail, Direction, Outcome } from './outcome.ts'
import type { Right } from './row.ts'
import type { TicketRef } from './ticket-code.ts'

/** What comes nearest to helping the visitor, as data; `words.ts` says it. */
export type Fix =
  | { kind: 'from'; day: CivilDay; minutes: number | null; isToday: boolean }
  | { kind: 'ended'; day: CivilDay }
  | { kind: 'museum'; name: string }
  | { kind: 'lane'; bits: number }
  | { kind: 'opens'; day: CivilDay; minutes: number; isToday: boolean }
  | { kind: 'entered'; at: string; lane: LaneId | null }
  /** `day` is null for today. */
  | { kind: 'entered-elsewhere'; at: string; museum: string; day: CivilDay | null }
  | { kind: 'desk' }

/** What the staff should look at although the lane opens. */
export type Attention = 'proof' | 'companion' | 'crowded' | 'forced' | 'unpaid' | 'clock-unknown'

export type Decision = {
  direction: Direction
  outcome: Outcome
  detail: Detail | null
  ticket: TicketRef | null
  medium: 'signed' | 'foreign' | 'none'
  /** The number of its type, where it is known. */
  type: number | null
  /** How many may go through now; 0 unless `ok`. */
  persons: number
  right: Right | null
  forced: { by: string; reason: string; instead: Outcome } | null
  attention: Attention[]
  fix: Fix | null
  /** When and where it was let in first. */
  firstEntry: { at: string; lane: LaneId | null; origin: UnitId } | null
  /** The row of the same question asked before: no further row is written. */
  repeats: ItemId | null
  /** Whether the staff may ask again with force. */
  canBeForced: boolean
  /** Refused because it is not paid, and of a type that the staff may let in before it is. */
  canEnterUnpaid: boolean
}
