import { describe, expect, test } from 'vitest'
import { NOW, presetOf } from '../wall.fixture.ts'
import { beginningOf, type Frames, frameByKey, nearestFrame, runsOf, withNewest } from './frames.ts'

const MINUTE_MS = 60_000
const frameAt = (at: number) => {
  const { picture } = presetOf('fresh')
  if (picture === null) throw new Error('the preset has a picture')
  return {
    id: `f${at}`,
    preset: 'amont',
    capturedAt: new Date(at).toISOString(),
    clock: 'synchronised' as const,
    seenAt: new Date(at).toISOString(),
    intervalSeconds: null,
    doubts: [],
    picture,
  }
}
/** A frame a minute for the last two hours, but for a hole of half an hour. */
const frames: Frames = Array.from({ length: 120 }, (_, index) => NOW - (120 - index) * MINUTE_MS)
  .filter((at) => at < NOW - 60 * MINUTE_MS || at > NOW - 30 * MINUTE_MS)
  .map(frameAt)

describe('the last day', () => {
  test('takes the newest picture in, once', () => {
    const preset = presetOf('fresh', { capturedAt: new Date(NOW).toISOString() })
    const more = withNewest(frames, preset, NOW)
    expect(more).toHaveLength(frames.length + 1)
    expect(withNewest(more, preset, NOW)).toBe(more)
  })

  test('takes in that its newest picture was seen unchanged, without another picture', () => {
    const seenAt = (minutes: number) => new Date(NOW + minutes * MINUTE_MS).toISOString()
    const preset = presetOf('fresh', { capturedAt: seenAt(0) })
    const once = withNewest(frames, preset, NOW)
    const later = withNewest(once, { ...preset, seenAt: seenAt(5) }, NOW + 5 * MINUTE_MS)
    expect([later.length, later.at(-1)?.seenAt]).toEqual([once.length, seenAt(5)])
    expect(withNewest(later, { ...preset, seenAt: seenAt(3) }, NOW + 5 * MINUTE_MS)).toBe(later)
  })

  test('lets go of what is older than a day', () => {
    const later = NOW + 23 * 3600_000
    expect(withNewest(frames, presetOf('offline', { picture: null }), later).length).toBeLessThan(frames.length)
  })

  test('shows where nobody saw anything', () => {
    const runs = runsOf(frames, MINUTE_MS)
    expect(runs).toHaveLength(2)
    expect(runs.map(({ from, to }) => (to - from) / MINUTE_MS)).toEqual([59, 28])
  })
})

describe('where nobody saw anything', () => {
  test('is not where the view was seen unchanged, nor where a picture was due only later', () => {
    const at = (minutes: number, over: { until?: number; intervalSeconds?: number } = {}) => ({
      ...frameAt(NOW + minutes * MINUTE_MS),
      seenAt: new Date(NOW + (over.until ?? minutes) * MINUTE_MS).toISOString(),
      intervalSeconds: over.intervalSeconds ?? null,
    })
    const run = (...of: ReturnType<typeof at>[]) =>
      runsOf(of, MINUTE_MS).map(({ from, to }) => [(from - NOW) / MINUTE_MS, (to - NOW) / MINUTE_MS])
    expect(run(at(0, { until: 14 }), at(15, { until: 20 }))).toEqual([[0, 20]])
    expect(run(at(0, { intervalSeconds: 600 }), at(10), at(11))).toEqual([[0, 11]])
    expect(run(at(0), at(10))).toEqual([
      [0, 0],
      [10, 10],
    ])
  })
})

describe('the track', () => {
  test('begins a day ago, or with the first picture of a young site, and is never shorter than an hour', () => {
    expect(NOW - beginningOf(frames, NOW)).toBe(120 * MINUTE_MS)
    expect(NOW - beginningOf([], NOW)).toBe(60 * MINUTE_MS)
    expect(NOW - beginningOf([frameAt(NOW - 30 * 3600_000), ...frames], NOW)).toBe(24 * 3600_000)
  })
})

describe('the hand on the last day', () => {
  const last = frames.length - 1

  test('goes to the frame nearest to where it is put', () => {
    expect(nearestFrame(frames, NOW + 5_000)).toBe(last)
    expect(nearestFrame(frames, 0)).toBe(0)
    expect(nearestFrame([], NOW)).toBe(-1)
  })

  test('goes by one frame with the arrows, by an hour with the pages, to the ends, and no further', () => {
    expect(frameByKey(frames, last, 'ArrowLeft')).toBe(last - 1)
    expect(frameByKey(frames, last, 'ArrowRight')).toBe(last)
    expect(frameByKey(frames, last, 'Home')).toBe(0)
    expect(frameByKey(frames, 0, 'End')).toBe(last)
    expect(frameByKey(frames, 0, 'PageUp')).toBe(59)
    expect(frameByKey(frames, 59, 'PageDown')).toBe(0)
    expect(frameByKey(frames, 0, 'Enter')).toBeNull()
    expect(frameByKey([], -1, 'Home')).toBeNull()
  })
})
