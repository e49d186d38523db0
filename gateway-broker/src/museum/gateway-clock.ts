import type { Clock, ClockState } from '@vigie/contract/clock'

/** The machine's clock, and what the cloud's receipts say of it. Nothing waits for it: a decision is marked by it. */
export type GatewayClock = Clock & {
  state(): ClockState
  /** How far it was from the cloud's at most, in milliseconds; null while nobody has said. */
  errorMs(): number | null
  /** Takes the time in an answer to something that was said so long ago. */
  compare(cloudAtMs: number, roundTripMs: number): void
}

/** As for every unit: known to 5 s is synchronised, for a day. */
const SYNCHRONISED_WITHIN_MS = 5_000
const CONFIRMED_FOR_MS = 24 * 3_600_000
/** What answers more slowly tells no time that is worth having. */
const MAX_ROUND_TRIP_MS = 120_000

export function createGatewayClock(clock: Clock): GatewayClock {
  let confirmed: { monoMs: number; errorMs: number } | null = null
  return {
    ...clock,
    state() {
      if (confirmed === null) return 'unknown'
      const isRecent = clock.monotonicMs() - confirmed.monoMs <= CONFIRMED_FOR_MS
      return isRecent && confirmed.errorMs <= SYNCHRONISED_WITHIN_MS ? 'synchronised' : 'estimated'
    },
    errorMs: () => confirmed?.errorMs ?? null,
    compare(cloudAtMs, roundTripMs) {
      if (roundTripMs > MAX_ROUND_TRIP_MS) return
      const errorMs = Math.ceil(Math.abs(clock.now() - cloudAtMs))
      // An answer that waited in the cloud for its batch says less than one that came at once.
      if (confirmed !== null && errorMs > confirmed.errorMs && errorMs <= roundTripMs) return
      confirmed = { monoMs: clock.monotonicMs(), errorMs }
    },
  }
}
