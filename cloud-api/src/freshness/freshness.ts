import type { ClockState } from '@vigie/contract/clock'

/** How much a picture can be trusted to show the road as it is, from the best to what a person took away. */
export const FRESHNESS = ['fresh', 'late', 'stale', 'offline', 'maintenance', 'withdrawn'] as const
export type Freshness = (typeof FRESHNESS)[number]

/** Up to this many planned intervals old a picture is fresh: one capture may be missed by half an interval. */
export const FRESH_INTERVALS = 1.5
/** Up to this many it is late, older it is stale. A unit of unknown presence that says nothing for as long is silent. */
export const LATE_INTERVALS = 3

/**
 * How far a capture time may lie ahead of its arrival, in milliseconds: a unit that set its clock over 4G is wrong by up
 * to one round trip (2 s at worst), and so may the cloud be. Further ahead, the time is not believed.
 */
export const CLOCK_TOLERANCE_MS = 5_000

/** All that freshness depends on, for one preset. Times are in milliseconds since 1970 UTC. */
export type View = {
  /** From one planned capture to the next. */
  intervalMs: number
  /** The newest picture: when it was taken by the unit's clock, what the unit knew of that clock, when it came here. */
  capture: { at: number; receivedAt: number; clock: ClockState } | null
  /** The unit, as its birth or its last will says; `unknown` before the first of them. */
  presence: 'online' | 'offline' | 'unknown'
  /** When anything last came from the unit. */
  heardAt: number | null
  /** What a person decided, stronger than all that is measured. */
  takenOff: 'maintenance' | 'withdrawn' | null
}

/**
 * The one place where freshness is decided (page, API, SSE and feeds show its value). It goes by capture time, never by
 * arrival: a picture that waited in an outbox is as old as it is. The time of arrival is only used against a clock that
 * is wrong.
 * - A capture time ahead of its arrival is not believed, now or once the wall clock has passed it: the picture is stale.
 * - A clock that nobody confirmed can make a picture late at best.
 */
export function freshnessOf(view: View, now: number): Freshness {
  if (view.takenOff !== null) return view.takenOff
  if (isSilent(view, now) || view.capture === null) return 'offline'
  const ageMs = ageOf(view.capture, now)
  if (ageMs === null || ageMs > LATE_INTERVALS * view.intervalMs) return 'stale'
  if (ageMs >= FRESH_INTERVALS * view.intervalMs || view.capture.clock === 'unknown') return 'late'
  return 'fresh'
}

/** Milliseconds since the picture was taken; null when its capture time cannot be true. */
export function ageOf(capture: NonNullable<View['capture']>, now: number): number | null {
  if (capture.at > capture.receivedAt + CLOCK_TOLERANCE_MS || capture.at > now + CLOCK_TOLERANCE_MS) return null
  return Math.max(0, now - capture.at)
}

/** Of several presets, the state that asks for the most attention; a camera without presets shows nothing. */
export function worstOf(states: readonly Freshness[]): Freshness {
  return FRESHNESS[Math.max(...states.map((state) => FRESHNESS.indexOf(state)))] ?? 'offline'
}

function isSilent({ presence, heardAt, intervalMs }: View, now: number): boolean {
  if (presence !== 'unknown') return presence === 'offline'
  return heardAt === null || now - heardAt > LATE_INTERVALS * intervalMs
}
