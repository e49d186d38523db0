import { expect, test } from 'vitest'
import { lastDay } from './last-day.ts'
import { NOW } from './webcam.fixture.ts'
import type { PastFrame } from './webcam.ts'

const frame = (capturedAt: string): PastFrame => ({
  preset: 'amont',
  capturedAt,
  picture: { full: capturedAt, w640: '', w320: '', widthPx: 1280, heightPx: 720 },
})

test('each of the last 24 hours has the frame nearest to it, the newest first', () => {
  const hours = lastDay(
    ['2026-11-21T12:02:00Z', '2026-11-21T12:58:00Z', '2026-11-21T13:01:00Z', '2026-11-21T13:04:00Z'].map(frame),
    NOW,
  )
  expect(hours[0]?.frame?.capturedAt).toBe('2026-11-21T13:01:00Z')
  expect(hours[1]?.frame?.capturedAt).toBe('2026-11-21T12:02:00Z')
})

test('an hour without a frame stays, empty; what lies before the first frame is left out', () => {
  const hours = lastDay(['2026-11-21T08:01:00Z', '2026-11-21T12:02:00Z'].map(frame), NOW)
  expect(hours.map(({ frame: found }) => found !== null)).toEqual([false, true, false, false, false, true])
  expect(lastDay([], NOW)).toEqual([])
})

test('a whole day has 24 hours', () => {
  const day = Array.from({ length: 300 }, (_, index) => new Date(NOW - index * 300_000).toISOString())
  expect(lastDay(day.map(frame), NOW)).toHaveLength(24)
})
