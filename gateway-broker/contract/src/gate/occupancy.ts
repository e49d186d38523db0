import { civilTimeOf, minutesOf, momentOf } from './civil-time.ts'
import { inOrder } from './order.ts'
import type { Row } from './row.ts'

/** How many are inside, the jauge. */
export type Occupancy = {
  inside: number
  /** Reckoned from how long a visit takes, since not everybody who leaves is counted. */
  isEstimate: boolean
}

export type OccupancyTerms = {
  nowMs: number
  /** Whether who leaves is counted. */
  areExitsCounted: boolean
  stayMinutes: number
}

const MINUTE_MS = 60_000
/** Our own clock may be behind, too; by more than this it is the other's. */
const AHEAD_MS = 60 * MINUTE_MS

/**
 * Counts who is inside by real rotations; a decision where no lane is named is a passage of all its persons. The rows may
 * come in any order. Rows from before the last night on which everybody was counted out change nothing and may be left
 * out.
 */
export function occupancyOf(rows: readonly Row[], terms: OccupancyTerms): Occupancy {
  const believed = rows.filter((row) => !isFromNoTime(row, terms.nowMs))
  const steps = stepsOf(believed)
  const isEstimate = believed.length < rows.length
  return terms.areExitsCounted ? { inside: counted(steps), isEstimate } : estimated(steps, terms)
}

/** A clock that knew nothing wrote a time that is still to come: whom it counted in, no night would ever count out. */
const isFromNoTime = ({ at, clock }: Row, nowMs: number): boolean =>
  clock === 'unknown' && Date.parse(at) > nowMs + AHEAD_MS

/** A change of the number inside: by so many, or to so many. */
type Step = { atMs: number; by: number } | { atMs: number; to: number }

function stepsOf(rows: readonly Row[]): Step[] {
  const undone = new Set(rows.flatMap(({ body }) => (body.kind === 'undo' ? [body.decision] : [])))
  return inOrder(rows).flatMap((row): Step[] => {
    const { body, lane, id, at } = row
    const atMs = Date.parse(at)
    const sign = 'direction' in body && body.direction === 'out' ? -1 : 1
    switch (body.kind) {
      case 'passage':
        return body.decision !== null && undone.has(body.decision) ? [] : [{ atMs, by: sign }]
      case 'decision':
        return lane !== null || body.outcome !== 'ok' || undone.has(id) ? [] : [{ atMs, by: sign * body.persons }]
      case 'correction':
        return [{ atMs, to: body.inside }]
      case 'everybody-out':
        return [{ atMs, to: 0 }]
      default:
        return []
    }
  })
}

/** Never below zero: who leaves without having been counted in was there before the counting began. */
function counted(steps: readonly Step[]): number {
  return steps.reduce((inside, step) => ('to' in step ? step.to : Math.max(0, inside + step.by)), 0)
}

/**
 * Who came in stays for as long as a visit takes, or until a counted exit, by which the one who has been there longest is
 * taken to leave. Those whom somebody counted stay from then on.
 */
function estimated(steps: readonly Step[], { nowMs, stayMinutes }: OccupancyTerms): Occupancy {
  const stayMs = stayMinutes * MINUTE_MS
  let since: number[] = []
  for (const step of steps) {
    if ('to' in step) since = Array(step.to).fill(step.atMs)
    else if (step.by > 0) since.push(...Array(step.by).fill(step.atMs))
    else since = since.filter((atMs) => atMs > step.atMs - stayMs).slice(-step.by)
  }
  return { inside: since.filter((atMs) => atMs > nowMs - stayMs).length, isEstimate: true }
}

/** The most that were inside at once, and when they first were. */
export type Peak = { persons: number; atMs: number }

/** The peak among rows, counted as `occupancyOf` counts, from nobody on; null where nobody came in. */
export function peakOf(
  rows: readonly Row[],
  { areExitsCounted, stayMinutes }: Omit<OccupancyTerms, 'nowMs'>,
): Peak | null {
  const stayMs = stayMinutes * MINUTE_MS
  let since: number[] = []
  let peak: Peak | null = null
  for (const step of stepsOf(rows)) {
    if (!areExitsCounted) since = since.filter((atMs) => atMs > step.atMs - stayMs)
    if ('to' in step) since = Array(step.to).fill(step.atMs)
    else if (step.by > 0) since.push(...Array(step.by).fill(step.atMs))
    else since = since.slice(-step.by)
    if (since.length > (peak?.persons ?? 0)) peak = { persons: since.length, atMs: step.atMs }
  }
  return peak
}

/** The latest moment, at or before now, at which the clock on the wall showed the hour of the nightly cut. */
export function lastNightlyCut(nowMs: number, nightlyOut: string): number {
  const { day } = civilTimeOf(nowMs)
  const today = momentOf({ day, minutes: minutesOf(nightlyOut) })
  return today <= nowMs ? today : momentOf({ day: day - 1, minutes: minutesOf(nightlyOut) })
}

/**
 * The moment for which a row that counts everybody out is to be written, or null: none where that of the last cut is
 * written, or nobody who came in before it is still counted.
 */
export function everybodyOutDue(rows: readonly Row[], nowMs: number, nightlyOut: string): number | null {
  const cutMs = lastNightlyCut(nowMs, nightlyOut)
  const before = rows.filter(({ at }) => Date.parse(at) <= cutMs)
  if (before.some(({ body, at }) => body.kind === 'everybody-out' && Date.parse(at) === cutMs)) return null
  return counted(stepsOf(before)) > 0 ? cutMs : null
}
