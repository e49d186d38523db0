import type { Clock } from '@vigie/contract/clock'
import { WATCH_MAX_MINUTES } from '@vigie/contract/command'

/** What people have asked for that lasts a while. */
export type Orders = {
  isWatched(): boolean
  isThrifty(): boolean
  watchFor(minutes: number): void
  /** @param forMs null: until told otherwise */
  beThrifty(forMs: number | null): void
  beUsual(): void
  /** As they stand, to be given back at the next start. */
  kept(): KeptOrders
}

/** Milliseconds that were left at a wall time; null: not asked for, and for `thriftyMs` "always": until told otherwise. */
export type KeptOrders = { atMs: number; watchedMs: number | null; thriftyMs: number | 'always' | null }

export const NO_ORDERS: KeptOrders = { atMs: 0, watchedMs: null, thriftyMs: null }

/** Longest: a contract's year would be a schedule, not an order. */
const THRIFTY_MAX_MS = 90 * 86_400_000

/**
 * Orders run on the monotonic clock, so that nobody's setting of a wall clock ends or prolongs them. Across a restart the
 * wall clock is all there is: what it says has passed is taken off, and when it says nonsense nothing is.
 */
export function createOrders(clock: Clock, before: KeptOrders): Orders {
  const passedMs = Math.max(0, clock.now() - before.atMs)
  const startMs = clock.monotonicMs()
  const left = (ms: number | null) => (ms === null ? -Infinity : startMs + ms - passedMs)
  let watchedUntilMs = left(before.watchedMs)
  let thriftyUntilMs = before.thriftyMs === 'always' ? Infinity : left(before.thriftyMs)

  const remaining = (untilMs: number) => (untilMs > clock.monotonicMs() ? untilMs - clock.monotonicMs() : null)
  return {
    isWatched: () => remaining(watchedUntilMs) !== null,
    isThrifty: () => remaining(thriftyUntilMs) !== null,
    watchFor(minutes) {
      watchedUntilMs = clock.monotonicMs() + Math.min(minutes, WATCH_MAX_MINUTES) * 60_000
    },
    beThrifty(forMs) {
      thriftyUntilMs = forMs === null ? Infinity : clock.monotonicMs() + Math.min(forMs, THRIFTY_MAX_MS)
    },
    beUsual() {
      thriftyUntilMs = -Infinity
    },
    kept() {
      const thriftyMs = remaining(thriftyUntilMs)
      return {
        atMs: clock.now(),
        watchedMs: remaining(watchedUntilMs),
        thriftyMs: thriftyMs === Infinity ? 'always' : thriftyMs,
      }
    },
  }
}
