import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { civilDayOfDate, civilTimeOf, dateOfCivilDay, minutesOf, momentOf, weekdayOf } from './civil-time.ts'

const at = (utc: string) => civilTimeOf(Date.parse(utc))
const on = (date: string, time: string) => ({ day: civilDayOfDate(date), minutes: minutesOf(time) })

describe('civil time in Paris', () => {
  test.each([
    ['2020-01-01T00:00:00Z', '2020-01-01', '01:00'],
    ['2026-01-15T22:59:59Z', '2026-01-15', '23:59'],
    ['2026-01-15T23:00:00Z', '2026-01-16', '00:00'],
    ['2026-07-14T21:59:59Z', '2026-07-14', '23:59'],
    ['2026-07-14T22:00:00Z', '2026-07-15', '00:00'],
    ['2026-03-29T00:59:00Z', '2026-03-29', '01:59'],
    ['2026-03-29T01:00:00Z', '2026-03-29', '03:00'],
    ['2026-10-25T00:59:00Z', '2026-10-25', '02:59'],
    ['2026-10-25T01:00:00Z', '2026-10-25', '02:00'],
  ])('T11: %s is %s at %s', (utc, date, time) => {
    expect(at(utc)).toEqual(on(date, time))
  })

  test('T11: gives the moment of a time on the wall back, in both seasons', () => {
    const days = fc.integer({ min: 0, max: 20_000 })
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 1439 }), (day, minutes) => {
        const time = civilTimeOf(momentOf({ day, minutes }))
        // An hour that the spring leaves out comes back one later.
        if (time.minutes !== minutes) expect(time).toEqual({ day, minutes: minutes + 60 })
        else expect(time).toEqual({ day, minutes })
      }),
      { numRuns: 500 },
    )
  })

  test('takes the hour that the spring leaves out as one later, and of two in autumn the first', () => {
    expect(new Date(momentOf(on('2026-03-29', '02:30'))).toISOString()).toBe('2026-03-29T01:30:00.000Z')
    expect(new Date(momentOf(on('2026-10-25', '02:30'))).toISOString()).toBe('2026-10-25T00:30:00.000Z')
    expect(new Date(momentOf(on('2026-08-15', '24:00'))).toISOString()).toBe('2026-08-15T22:00:00.000Z')
  })

  test('T12: knows the weekday of a day, from Monday', () => {
    expect(
      ['2020-01-01', '2026-08-15', '2026-08-16', '2026-08-17'].map((date) => weekdayOf(civilDayOfDate(date))),
    ).toEqual([3, 6, 7, 1])
  })

  test('counts days from 2020-01-01, in two bytes until 2199', () => {
    expect(civilDayOfDate('2020-01-01')).toBe(0)
    expect(dateOfCivilDay(2418)).toBe('2026-08-15')
    expect(civilDayOfDate('2199-06-06')).toBeLessThanOrEqual(0xffff)
    expect(dateOfCivilDay(0xffff)).toBe('2199-06-06')
  })
})
