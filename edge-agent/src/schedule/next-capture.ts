import { createHash } from 'node:crypto'

/** When something is planned: at every multiple of the interval plus the phase, on a clock that starts at any zero. */
export type Plan = { intervalMs: number; phaseMs: number }

/** What is known of a thing that is done again and again, in milliseconds of the same clock. */
export type Progress = {
  /** The planned time that was last taken; null before the first. */
  lastDueMs: number | null
  /** Since when it could be done again: the end of the last time, or the start. */
  freeSinceMs: number
}

/**
 * The next planned time of one view.
 *
 * What passed while the view itself was being captured is skipped: a slow camera gets no pile-up and no two captures
 * without a pause. What passed since, because the camera was at another of its presets, is taken late, so that no preset
 * starves; but of several only the last.
 *
 * @returns when it is due (in the past: now), and how many planned times since the last one are left out
 */
export function nextCapture(plan: Plan, progress: Progress, nowMs: number): { dueMs: number; skipped: number } {
  const { intervalMs } = plan
  const { lastDueMs, freeSinceMs } = progress
  // Half an interval of distance: when the wall clock is set, the phase jumps, and the next time could lie just behind the last.
  const earliestMs = lastDueMs === null ? freeSinceMs : Math.max(freeSinceMs, lastDueMs + intervalMs / 2)
  const firstMs = plannedFrom(plan, earliestMs)
  const dueMs = Math.max(firstMs, plannedUpTo(plan, nowMs))
  const skipped = lastDueMs === null ? 0 : Math.max(0, Math.round((dueMs - lastDueMs) / intervalMs) - 1)
  return { dueMs, skipped }
}

/** The first planned time that is not before `fromMs`. */
function plannedFrom({ intervalMs, phaseMs }: Plan, fromMs: number): number {
  return Math.ceil((fromMs - phaseMs) / intervalMs) * intervalMs + phaseMs
}

/** The last planned time that is not after `untilMs`. */
function plannedUpTo({ intervalMs, phaseMs }: Plan, untilMs: number): number {
  return Math.floor((untilMs - phaseMs) / intervalMs) * intervalMs + phaseMs
}

/**
 * Where in its interval a name's turn comes: spread evenly over all names and always the same for one, so that 41 units
 * that got power in the same second do not ask, send and store in the same second for ever after.
 * @returns milliseconds, at least 0 and less than the interval
 */
export function phaseOf(name: string, intervalMs: number): number {
  const fraction = createHash('sha256').update(name).digest().readUInt32BE(0) / 2 ** 32
  return Math.floor(fraction * intervalMs)
}

/** The same plan on the monotonic clock: planned by the wall clock where that is right, undisturbed where it jumps. */
export function onMonotonicClock(plan: Plan, clock: { now(): number; monotonicMs(): number }): Plan {
  const aheadMs = clock.now() - clock.monotonicMs()
  const rest = (plan.phaseMs - aheadMs) % plan.intervalMs
  return { intervalMs: plan.intervalMs, phaseMs: rest < 0 ? rest + plan.intervalMs : rest }
}
