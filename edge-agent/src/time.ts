import type { Clock } from '@vigie/contract/clock'

/** A process's time: its two clocks, and waiting. Tests hand in one whose hands they move themselves. */
export type Time = Clock & {
  /** Resolves after so many milliseconds of monotonic time; rejects with the signal's reason when it is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void>
}
