import type { ClockState } from '@vigie/contract/clock'

/** How much a picture can be trusted to show the road as it is, from the best to what a person took away. */
export const FRESHNESS = ['fresh', 'late', 'stale', 'offline', 'maintenance', 'withdrawn'] as const
export type Freshness = (typeof FRESHNESS)[number]

/** Up to this many planned intervals old a picture is fresh: one capture may be missed by half an interval. */
export const FRESH_INTERVALS = 1.5
/** Up to this many it is late, older it is stale. A unit of unknown presence that says nothing for as long is silent. */
export const LATE_INTERVALS = 3

/**
 * A unit plans by the hour, and freshness goes by its plan, within these bounds, in milliseconds. Watched every few
 * seconds, one lost picture would make a road old that was seen half a minute ago. At a thrifty hour, a picture that
 * went unseen for 45 minutes is not called live whatever was planned: snow closes a pass in less. What people wrote into
 * the site document holds also beyond the bounds.
 */
export const PLANNED_AT_LEAST_MS = 30_000
export const PLANNED_AT_MOST_MS = 30 * 60_000

/**
 * How far a capture time may lie ahead of its arrival, in milliseconds: a unit that set its clock over 4G is wrong by up
 * to one round trip (2 s at worst), and so may the cloud be. Further ahead, the time is not believed.
 */
export const CLOCK_TOLERANCE_MS = 5_000

/** When a camera showed what its picture shows: by the unit's clock, what that knew of itself, when the word came here. */
export type Sight = { at: number; receivedAt: number; clock: ClockState }

/** All that freshness depends on, for one preset. Times are in milliseconds since 1970 UTC. */
export type View = {
  /** From one planned capture to the next, by the site document. */
  intervalMs: number
  /** The same by the schedule that was in force when the view was last seen; null: as the site document says. */
  plannedMs: number | null
  /** The last sight of what the newest picture shows: its capture, or a later look that found it unchanged. */
  seen: Sight | null
  /** The unit, as its birth or its last will says; `unknown` before the first of them. */
  presence: 'online' | 'offline' | 'unknown'
  /** When anything last came from the unit. */
  heardAt: number | null
  /** What a person decided, stronger than all that is measured. */
  takenOff: 'maintenance' | 'withdrawn' | null
}

/**
 * The one place where freshness is decided (page, API, SSE and feeds show its value). It goes by when the view was seen,
 * never by arrival: a picture that waited in an outbox is as old as it is. The time of arrival is only used against a
 * clock that is wrong.
 * - A time ahead of its arrival is not believed, now or once the wall clock has passed it: the picture is stale.
 * - A clock that nobody confirmed can make a picture late at best.
 */
export function freshnessOf(view: View, now: number): Freshness {
  if (view.takenOff !== null) return view.takenOff
  if (isSilent(view, now) || view.seen === null) return 'offline'
  const ageMs = ageOf(view.seen, now)
  const intervalMs = judgedIntervalOf(view)
  if (ageMs === null || ageMs > LATE_INTERVALS * intervalMs) return 'stale'
  if (ageMs >= FRESH_INTERVALS * intervalMs || view.seen.clock === 'unknown') return 'late'
  return 'fresh'
}

/** Milliseconds since the view was seen; null when that time cannot be true. */
export function ageOf(seen: Sight, now: number): number | null {
  if (seen.at > seen.receivedAt + CLOCK_TOLERANCE_MS || seen.at > now + CLOCK_TOLERANCE_MS) return null
  return Math.max(0, now - seen.at)
}

/** From when on a view is stale if it is not seen again; null when it was never seen, or at a time that cannot be true. */
export function staleFrom(view: View, now: number): number | null {
  if (view.seen === null || ageOf(view.seen, now) === null) return null
  return view.seen.at + LATE_INTERVALS * judgedIntervalOf(view)
}

/** From one capture to the next, as planned when the view was last seen. */
export const intervalOf = ({ plannedMs, intervalMs }: Pick<View, 'plannedMs' | 'intervalMs'>): number =>
  plannedMs ?? intervalMs

/** The interval by which a view is judged: the planned one, within bounds. */
export function judgedIntervalOf(view: Pick<View, 'plannedMs' | 'intervalMs'>): number {
  const least = Math.min(view.intervalMs, PLANNED_AT_LEAST_MS)
  const most = Math.max(view.intervalMs, PLANNED_AT_MOST_MS)
  return Math.min(most, Math.max(least, intervalOf(view)))
}

/** Of several presets, the state that asks for the most attention; a camera without presets shows nothing. */
export function worstOf(states: readonly Freshness[]): Freshness {
  return FRESHNESS[Math.max(...states.map((state) => FRESHNESS.indexOf(state)))] ?? 'offline'
}

function isSilent(view: View, now: number): boolean {
  const { presence, heardAt } = view
  if (presence !== 'unknown') return presence === 'offline'
  return heardAt === null || now - heardAt > LATE_INTERVALS * judgedIntervalOf(view)
}
