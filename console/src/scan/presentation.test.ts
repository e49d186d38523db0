import { expect, test } from 'vitest'
import { createPresentations } from './presentation.ts'

test('a code that is held in front of the camera is shown once, also when a look misses it', () => {
  let now = 0
  const presentations = createPresentations(() => now)
  expect(presentations.next(['A', 'A'])).toBe('A')
  for (now = 100; now < 10_000; now += 1_000) {
    expect(presentations.next(now % 2_000 === 100 ? [] : ['A'])).toBe(null)
  }
})

test('L09: shown again after it was away, it is asked about again', () => {
  let now = 0
  const presentations = createPresentations(() => now)
  presentations.next(['A'])
  for (now = 100; now < 2_700; now += 100) presentations.next([])
  expect(presentations.next(['A'])).toBe('A')
})

test('L09: a phone that had no time to look takes a code that is still there for the same presentation', () => {
  let now = 0
  const presentations = createPresentations(() => now)
  presentations.next(['A'])
  now = 5_000
  expect(presentations.next(['A'])).toBe(null)
})

test('two tickets side by side are asked about one after the other, and none is lost while an answer is awaited', () => {
  const presentations = createPresentations(() => 0)
  expect(presentations.next(['A', 'B'])).toBe('A')
  expect(presentations.next(['A', 'B'], true)).toBe(null)
  expect(presentations.next(['A', 'B'])).toBe('B')
})
