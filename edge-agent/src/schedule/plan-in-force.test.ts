import { describe, expect, test } from 'vitest'
import { planInForce } from './plan-in-force.ts'

const place = { latitude: 44.2975, longitude: 6.5936 }
const schedule = {
  intervalS: 60,
  nightIntervalS: 300,
  winter: { from: '11-15', until: '03-15', intervalS: 30, nightIntervalS: 120 },
}
const calm = { place, isWatched: false, isThrifty: false }
const at = (text: string) => ({ ...calm, nowMs: Date.parse(text) })

describe('planInForce', () => {
  test.each([
    ['2026-07-14T12:00:00Z', 'day', 60],
    ['2026-07-14T23:00:00Z', 'night', 300],
    ['2026-11-14T12:00:00Z', 'day', 60],
    ['2026-11-15T12:00:00Z', 'winter-day', 30],
    ['2026-12-31T23:00:00Z', 'winter-night', 120],
    ['2027-01-01T01:00:00Z', 'winter-night', 120],
    ['2027-02-29T12:00:00Z', 'winter-day', 30],
    ['2027-03-15T12:00:00Z', 'winter-day', 30],
    ['2027-03-16T12:00:00Z', 'day', 60],
  ])('at %s it is %s', (when, name, intervalS) => {
    expect(planInForce(schedule, at(when))).toEqual({ name, intervalS })
  })

  test('a season within one year ends and begins in it', () => {
    const summer = { intervalS: 60, winter: { from: '04-01', until: '09-30', intervalS: 20 } }
    expect(planInForce(summer, at('2026-04-01T12:00:00Z')).intervalS).toBe(20)
    expect(planInForce(summer, at('2026-10-01T12:00:00Z')).intervalS).toBe(60)
    expect(planInForce(summer, at('2026-07-14T23:00:00Z'))).toEqual({ name: 'winter-night', intervalS: 20 })
  })

  test('a document without night or winter is day for ever', () => {
    for (const when of ['2026-12-31T23:00:00Z', '2026-07-14T12:00:00Z']) {
      expect(planInForce({ intervalS: 60 }, at(when)).intervalS).toBe(60)
    }
  })

  test('a clock that cannot be believed means day, whatever it shows', () => {
    expect(planInForce(schedule, { ...calm, nowMs: null })).toEqual({ name: 'day', intervalS: 60 })
  })

  test('to watch closely comes before being thrifty, and is never rarer than what held', () => {
    const night = { ...at('2026-07-14T23:00:00Z'), isThrifty: true }
    expect(planInForce(schedule, { ...night, isWatched: true })).toEqual({ name: 'watched', intervalS: 15 })
    expect(planInForce({ ...schedule, watchedIntervalS: 20 }, { ...night, isWatched: true }).intervalS).toBe(20)
    expect(planInForce({ intervalS: 5 }, { ...night, isWatched: true }).intervalS).toBe(5)
  })

  test('to be thrifty is never more often than what held, and never rarer than once an hour', () => {
    const thrifty = { ...at('2026-07-14T12:00:00Z'), isThrifty: true }
    expect(planInForce(schedule, thrifty)).toEqual({ name: 'thrifty', intervalS: 300 })
    expect(planInForce({ ...schedule, thriftyIntervalS: 30 }, thrifty).intervalS).toBe(60)
    expect(planInForce({ intervalS: 1800 }, thrifty).intervalS).toBe(3600)
  })
})
