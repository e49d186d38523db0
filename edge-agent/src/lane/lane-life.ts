import type { LaneFacts } from '@vigie/config-schema/configuration/lane'
import type { LaneMode } from '@vigie/contract/gate/lane-mode'
import type { Direction } from '@vigie/contract/gate/outcome'
import type { LaneBody, PassageBody, ReturnedBody } from '@vigie/contract/gate/row'
import type { ItemId } from '@vigie/contract/ids'
import type { LaneFaultCode } from './lane-fault.ts'

/** So many persons may go through: reserved when it is made, consumed by passages, given back by what is left. */
export type Grant = { decision: ItemId; direction: Direction; persons: number; of: 'grant' | 'staff' }

/** A grant of before the agent died, which may still be used: the tripod waits for a person whether anybody listens or not. */
export type LeftOpen = { grant: Grant; left: number; untilMs: number }

/** What a lane does when nothing is under way. */
export type Rest =
  | { name: 'locked' }
  /** Turns without asking. `untilMs`: monotonic; null: until somebody says so. `until`: the same as the ledger says it. */
  | { name: 'free'; direction: Direction | 'both'; untilMs: number | null; until?: string }
  | { name: 'out-of-service' }

export type Life =
  | { name: 'resting' }
  /**
   * Somebody may go through until `untilMs`. `isReleased` false: the arm was not at rest yet, and is released as soon as
   * it is. `left` 0: only the companion is still waited for. `order`: the order to the arm that the board has not answered.
   */
  | {
      name: 'granted'
      grant: Grant
      left: number
      untilMs: number
      isReleased: boolean
      order: number | null
      hasTurnedBack: boolean
      /** No answer came: the arm may be free or not, and a passage alone tells. */
      isUnanswered: boolean
      /** The agent was dead meanwhile: somebody may have gone through. */
      wasUnwatched?: true
    }
  /** The arm has left its rest; until it is back, nobody knows whether the person went through. */
  | {
      name: 'rotating'
      grant: Grant
      left: number
      untilMs: number
      sinceMs: number
      isLong: boolean
      isStuck: boolean
      wasUnwatched?: true
    }
  /** Ended by the fire contact alone. */
  | { name: 'fire' }

export type LaneState = {
  life: Life
  rest: Rest
  /** The contacts as they were last seen; a board that does not answer leaves them as they were. */
  isReady: boolean
  isAlarmed: boolean
  isPowered: boolean
  hasBoard: boolean
  /** The access of this box was taken back: nobody is let in by it. Who is inside still gets out, and fire opens. */
  isRevoked: boolean
  /** Since when the arm has not been at rest; null: it is. */
  unreadySinceMs: number | null
  isUnready: boolean
  /** Free or in a fire: when the arm is released again. */
  againMs: number
  /** How many orders the arm was given. */
  orders: number
}

export type By = { by?: string; reason?: string }

export type LaneEvent =
  | { name: 'grant'; grant: Grant }
  /** At the start of the agent, before anything else. */
  | ({ name: 'left-open' } & LeftOpen)
  /** Somebody was refused: shown, and nothing else. */
  | { name: 'refusal' }
  | { name: 'released'; order: number }
  /** The board did not take the order. */
  | { name: 'not-released'; order: number }
  /** It may have taken it: its answer did not come. */
  | { name: 'unanswered'; order: number }
  | { name: 'pass-began'; direction: Direction }
  | { name: 'pass'; direction: Direction }
  /** The contact of a passage closed and did not open again as one does. */
  | { name: 'pass-void'; direction: Direction }
  | { name: 'ready'; is: boolean }
  | { name: 'alarm'; is: boolean }
  | { name: 'power'; is: boolean }
  | { name: 'fire'; is: boolean }
  | { name: 'board'; is: boolean }
  /** The box may let nobody in any more, or may again. */
  | { name: 'revoked'; is: boolean }
  | ({ name: 'rest'; rest: Rest } & By)
  | { name: 'tick' }

/** What goes into the ledger. */
export type LaneReport = PassageBody | ReturnedBody | LaneBody

/** What lamps and buzzer of the lane say. */
export type Signal = 'welcome' | 'refused' | 'open' | 'alarm' | 'none'

export type LaneEffect =
  /** The number comes back with the answer: a late one is not taken for that of the next order. */
  | { do: 'release'; direction: Direction; order: number }
  | { do: 'signal'; signal: Signal }
  | { do: 'report'; report: LaneReport }

export type LaneRules = {
  /** From the order to the tripod's own lock, with what the line adds. */
  windowMs: number
  longMs: number
  stuckMs: number
  /** The ways that an order opens. */
  ways: readonly Direction[]
  /** Nobody asks those who leave: a lane of both ways without a reader for them. */
  isExitFree: boolean
  /** Whoever helps a person goes through with that person's ticket. */
  takesCompanion: boolean
}

/** Between the tripod's clock and ours: one poll, one transaction and the pulse itself, on a slow line. */
const GRACE_MS = 500

export function rulesOf({ kind, direction, exitReader, board, timings = {}, companion }: LaneFacts): LaneRules {
  const { grantS = 5, wideGrantS = 15, longS = 10, stuckS = 30 } = timings
  const isBoth = direction === 'both'
  const way = isBoth ? 'in' : direction
  return {
    windowMs: (kind === 'wide' ? wideGrantS : grantS) * 1000 + GRACE_MS,
    ...{ longMs: longS * 1000, stuckMs: stuckS * 1000 },
    ways: isBoth && board.wiring.pulseB !== undefined ? ['in', 'out'] : [way],
    isExitFree: isBoth && exitReader === undefined,
    takesCompanion: kind === 'wide' && companion === true,
  }
}

/** Before anything was heard of the board; `rest`: as the staff had set it before this start. */
export const atFirst = (rest: Rest = { name: 'locked' }): LaneState => ({
  ...{ life: { name: 'resting' }, rest },
  ...{ isReady: false, isAlarmed: false, isPowered: true, hasBoard: false, isRevoked: false },
  ...{ unreadySinceMs: null, isUnready: false, againMs: 0, orders: 0 },
})

/** Why the lane cannot be relied on; null: it can. */
export function faultOf(state: LaneState): LaneFaultCode | null {
  return state.isRevoked ? 'revoked' : deviceFaultOf(state)
}

function deviceFaultOf({ hasBoard, isPowered, isAlarmed, isUnready, life }: LaneState): LaneFaultCode | null {
  if (!hasBoard) return 'board-silent'
  if (!isPowered) return 'tripod-unpowered'
  if (isAlarmed) return 'tripod-alarm'
  if (life.name === 'rotating' && life.isStuck) return 'arm-stuck'
  return isUnready ? 'tripod-unready' : null
}

export function modeOf(state: LaneState): LaneMode {
  const { life, rest } = state
  if (life.name === 'fire') return 'fire'
  if (life.name === 'granted') return 'granted'
  if (life.name === 'rotating' && !life.isStuck) return 'rotating'
  if (rest.name === 'out-of-service' || state.isRevoked) return 'out-of-service'
  return faultOf(state) === null ? rest.name : 'fault'
}

/** Somebody was let in, and has not gone through or come back yet. */
export const isUnderWay = ({ life }: LaneState): boolean => life.name === 'granted' || life.name === 'rotating'

/** The way in which it turns without asking while it rests; null: neither. */
export const freeWay = ({ rest, isRevoked }: LaneState): Direction | 'both' | null =>
  rest.name === 'free' && !isRevoked ? rest.direction : null

/** Whether a grant would be taken now; otherwise it is given back at once. Nobody is kept inside by a box that is revoked. */
export function canTakeGrant(state: LaneState, direction: Direction): boolean {
  const asked = direction === 'out' ? { ...state, isRevoked: false } : state
  return state.life.name === 'resting' && modeOf(asked) === 'locked'
}
