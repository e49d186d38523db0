import type { PastFrame } from './webcam.ts'

/** One hour of the last day, with the frame that shows it best; null when there is none. */
export type Hour = { at: number; frame: PastFrame | null }

const HOUR_MS = 3600_000
const HOURS = 24

/**
 * The last 24 full hours, the newest first, each with the frame nearest to it, at most half an hour away. An hour
 * without a frame stays, empty: a gap is seen. What lies before the first frame of all is no gap.
 */
export function lastDay(frames: readonly PastFrame[], now: number): Hour[] {
  const newest = Math.floor(now / HOUR_MS) * HOUR_MS
  const nearest = new Map<number, { frame: PastFrame; distanceMs: number }>()
  for (const frame of frames) {
    const capturedAt = Date.parse(frame.capturedAt)
    const at = Math.round(capturedAt / HOUR_MS) * HOUR_MS
    const distanceMs = Math.abs(capturedAt - at)
    if (distanceMs < (nearest.get(at)?.distanceMs ?? Number.POSITIVE_INFINITY)) nearest.set(at, { frame, distanceMs })
  }
  const first = Math.min(...nearest.keys())
  return Array.from({ length: HOURS }, (_, index) => newest - index * HOUR_MS)
    .filter((at) => at >= first)
    .map((at) => ({ at, frame: nearest.get(at)?.frame ?? null }))
}
