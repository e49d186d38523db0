import type { Clock } from '@vigie/contract/clock'

/** The wall clock stands elsewhere than the time that has passed says: since when, by this clock, and how far ahead. */
export type ClockDoubt = { since: number; aheadMs: number }

export type SteadyClock = Clock & {
  /** Null while the wall clock can be believed. */
  doubt(): ClockDoubt | null
  /** The earlier of this time and the wall clock's: what is over by this one is over by both. For what is for good. */
  earliest(): number
}

/** A virtual machine that was paused wakes up this much later; what an hour deletes too early was public for 23. */
const AHEAD_BELIEVED_MS = 3_600_000
/** Clocks are corrected by steps of seconds; a unit's time may be as far ahead of ours without being refused. */
const BACK_BELIEVED_MS = 5 * 60_000
/**
 * A jump that nobody takes back is believed in the end: a clock that was wrong before is right now. Ahead it deletes
 * pictures: the wait is as long as it can be with pictures of 24 hours that must be gone within 48, and a day's work left
 * for a person. Back it deletes nothing, but frames come from the future, and their units are told to wait.
 */
const AHEAD_BELIEVED_AFTER_MS = 6 * 3_600_000
const BACK_BELIEVED_AFTER_MS = 3_600_000

/**
 * Wall time that does not jump: when the wall clock leaves the time that has passed, this one goes on by the monotonic
 * clock. Everything that is deleted, refused, expired or called stale goes by it, so that no clock set wrong by a month
 * costs a picture; and the time that receipts tell to units does not jump either.
 * @param notBefore the newest time that was ever stored: a machine that starts with an older one has lost its clock
 */
export function createSteadyClock(clock: Clock, notBefore: number | null): SteadyClock {
  let anchor = { wall: Math.max(clock.now(), (notBefore ?? 0) - BACK_BELIEVED_MS), ms: clock.monotonicMs() }
  /** Where the wall clock landed, and since when it has gone on evenly from there. */
  let jump: { wall: number; ms: number; since: number } | null = null

  function look(): { now: number; aheadMs: number } {
    const [wall, ms] = [clock.now(), clock.monotonicMs()]
    const reckoned = anchor.wall + ms - anchor.ms
    const aheadMs = wall - reckoned
    const isBelieved = () => {
      if (aheadMs <= AHEAD_BELIEVED_MS && aheadMs >= -BACK_BELIEVED_MS) return true
      const isEven = jump !== null && Math.abs(wall - jump.wall - (ms - jump.ms)) <= BACK_BELIEVED_MS
      if (jump === null || !isEven) jump = { wall, ms, since: jump?.since ?? reckoned }
      return ms - jump.ms >= (aheadMs > 0 ? AHEAD_BELIEVED_AFTER_MS : BACK_BELIEVED_AFTER_MS)
    }
    if (!isBelieved()) return { now: reckoned, aheadMs }
    anchor = { wall, ms }
    jump = null
    return { now: wall, aheadMs: 0 }
  }

  return {
    now: () => look().now,
    monotonicMs: clock.monotonicMs,
    earliest: () => Math.min(look().now, clock.now()),
    doubt: () => {
      const { aheadMs } = look()
      return jump === null ? null : { since: jump.since, aheadMs }
    },
  }
}
