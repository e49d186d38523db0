import type { Rate } from '../limits.ts'

/** A budget that fills up with time. */
export type TokenBucket = {
  /** Takes from it, also more than there is: who overdraws it pays back in time. */
  take(amount: number): void
  /** How long until something may be taken again, in milliseconds; 0: now. */
  waitMs(): number
  /** Nobody took anything for so long that a new one would be the same. */
  isFull(): boolean
}

/** Starts full, with `burst`, and gains `perS` a second up to that. */
export function createTokenBucket({ burst, perS }: Rate, monotonicMs: () => number): TokenBucket {
  let left = burst
  let countedMs = monotonicMs()
  const count = () => {
    const nowMs = monotonicMs()
    left = Math.min(burst, left + ((nowMs - countedMs) / 1000) * perS)
    countedMs = nowMs
    return left
  }
  return {
    take(amount) {
      left = count() - amount
    },
    waitMs: () => Math.max(0, Math.ceil((-count() / perS) * 1000)),
    isFull: () => count() === burst,
  }
}
