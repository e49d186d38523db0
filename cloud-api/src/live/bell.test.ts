import { expect, test } from 'vitest'
import { createBell } from './bell.ts'

const NEVER_MS = 60_000
const { signal } = new AbortController()

test('wakes whoever waits, and keeps one ring for who comes later', async () => {
  const bell = createBell()
  const waiting = bell.wait(NEVER_MS, signal)
  bell.ring()
  await waiting
  bell.ring()
  bell.ring()
  await bell.wait(NEVER_MS, signal)
  const next = bell.wait(1, signal).then(() => 'time was up')
  expect(await next).toBe('time was up')
})

test('stops waiting when it is told to', async () => {
  const bell = createBell()
  const stop = new AbortController()
  const waiting = bell.wait(NEVER_MS, stop.signal)
  stop.abort()
  await waiting
  await bell.wait(NEVER_MS, stop.signal)
})
