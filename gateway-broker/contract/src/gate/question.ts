import type { ClockState } from '../clock.ts'
import type { LaneId } from '../ids.ts'
import type { Catalogue } from './catalogue.ts'
import type { Presented } from './entitlement.ts'
import type { FeedEntry } from './feed.ts'
import type { TicketHistory } from './history.ts'
import type { Occupancy } from './occupancy.ts'
import type { Direction } from './outcome.ts'
import type { ListAge } from './row.ts'
import type { TicketRef } from './ticket-code.ts'

/** Everything that a decision is made from. It is looked up before; deciding waits for nothing and reads nothing else. */
export type Question = {
  presented: Presented
  catalogue: Catalogue
  /** The newest entry of the feed about this ticket; null where there is none. */
  feed: FeedEntry | null
  /** Of this ticket alone. */
  history: TicketHistory
  lane: {
    /** Null for a phone. */
    id: LaneId | null
    /** Which of `LANE_BITS` give a right to it; null: all. */
    bits: number | null
    isInService: boolean
    /** The ticket for which it stands open now. */
    openFor: TicketRef | null
    /** A lane that is being tried out takes test tickets, and no others. */
    isOnTrial?: boolean
  }
  clock: { nowMs: number; state: ClockState }
  /** Null where nobody counts. */
  occupancy: Occupancy | null
  request: Request
}

export type Request = {
  direction: Direction
  nonce: string
  /** Who asks, where it is a person. */
  by?: string
  /** Lets in against the gate's word, as far as this may be. */
  force?: { by: string; reason: string }
  ignoreUnpaid?: boolean
  /** How many people are to go through; absent: as many as the ticket admits at an entry. */
  persons?: number
  listAge: ListAge
  onList?: 'phone'
  /** The first 16 bytes of the SHA-256 of what was read, for a code that is not known. */
  text?: string
}
