import type { Time } from '../time.ts'
import { phaseOf } from './next-capture.ts'

/** A plan of the night may ask once in five minutes; whoever has just started shows what there is within one. */
const FIRST_WITHIN_MS = 60_000

export type FirstLookDeps = {
  /** The camera's, which has a place of its own in the minute: a fleet that got power in one second is spread out. */
  name: string
  time: Time
  /** From one planned capture to the next, as the plan is now. */
  intervalMs: () => number
  ask: () => void
}

/** Asks once, within a minute of a start, where the plan may take longer. Returns when that is done, or when aborted. */
export async function takeFirstLook(
  { name, time, intervalMs, ask }: FirstLookDeps,
  signal: AbortSignal,
): Promise<void> {
  try {
    await time.wait(phaseOf(name, FIRST_WITHIN_MS), signal)
  } catch (error) {
    if (signal.aborted) return
    throw error
  }
  // Not before: until the clock is known it is day, and the plan says so.
  if (intervalMs() > FIRST_WITHIN_MS) ask()
}
