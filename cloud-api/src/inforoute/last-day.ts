import type { PastFrame } from './webcam.ts'

/** One hour of the last day, with the frame that shows it best; null when there is none. */
export type Hour = { at: number; frame: PastFrame | null }

const HOUR_MS = 3600_000
const HOURS = 24

/**
 * The last 24 full hours, the newest first, each with the frame that was seen nearest to it, at most half an hour away: a
 * frame stands for the time from its capture until it was last seen unchanged. An hour without a frame stays, empty: a gap is seen. What lies before the first frame of all is no gap.
 */
export function lastDay(frames: readonly PastFrame[], now: number): Hour[] {
  const newest = Math.floor(now / HOUR_MS) * HOUR_MS
  const nearest = new Map<number, { frame: PastFrame; distanceMs: number }>()
  for (const frame of frames) {
    const [from, to] = [Date.parse(frame.capturedAt), Date.parse(frame.seenAt)]
    for (let at = hourNear(from); at <= hourNear(to); at += HOUR_MS) {
      const distanceMs = Math.max(from - at, at - to, 0)
      if (distanceMs < (nearest.get(at)?.distanceMs ?? Number.POSITIVE_INFINITY)) nearest.set(at, { frame, distanceMs })
    }
  }
  const first = Math.min(...nearest.keys())
  return Array.from({ length: HOURS }, (_, index) => newest - index * HOUR_MS)
    .filter((at) => at >= first)
    .map((at) => ({ at, frame: nearest.get(at)?.frame ?? null }))
}

const hourNear = (at: number): number => Math.round(at / HOUR_MS) * HOUR_MS
