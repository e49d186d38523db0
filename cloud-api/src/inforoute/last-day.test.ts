import { expect, test } from 'vitest'
import { lastDay } from './last-day.ts'
import { NOW } from './webcam.fixture.ts'
import type { PastFrame } from './webcam.ts'

const frame = (capturedAt: string, seenAt = capturedAt): PastFrame => ({
  preset: 'amont',
  capturedAt,
  seenAt,
  picture: { full: capturedAt, w640: '', w320: '', widthPx: 1280, heightPx: 720 },
})

test('each of the last 24 hours has the frame nearest to it, the newest first', () => {
  const hours = lastDay(
    ['2026-11-21T12:02:00Z', '2026-11-21T12:58:00Z', '2026-11-21T13:01:00Z', '2026-11-21T13:04:00Z'].map((at) =>
      frame(at),
    ),
    NOW,
  )
  expect(hours[0]?.frame?.capturedAt).toBe('2026-11-21T13:01:00Z')
  expect(hours[1]?.frame?.capturedAt).toBe('2026-11-21T12:02:00Z')
})

test('an hour without a frame stays, empty; what lies before the first frame is left out', () => {
  const hours = lastDay([frame('2026-11-21T08:01:00Z'), frame('2026-11-21T12:02:00Z')], NOW)
  expect(hours.map(({ frame: found }) => found !== null)).toEqual([false, true, false, false, false, true])
  expect(lastDay([], NOW)).toEqual([])
})

test('a whole day has 24 hours', () => {
  const day = Array.from({ length: 300 }, (_, index) => new Date(NOW - index * 300_000).toISOString())
  expect(
    lastDay(
      day.map((at) => frame(at)),
      NOW,
    ),
  ).toHaveLength(24)
})

test('a frame stands for the hours at which it was seen unchanged', () => {
  const [early, late] = [frame('2026-11-21T10:40:00Z', '2026-11-21T12:10:00Z'), frame('2026-11-21T12:20:00Z')]
  const hours = lastDay([early, late], NOW)
  expect(hours.map(({ frame: found }) => found)).toEqual([null, early, early])
  expect(lastDay([frame('2026-11-21T10:40:00Z', '2026-11-21T10:50:00Z')], NOW).at(-1)?.frame).not.toBeNull()
})
