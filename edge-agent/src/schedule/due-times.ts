import type { Time } from '../time.ts'
import { nextCapture, onMonotonicClock, type Plan, type Progress } from './next-capture.ts'

/** The turn of one thing: what, and how many of its planned times were left out since its last turn. */
export type Due<Thing> = { thing: Thing; skipped: number }

/**
 * The turns of several things that can only be done one at a time (the presets of one camera), each when it is planned.
 * The consumer does the work between two turns; while it does, time passes and planned times may be skipped.
 * Ends when the signal is aborted.
 */
export async function* dueTimes<Thing>(
  things: ReadonlyArray<{ thing: Thing; plan: Plan }>,
  time: Time,
  signal: AbortSignal,
): AsyncGenerator<Due<Thing>, void, void> {
  const startedMs = time.monotonicMs()
  const waiting = things.map(({ thing, plan }) => {
    const progress: Progress = { lastDueMs: null, freeSinceMs: startedMs }
    return { thing, plan, progress }
  })
  while (!signal.aborted) {
    const nowMs = time.monotonicMs()
    const turns = waiting.map((entry) => ({
      entry,
      ...nextCapture(onMonotonicClock(entry.plan, time), entry.progress, nowMs),
    }))
    const turn = turns.reduce((first, other) => (other.dueMs < first.dueMs ? other : first))
    if (turn.dueMs > nowMs) {
      // Asked again afterwards: a timer may be early, and the wall clock may have been set meanwhile.
      if (!(await waited(time, turn.dueMs - nowMs, signal))) return
      continue
    }
    yield { thing: turn.entry.thing, skipped: turn.skipped }
    turn.entry.progress = { lastDueMs: turn.dueMs, freeSinceMs: time.monotonicMs() }
  }
}

/** Whether the wait came to its end; false when it was cancelled. */
async function waited(time: Time, ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await time.wait(ms, signal)
    return true
  } catch (error) {
    if (signal.aborted) return false
    throw error
  }
}
