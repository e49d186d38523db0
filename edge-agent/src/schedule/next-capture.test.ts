import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextCapture, onMonotonicClock, phaseOf } from './next-capture.ts'

const interval = fc.integer({ min: 10, max: 3600 }).map((seconds) => seconds * 1000)
const plan = interval.chain((intervalMs) =>
  fc.record({ intervalMs: fc.constant(intervalMs), phaseMs: fc.integer({ min: 0, max: intervalMs - 1 }) }),
)
const moment = fc.integer({ min: 0, max: 1_000_000_000 })
const duration = fc.integer({ min: 0, max: 20_000_000 })

describe('nextCapture', () => {
  test('gives only planned times', () => {
    fc.assert(
      fc.property(plan, moment, duration, (its, freeSinceMs, later) => {
        const { dueMs } = nextCapture(its, { lastDueMs: null, freeSinceMs }, freeSinceMs + later)
        expect((dueMs - its.phaseMs) % its.intervalMs).toBe(0)
      }),
    )
  })

  test('never gives a time twice, none while the view was busy, and none that is a whole interval late', () => {
    fc.assert(
      fc.property(plan, moment, duration, duration, ({ intervalMs, phaseMs }, start, busyMs, heldUpMs) => {
        const its = { intervalMs, phaseMs }
        const first = nextCapture(its, { lastDueMs: null, freeSinceMs: start }, start)
        const freeSinceMs = first.dueMs + busyMs
        const nowMs = freeSinceMs + heldUpMs
        const { dueMs, skipped } = nextCapture(its, { lastDueMs: first.dueMs, freeSinceMs }, nowMs)
        expect(dueMs).toBeGreaterThan(first.dueMs)
        expect(dueMs).toBeGreaterThanOrEqual(freeSinceMs)
        expect(dueMs).toBeGreaterThan(nowMs - intervalMs)
        expect(dueMs).toBeLessThan(Math.max(nowMs, freeSinceMs + 1) + intervalMs)
        // Every planned time is taken or counted as skipped: nothing drifts away unseen.
        expect(dueMs - first.dueMs).toBe((skipped + 1) * intervalMs)
      }),
    )
  })

  test('is not moved by how long captures take: after a million the plan is where it was', () => {
    fc.assert(
      fc.property(plan, fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 200 }), (its, durations) => {
        let lastDueMs = its.phaseMs
        let nowMs = lastDueMs
        for (const took of durations) {
          nowMs = lastDueMs + took
          const next = nextCapture(its, { lastDueMs, freeSinceMs: nowMs }, nowMs)
          lastDueMs = next.dueMs
          nowMs = Math.max(nowMs, lastDueMs)
        }
        expect((lastDueMs - its.phaseMs) % its.intervalMs).toBe(0)
      }),
    )
  })

  test('takes late what waited for another preset, once, and skips what its own slowness missed', () => {
    const its = { intervalMs: 60_000, phaseMs: 0 }
    expect(nextCapture(its, { lastDueMs: 0, freeSinceMs: 5_000 }, 61_000)).toEqual({ dueMs: 60_000, skipped: 0 })
    expect(nextCapture(its, { lastDueMs: 0, freeSinceMs: 5_000 }, 185_000)).toEqual({ dueMs: 180_000, skipped: 2 })
    expect(nextCapture(its, { lastDueMs: 0, freeSinceMs: 61_000 }, 61_000)).toEqual({ dueMs: 120_000, skipped: 1 })
  })

  test('keeps half an interval between two planned times when the wall clock is set', () => {
    fc.assert(
      fc.property(plan, fc.integer({ min: 0, max: 3_599_999 }), moment, (its, jump, lastDueMs) => {
        const moved = { ...its, phaseMs: (its.phaseMs + jump) % its.intervalMs }
        const { dueMs } = nextCapture(moved, { lastDueMs, freeSinceMs: lastDueMs }, lastDueMs)
        expect(dueMs - lastDueMs).toBeGreaterThanOrEqual(its.intervalMs / 2)
        expect(dueMs - lastDueMs).toBeLessThanOrEqual(1.5 * its.intervalMs)
      }),
    )
  })
})

describe('phaseOf', () => {
  test('is the same for a name each time, within the interval, and spreads 41 sites over the minute', () => {
    const phases = Array.from({ length: 41 }, (_, index) => phaseOf(`site-${index}/cam1/amont`, 60_000))
    expect(phaseOf('site-3/cam1/amont', 60_000)).toBe(phases[3])
    expect(phases.every((phase) => phase >= 0 && phase < 60_000)).toBe(true)
    const bySecond = phases.map((phase) =>
      phases.filter((other) => Math.floor(other / 1000) === Math.floor(phase / 1000)),
    )
    expect(Math.max(...bySecond.map((group) => group.length))).toBeLessThanOrEqual(4)
  })
})

describe('onMonotonicClock', () => {
  test('plans the same moments of wall time, whatever the monotonic clock shows', () => {
    fc.assert(
      fc.property(plan, fc.integer({ min: 0, max: 4_000_000_000_000 }), moment, (its, now, monotonicMs) => {
        const local = onMonotonicClock(its, { now: () => now, monotonicMs: () => monotonicMs })
        const due = nextCapture(local, { lastDueMs: null, freeSinceMs: monotonicMs }, monotonicMs).dueMs
        expect((now + (due - monotonicMs) - its.phaseMs) % its.intervalMs).toBe(0)
      }),
    )
  })
})
