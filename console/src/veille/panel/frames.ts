import type { PastFrame, Preset } from '../../api/schemas.ts'

/** What the scrubber walks along: the frames of one view that are still public, in order of capture. */
export type Frames = readonly PastFrame[]

export const DAY_MS = 24 * 3600_000

export const timeOfFrame = (frame: PastFrame): number => Date.parse(frame.capturedAt)
/** Until when the camera was seen to show what the frame shows. */
export const endOfFrame = (frame: PastFrame): number => Math.max(timeOfFrame(frame), Date.parse(frame.seenAt))

/**
 * Takes the newest picture of the view in, once, and how long it was seen unchanged; what has left the last day goes.
 * The same frames come back when nothing is new.
 */
export function withNewest(frames: Frames, preset: Preset, now: number): Frames {
  const kept = frames.filter((frame) => timeOfFrame(frame) > now - DAY_MS)
  const last = kept.at(-1)
  const newest = frameOf(preset)
  if (newest === null || (last !== undefined && timeOfFrame(newest) < timeOfFrame(last))) return sameOr(frames, kept)
  if (last === undefined || timeOfFrame(newest) > timeOfFrame(last)) return [...kept, newest]
  return endOfFrame(newest) > endOfFrame(last) ? [...kept.slice(0, -1), newest] : sameOr(frames, kept)
}

const sameOr = (frames: Frames, kept: Frames): Frames => (kept.length === frames.length ? frames : kept)

/** The picture that a view shows now, as its history lists it. */
function frameOf({ id, capturedAt, clock, seenAt, intervalSeconds, doubts, picture }: Preset): PastFrame | null {
  if (capturedAt === null || picture === null) return null
  // The full picture's address names the frame: /api/v1/pictures/<frame>/full.jpg.
  const frame = picture.full.split('/').at(-2) ?? picture.full
  return {
    id: frame,
    preset: id,
    capturedAt,
    clock: clock ?? 'unknown',
    seenAt: seenAt ?? capturedAt,
    intervalSeconds,
    doubts,
    picture,
  }
}

/** The index of the frame that was seen nearest to a moment; -1 when there is none. */
export function nearestFrame(frames: Frames, at: number): number {
  let nearest = -1
  let distance = Number.POSITIVE_INFINITY
  for (const [index, frame] of frames.entries()) {
    const away = Math.max(timeOfFrame(frame) - at, at - endOfFrame(frame), 0)
    if (away >= distance) continue
    nearest = index
    distance = away
  }
  return nearest
}

/** A track of less would move under the hand at each new picture. */
const SHORTEST_MS = 3600_000

/** Where the track begins: a day ago, or with the first picture of a site that is younger than that. */
export function beginningOf(frames: Frames, now: number): number {
  const [first] = frames
  const from = first === undefined ? now : timeOfFrame(first)
  return Math.min(now - SHORTEST_MS, Math.max(now - DAY_MS, from))
}

/** A stretch of time without a hole: from the first capture to the last sight. */
export type Run = { from: number; to: number }

/** A look may be missed now and then; more than this many intervals without one is a hole. */
const HOLE_INTERVALS = 3

/**
 * Where the view was seen: what is left open between two runs is what nobody saw. Each frame says what was planned after
 * it, and `intervalMs` stands where it does not.
 */
export function runsOf(frames: Frames, intervalMs: number): Run[] {
  const runs: Run[] = []
  let plannedMs = intervalMs
  for (const frame of frames) {
    const last = runs.at(-1)
    if (last !== undefined && timeOfFrame(frame) - last.to <= HOLE_INTERVALS * plannedMs) last.to = endOfFrame(frame)
    else runs.push({ from: timeOfFrame(frame), to: endOfFrame(frame) })
    plannedMs = frame.intervalSeconds === null ? intervalMs : frame.intervalSeconds * 1000
  }
  return runs
}

/** Where a key of the keyboard leads from a frame; null: the key means nothing here. */
export function frameByKey(frames: Frames, index: number, key: string): number | null {
  const within = (next: number) => Math.min(frames.length - 1, Math.max(0, next))
  const frame = frames[index]
  if (frame === undefined) return null
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return within(index - 1)
    case 'ArrowRight':
    case 'ArrowUp':
      return within(index + 1)
    case 'PageDown':
      return Math.min(within(index - 1), nearestFrame(frames, timeOfFrame(frame) - 3600_000))
    case 'PageUp':
      return Math.max(within(index + 1), nearestFrame(frames, timeOfFrame(frame) + 3600_000))
    case 'Home':
      return 0
    case 'End':
      return frames.length - 1
    default:
      return null
  }
}
