import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ageOf, CLOCK_TOLERANCE_MS, FRESHNESS, freshnessOf, type View, worstOf } from './freshness.ts'

const NOW = Date.parse('2026-11-22T12:00:00.000Z')
const INTERVAL_MS = 60_000

/** A view whose picture is `ageMs` old and arrived at once. */
const viewOfAge = (ageMs: number, change: Partial<View> = {}): View => ({
  intervalMs: INTERVAL_MS,
  capture: { at: NOW - ageMs, receivedAt: NOW - ageMs, clock: 'synchronised' },
  presence: 'online',
  heardAt: NOW,
  takenOff: null,
  ...change,
})

const anyView: fc.Arbitrary<View> = fc.record({
  intervalMs: fc.integer({ min: 10_000, max: 3_600_000 }),
  capture: fc.option(
    fc.record({
      at: fc.integer({ min: 0, max: 2 * NOW }),
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
    const capture = { at: NOW - 10 * INTERVAL_MS, receivedAt: NOW, clock: 'synchronised' } as const
    expect(freshnessOf(viewOfAge(0, { capture }), NOW)).toBe('stale')
  })

  it('never believes a capture time ahead of its arrival, not even once the wall clock has reached it', () => {
    const capture = { at: NOW + 10 * INTERVAL_MS, receivedAt: NOW, clock: 'synchronised' } as const
    for (const later of [0, 10 * INTERVAL_MS, 11 * INTERVAL_MS]) {
      expect(freshnessOf(viewOfAge(0, { capture }), NOW + later)).toBe('stale')
      expect(ageOf(capture, NOW + later)).toBeNull()
    }
  })

  it('takes a clock that is ahead by a round trip for what it is, with an age of zero', () => {
    const capture = { at: NOW + CLOCK_TOLERANCE_MS, receivedAt: NOW, clock: 'synchronised' } as const
    expect(freshnessOf(viewOfAge(0, { capture }), NOW)).toBe('fresh')
    expect(ageOf(capture, NOW)).toBe(0)
  })

  it('calls a picture of 1970 stale', () => {
    const capture = { at: 40_000, receivedAt: NOW, clock: 'unknown' } as const
    expect(freshnessOf(viewOfAge(0, { capture }), NOW)).toBe('stale')
  })

  it('is late at best when nobody has confirmed the clock', () => {
    const capture = { at: NOW, receivedAt: NOW, clock: 'unknown' } as const
    expect(freshnessOf(viewOfAge(0, { capture }), NOW)).toBe('late')
  })

  it('is offline when the unit is, however young the picture', () => {
    expect(freshnessOf(viewOfAge(0, { presence: 'offline' }), NOW)).toBe('offline')
  })

  it('is offline when there never was a picture', () => {
    expect(freshnessOf(viewOfAge(0, { capture: null }), NOW)).toBe('offline')
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
        const { capture, intervalMs } = view
        expect(capture).not.toBeNull()
        if (capture === null) return
        expect(NOW - capture.at).toBeLessThan(1.5 * intervalMs)
        expect(capture.at).toBeLessThanOrEqual(capture.receivedAt + CLOCK_TOLERANCE_MS)
        expect(capture.clock).not.toBe('unknown')
        expect(view.presence).not.toBe('offline')
        expect(view.takenOff).toBeNull()
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
