import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ageOf,
  CLOCK_TOLERANCE_MS,
  FRESHNESS,
  freshnessOf,
  judgedIntervalOf,
  PLANNED_AT_LEAST_MS,
  PLANNED_AT_MOST_MS,
  staleFrom,
  type View,
  worstOf,
} from './freshness.ts'

const NOW = Date.parse('2026-11-22T12:00:00.000Z')
const INTERVAL_MS = 60_000

/** A view that was seen `ageMs` ago, and whose unit said so at once. */
const viewOfAge = (ageMs: number, change: Partial<View> = {}): View => ({
  intervalMs: INTERVAL_MS,
  plannedMs: null,
  seen: { at: NOW - ageMs, receivedAt: NOW - ageMs, clock: 'synchronised' },
  presence: 'online',
  heardAt: NOW,
  takenOff: null,
  ...change,
})

const anyView: fc.Arbitrary<View> = fc.record({
  intervalMs: fc.integer({ min: 1_000, max: 3_600_000 }),
  plannedMs: fc.option(fc.integer({ min: 1_000, max: 3_600_000 })),
  seen: fc.option(
    fc.record({
      // Half of them around now, where freshness changes.
      at: fc.oneof(fc.integer({ min: 0, max: 2 * NOW }), fc.integer({ min: NOW - 7_200_000, max: NOW + 60_000 })),
      receivedAt: fc.integer({ min: NOW - 86_400_000, max: NOW }),
      clock: fc.constantFrom('synchronised', 'estimated', 'unknown'),
    }),
  ),
  presence: fc.constantFrom('online', 'offline', 'unknown'),
  heardAt: fc.option(fc.integer({ min: NOW - 86_400_000, max: NOW })),
  takenOff: fc.constantFrom(null, null, null, 'maintenance', 'withdrawn'),
})

describe('the freshness of a picture', () => {
  it.each([
    [0, 'fresh'],
    [1.5 * INTERVAL_MS - 1, 'fresh'],
    [1.5 * INTERVAL_MS, 'late'],
    [3 * INTERVAL_MS, 'late'],
    [3 * INTERVAL_MS + 1, 'stale'],
    [400 * 86_400_000, 'stale'],
  ] as const)('at %i ms of age is %s', (ageMs, expected) => {
    expect(freshnessOf(viewOfAge(ageMs), NOW)).toBe(expected)
  })

  it('goes by the capture, not by the arrival: what waited in an outbox is as old as it is', () => {
    const seen = { at: NOW - 10 * INTERVAL_MS, receivedAt: NOW, clock: 'synchronised' } as const
    expect(freshnessOf(viewOfAge(0, { seen }), NOW)).toBe('stale')
  })

  it('never believes a capture time ahead of its arrival, not even once the wall clock has reached it', () => {
    const seen = { at: NOW + 10 * INTERVAL_MS, receivedAt: NOW, clock: 'synchronised' } as const
    for (const later of [0, 10 * INTERVAL_MS, 11 * INTERVAL_MS]) {
      expect(freshnessOf(viewOfAge(0, { seen }), NOW + later)).toBe('stale')
      expect(ageOf(seen, NOW + later)).toBeNull()
    }
  })

  it('takes a clock that is ahead by a round trip for what it is, with an age of zero', () => {
    const seen = { at: NOW + CLOCK_TOLERANCE_MS, receivedAt: NOW, clock: 'synchronised' } as const
    expect(freshnessOf(viewOfAge(0, { seen }), NOW)).toBe('fresh')
    expect(ageOf(seen, NOW)).toBe(0)
  })

  it('calls a picture of 1970 stale', () => {
    const seen = { at: 40_000, receivedAt: NOW, clock: 'unknown' } as const
    expect(freshnessOf(viewOfAge(0, { seen }), NOW)).toBe('stale')
  })

  it('is late at best when nobody has confirmed the clock', () => {
    const seen = { at: NOW, receivedAt: NOW, clock: 'unknown' } as const
    expect(freshnessOf(viewOfAge(0, { seen }), NOW)).toBe('late')
  })

  it('is offline when the unit is, however young the picture', () => {
    expect(freshnessOf(viewOfAge(0, { presence: 'offline' }), NOW)).toBe('offline')
  })

  it('is offline when there never was a picture', () => {
    expect(freshnessOf(viewOfAge(0, { seen: null }), NOW)).toBe('offline')
  })

  it('takes a unit without birth for silent after three intervals without a word', () => {
    const silentFor = (ms: number) => freshnessOf(viewOfAge(0, { presence: 'unknown', heardAt: NOW - ms }), NOW)
    expect(silentFor(3 * INTERVAL_MS)).toBe('fresh')
    expect(silentFor(3 * INTERVAL_MS + 1)).toBe('offline')
    expect(freshnessOf(viewOfAge(0, { presence: 'unknown', heardAt: null }), NOW)).toBe('offline')
  })

  it('obeys the person who took a webcam off, before all that is measured', () => {
    expect(freshnessOf(viewOfAge(0, { presence: 'offline', takenOff: 'withdrawn' }), NOW)).toBe('withdrawn')
    expect(freshnessOf(viewOfAge(0, { takenOff: 'maintenance' }), NOW)).toBe('maintenance')
  })

  it('is fresh only for a young picture of a unit that speaks, by a clock that was confirmed (property)', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        if (freshnessOf(view, NOW) !== 'fresh') return
        const { seen, intervalMs, plannedMs } = view
        expect(seen).not.toBeNull()
        if (seen === null) return
        const least = Math.min(intervalMs, PLANNED_AT_LEAST_MS)
        expect(NOW - seen.at).toBeLessThan(1.5 * Math.max(least, plannedMs ?? intervalMs))
        expect(NOW - seen.at).toBeLessThan(1.5 * Math.max(intervalMs, PLANNED_AT_MOST_MS))
        expect(seen.at).toBeLessThanOrEqual(seen.receivedAt + CLOCK_TOLERANCE_MS)
        expect(seen.clock).not.toBe('unknown')
        expect(view.presence).not.toBe('offline')
        expect(view.takenOff).toBeNull()
      }),
    )
  })

  it('goes by the interval that was planned when the view was last seen, at night as when it is watched closely', () => {
    const seenAgo = (ageMs: number, plannedMs: number) => freshnessOf(viewOfAge(ageMs, { plannedMs }), NOW)
    expect(seenAgo(10 * INTERVAL_MS, 10 * INTERVAL_MS)).toBe('fresh')
    expect(seenAgo(40_000, 30_000)).toBe('fresh')
    expect(seenAgo(60_000, 30_000)).toBe('late')
    expect(seenAgo(91_000, 30_000)).toBe('stale')
  })

  it('bounds what a unit plans: seconds do not make a road old at once, an hour does not make it live for longer', () => {
    const seenAgo = (ageMs: number, plannedMs: number) => freshnessOf(viewOfAge(ageMs, { plannedMs }), NOW)
    expect(seenAgo(44_000, 5_000)).toBe('fresh')
    expect(seenAgo(44 * 60_000, 3_600_000)).toBe('fresh')
    expect(seenAgo(45 * 60_000, 3_600_000)).toBe('late')
    expect(seenAgo(91 * 60_000, 3_600_000)).toBe('stale')
  })

  it('keeps to what people wrote into the site document, also beyond those bounds', () => {
    for (const intervalMs of [2_000, 3_600_000]) {
      expect(judgedIntervalOf({ intervalMs, plannedMs: null })).toBe(intervalMs)
      expect(judgedIntervalOf({ intervalMs, plannedMs: intervalMs })).toBe(intervalMs)
    }
  })

  it('never gets worse by a further look that found the view unchanged, told at once by the same clock (property)', () => {
    fc.assert(
      fc.property(anyView, fc.integer({ min: 0, max: 86_400_000 }), (view, agoMs) => {
        const { seen } = view
        if (seen === null || ageOf(seen, NOW) === null) return
        const later = { ...seen, at: Math.max(seen.at, NOW - agoMs), receivedAt: NOW }
        const rank = (one: View) => FRESHNESS.indexOf(freshnessOf(one, NOW))
        expect(rank({ ...view, seen: later })).toBeLessThanOrEqual(rank(view))
      }),
    )
  })

  it('never gets worse by a longer plan, nor better by a shorter one (property)', () => {
    const planned = fc.integer({ min: 1_000, max: 3_600_000 })
    fc.assert(
      fc.property(anyView, planned, planned, (view, one, other) => {
        const rank = (plannedMs: number) => FRESHNESS.indexOf(freshnessOf({ ...view, plannedMs }, NOW))
        expect(rank(Math.max(one, other))).toBeLessThanOrEqual(rank(Math.min(one, other)))
      }),
    )
  })

  it('is stale from the moment that was foretold, not before and not later (property)', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const there = { ...view, presence: 'online', takenOff: null } as const
        const from = staleFrom(there, NOW)
        if (from === null) return
        expect(freshnessOf(there, from)).not.toBe('stale')
        expect(freshnessOf(there, from + 1)).toBe('stale')
      }),
    )
  })

  it('never gets better with time alone (property)', () => {
    fc.assert(
      fc.property(anyView, fc.integer({ min: 0, max: 86_400_000 }), (view, laterMs) => {
        const rank = (now: number) => FRESHNESS.indexOf(freshnessOf(view, now))
        expect(rank(NOW + laterMs)).toBeGreaterThanOrEqual(rank(NOW))
      }),
    )
  })
})

describe('the freshness of a camera', () => {
  it('is that of its worst preset', () => {
    expect(worstOf(['fresh', 'stale', 'late'])).toBe('stale')
    expect(worstOf(['fresh'])).toBe('fresh')
    expect(worstOf([])).toBe('offline')
  })
})
