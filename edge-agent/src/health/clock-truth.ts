import type { Clock, ClockState } from '@vigie/contract/clock'

/** The time that the cloud wrote into a receipt, when that came by our wall clock, and how long the answer took. */
export type ClockComparison = { cloudAtMs: number; receivedAtMs: number; roundTripMs: number }

/** What the unit may believe of its wall clock, judged by the times in the cloud's receipts. */
export type ClockTruth = {
  state(): ClockState
  /** Wall clock minus the cloud's, in milliseconds, as last measured; null when never. */
  offsetMs(): number | null
  compare(comparison: ClockComparison): void
}

/** A picture's age is told in minutes, so two seconds of error are none. Beyond: `unknown`, and the age is not shown as true. */
const TOLERANCE_MS = 2_000
/** Half the round trip is how wrong the measurement may be; slower answers measure nothing. */
const MAX_ROUND_TRIP_MS = 10_000
/** A quartz of a cheap box drifts by 2 to 5 s a day: after that a confirmation is only an estimate. */
const CONFIRMED_FOR_MS = 24 * 3_600_000

/**
 * Starts as `unknown`: a box without a battery boots in 1970, and nothing here asks a time server. A receipt within the
 * tolerance makes it `synchronised`, for a day; then `estimated`. When the wall clock was set since, it is `unknown` again.
 */
export function createClockTruth(clock: Clock): ClockTruth {
  let confirmed: { monoMs: number; aheadMs: number } | null = null
  let offsetMs: number | null = null
  /** Changes only when somebody sets the wall clock, and slowly by drift. */
  const aheadMs = () => clock.now() - clock.monotonicMs()

  return {
    state() {
      if (confirmed === null || Math.abs(aheadMs() - confirmed.aheadMs) > TOLERANCE_MS) return 'unknown'
      return clock.monotonicMs() - confirmed.monoMs <= CONFIRMED_FOR_MS ? 'synchronised' : 'estimated'
    },
    offsetMs: () => offsetMs,
    compare({ cloudAtMs, receivedAtMs, roundTripMs }) {
      if (roundTripMs > MAX_ROUND_TRIP_MS) return
      offsetMs = Math.round(receivedAtMs - roundTripMs / 2 - cloudAtMs)
      const isRight = Math.abs(offsetMs) <= TOLERANCE_MS + roundTripMs / 2
      confirmed = isRight ? { monoMs: clock.monotonicMs(), aheadMs: aheadMs() } : null
    },
  }
}
