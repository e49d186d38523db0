import type { ItemClass } from '@vigie/contract/item-class'
import { createDoorbell } from '../uplink/doorbell.ts'
import type { ClockComparison, HonestTime } from './honest-time.ts'

export type TimeKeepingDeps = {
  time: HonestTime
  /** Says how the unit does: where a true date matters, and where a receipt is wanted that brings the time. */
  tellState(): Promise<void>
  onChange(change: 'known' | 'corrected'): void
  /** Told that the time could not be kept for the next start; it is tried again. */
  onFault(error: unknown): void
}

/** What carries the honest time of a unit through its life. */
export type TimeKeeping = {
  /** Takes what a receipt says of the time. */
  take(comparison: ClockComparison): void
  /** Keeps the time for the next start, rarely, until the signal is aborted, and once more then. */
  run(signal: AbortSignal): Promise<void>
}

/** A start without network dates at most this much too early: 24 small writes a day do a flash disk no harm. */
const REMEMBER_EVERY_MS = 3_600_000
/** While the time is unknown, so that one unknown boot does not begin before another has ended. */
const REMEMBER_UNKNOWN_EVERY_MS = 600_000

export function createTimeKeeping({ time, tellState, onChange, onFault }: TimeKeepingDeps): TimeKeeping {
  const bell = createDoorbell(time)
  let isStateWanted = false

  function remember(): void {
    try {
      time.remember()
    } catch (error) {
      onFault(error)
    }
  }

  return {
    take(comparison) {
      const change = time.compare(comparison)
      // Before anything leaves that is dated by it: after a kill it is dated by the same.
      if (change !== null) {
        remember()
        onChange(change)
      } else if (time.state() !== 'unknown') return
      isStateWanted = true
      bell.ring()
    },

    async run(signal) {
      try {
        while (!signal.aborted) {
          await bell.heard(time.state() === 'unknown' ? REMEMBER_UNKNOWN_EVERY_MS : REMEMBER_EVERY_MS, signal)
          if (isStateWanted) {
            isStateWanted = false
            await tellState()
          } else remember()
        }
      } catch (error) {
        if (!signal.aborted) throw error
      } finally {
        remember()
      }
    },
  }
}

/**
 * Whether items of a class may leave before the time is known. A state brings the receipt that tells the time, and tickets
 * and alarms wait for nothing; of the others it is the date that makes them worth anything.
 */
export const mayLeaveUndated = (name: ItemClass): boolean => name === 'state' || name === 'ticket' || name === 'alarm'
