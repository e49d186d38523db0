import type { Time } from '../time.ts'
import { nextCapture, onMonotonicClock, type Plan, type Progress } from './next-capture.ts'

/** The turn of one thing. */
export type Due<Thing> = {
  thing: Thing
  /** How many of its planned times were left out since its last turn. */
  skipped: number
  /** From this planned time to the next, in milliseconds, as planned now. The next turn is due no later, whatever plan comes into force. */
  nextInMs: number
}

export type DueOptions<Thing> = {
  /** Waits in place of `time.wait`: ends early when a plan has changed or something was asked for. */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>
  /** Takes what was asked for out of turn. */
  takeAsked?: () => Thing | undefined
}

/** A plan that changes by itself (with the sun) is looked at this often: a minute late at dusk is early enough. */
const LOOK_EVERY_MS = 60_000

/**
 * The turns of several things that can only be done one at a time (the presets of one camera), each when it is planned.
 * The consumer does the work between two turns; while it does, time passes and planned times may be skipped.
 *
 * A plan may be a function, and change at any time. A shorter interval begins at once; a longer one after the turn that was
 * already promised, so that whoever was told `nextInMs` is never let down. What was asked for is done at once, besides.
 *
 * Ends when the signal is aborted.
 */
export async function* dueTimes<Thing>(
  things: ReadonlyArray<{ thing: Thing; plan: Plan | (() => Plan) }>,
  time: Time,
  signal: AbortSignal,
  { wait = time.wait, takeAsked = () => undefined }: DueOptions<Thing> = {},
): AsyncGenerator<Due<Thing>, void, void> {
  const startedMs = time.monotonicMs()
  const waiting = things.map(({ thing, plan }): Waiting<Thing> => {
    const progress: Progress = { lastDueMs: null, freeSinceMs: startedMs }
    const planNow = typeof plan === 'function' ? plan : () => plan
    return { thing, planNow, promised: null, seen: { plan: planNow(), sinceMs: startedMs }, progress }
  })
  while (!signal.aborted) {
    const asked = takeAsked()
    if (asked !== undefined) {
      const entry = waiting.find(({ thing }) => thing === asked)
      const nowMs = time.monotonicMs()
      yield { thing: asked, skipped: 0, nextInMs: entry ? Math.max(0, nextTurn(entry, time, nowMs).dueMs - nowMs) : 0 }
      continue
    }
    const nowMs = time.monotonicMs()
    const turns = waiting.map((entry) => ({ entry, ...nextTurn(entry, time, nowMs) }))
    const turn = turns.reduce((first, other) => (other.dueMs < first.dueMs ? other : first))
    if (turn.dueMs > nowMs) {
      // Asked again afterwards: a timer may be early, a plan may have changed, the wall clock may have been set.
      const lookInMs = Math.min(turn.dueMs - nowMs, LOOK_EVERY_MS)
      if (!(await waited(wait, lookInMs, signal))) return
      continue
    }
    const promised = turn.entry.planNow()
    turn.entry.promised = promised
    yield { thing: turn.entry.thing, skipped: turn.skipped, nextInMs: untilNext(promised, turn.dueMs, time) }
    turn.entry.progress = { lastDueMs: turn.dueMs, freeSinceMs: time.monotonicMs() }
  }
}

type Waiting<Thing> = {
  thing: Thing
  planNow: () => Plan
  /** The plan by which the next turn was told; null before the first. */
  promised: Plan | null
  /** The plan that held when it was last looked at, and since when it was seen to. */
  seen: { plan: Plan; sinceMs: number }
  progress: Progress
}

/** By the plan that holds, or by the one that was promised where that comes sooner. */
function nextTurn(entry: Waiting<unknown>, time: Time, nowMs: number) {
  const { planNow, promised, progress, seen } = entry
  const plan = planNow()
  if (plan.intervalMs !== seen.plan.intervalMs || plan.phaseMs !== seen.plan.phaseMs)
    entry.seen = { plan, sinceMs: nowMs }
  // A new plan has no past: what it would have wanted before it came into force is not made up for.
  const since = { ...progress, freeSinceMs: Math.max(progress.freeSinceMs, entry.seen.sinceMs) }
  const byNow = nextCapture(onMonotonicClock(plan, time), since, nowMs)
  if (promised === null) return byNow
  const byPromise = nextCapture(onMonotonicClock(promised, time), progress, nowMs)
  return byPromise.dueMs < byNow.dueMs ? byPromise : byNow
}

function untilNext(plan: Plan, dueMs: number, time: Time): number {
  const progress: Progress = { lastDueMs: dueMs, freeSinceMs: dueMs }
  return nextCapture(onMonotonicClock(plan, time), progress, dueMs).dueMs - dueMs
}

/** Whether the wait came to its end; false when it was cancelled. */
async function waited(wait: Time['wait'], ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await wait(ms, signal)
    return true
  } catch (error) {
    if (signal.aborted) return false
    throw error
  }
}
