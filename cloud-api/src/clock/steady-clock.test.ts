import { describe, expect, test } from 'vitest'
import { createSteadyClock } from './steady-clock.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const NOON = Date.parse('2026-11-22T12:00:00.000Z')

function trial(notBefore: number | null = null, start = NOON) {
  const time = { wall: start, ms: 1_000 }
  const steady = createSteadyClock({ now: () => time.wall, monotonicMs: () => time.ms }, notBefore)
  return {
    steady,
    pass: (ms: number) => {
      time.wall += ms
      time.ms += ms
    },
    jump: (ms: number) => {
      time.wall += ms
    },
  }
}

describe('the time of the cloud', () => {
  test('is the wall clock, with its small corrections, and with the hour that a paused machine lost', () => {
    const { steady, pass, jump } = trial()
    pass(HOUR_MS)
    jump(-2_000)
    expect(steady.now()).toBe(NOON + HOUR_MS - 2_000)
    jump(50 * MINUTE_MS)
    expect(steady.now()).toBe(NOON + HOUR_MS - 2_000 + 50 * MINUTE_MS)
    expect(steady.doubt()).toBeNull()
  })

  test('does not follow a jump of a month ahead, nor of an hour back, and is right again with the wall clock', () => {
    for (const jumpMs of [30 * 24 * HOUR_MS, -HOUR_MS]) {
      const { steady, pass, jump } = trial()
      pass(MINUTE_MS)
      expect(steady.now()).toBe(NOON + MINUTE_MS)
      jump(jumpMs)
      expect(steady.now()).toBe(NOON + MINUTE_MS)
      pass(30 * MINUTE_MS)
      expect(steady.now()).toBe(NOON + 31 * MINUTE_MS)
      expect(steady.doubt()).toEqual({ since: NOON + MINUTE_MS, aheadMs: jumpMs })
      expect(steady.earliest()).toBe(NOON + 31 * MINUTE_MS + Math.min(0, jumpMs))
      jump(-jumpMs + 1_500)
      expect(steady.doubt()).toBeNull()
      expect(steady.now()).toBe(NOON + 31 * MINUTE_MS + 1_500)
    }
  })

  test('follows in the end a jump that nobody took back, ahead later than back', () => {
    const ahead = trial()
    ahead.jump(5 * HOUR_MS)
    for (let minutes = 0; minutes < 359; minutes += 1) {
      expect(ahead.steady.doubt()).not.toBeNull()
      ahead.pass(MINUTE_MS)
    }
    ahead.pass(MINUTE_MS)
    expect(ahead.steady.now()).toBe(NOON + 11 * HOUR_MS)
    const back = trial()
    back.jump(-2 * HOUR_MS)
    expect(back.steady.now()).toBe(NOON)
    back.pass(HOUR_MS)
    expect(back.steady.now()).toBe(NOON - HOUR_MS)
    expect(back.steady.doubt()).toBeNull()
  })

  test('waits anew for a clock that jumps again', () => {
    const { steady, pass, jump } = trial()
    jump(48 * HOUR_MS)
    expect(steady.now()).toBe(NOON)
    pass(5 * HOUR_MS)
    jump(24 * HOUR_MS)
    expect(steady.now()).toBe(NOON + 5 * HOUR_MS)
    pass(5 * HOUR_MS)
    expect(steady.now()).toBe(NOON + 10 * HOUR_MS)
    expect(steady.doubt()?.since).toBe(NOON)
    pass(HOUR_MS)
    expect(steady.now()).toBe(NOON + (72 + 11) * HOUR_MS)
  })

  test('does not begin before what was stored: the machine has lost its clock', () => {
    const { steady, pass, jump } = trial(NOON, NOON - 365 * 24 * HOUR_MS)
    expect(steady.now()).toBe(NOON - 5 * MINUTE_MS)
    expect(steady.doubt()?.aheadMs).toBe(-365 * 24 * HOUR_MS + 5 * MINUTE_MS)
    pass(MINUTE_MS)
    jump(365 * 24 * HOUR_MS)
    expect(steady.now()).toBe(NOON + MINUTE_MS)
    expect(steady.doubt()).toBeNull()
  })
})
