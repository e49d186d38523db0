import { describe, expect, test } from 'vitest'
import { isNight, sunHeight } from './sun-height.ts'

const DIGNE = { latitude: 44.0925, longitude: 6.2356 }
const at = (text: string) => Date.parse(text)

describe('sunHeight', () => {
  /*
   * Noon by hand: 90° - latitude + declination. The declination is 23.44° at the solstices and 0 at the equinoxes; solar
   * noon at 6.24° east is 12:00 UTC - 25 min - the equation of time of the day.
   */
  test.each([
    ['summer solstice', '2026-06-21T11:37:00Z', 90 - DIGNE.latitude + 23.44],
    ['winter solstice', '2026-12-21T11:33:00Z', 90 - DIGNE.latitude - 23.44],
    ['March equinox', '2026-03-20T11:42:30Z', 90 - DIGNE.latitude],
  ])('is right at noon of the %s to a tenth of a degree', (_, when, height) => {
    expect(Math.abs(sunHeight(DIGNE, at(when)) - height)).toBeLessThan(0.1)
  })

  /** Almanac example: NREL's Solar Position Algorithm, table A5.1: zenith 50.11162° with refraction. */
  test('agrees with the example of the Solar Position Algorithm to a tenth of a degree', () => {
    const golden = { latitude: 39.742476, longitude: -105.1786 }
    expect(Math.abs(sunHeight(golden, at('2003-10-17T19:30:30Z')) - (90 - 50.11162))).toBeLessThan(0.1)
  })

  test('is the same the next day, and goes through every day of a year without a jump', () => {
    const heights = Array.from({ length: 365 }, (_, day) =>
      sunHeight(DIGNE, at('2026-01-01T12:00:00Z') + day * 86_400_000),
    )
    for (const [day, height] of heights.entries()) {
      if (day > 0) expect(Math.abs(height - (heights[day - 1] ?? 0))).toBeLessThan(0.6)
    }
  })
})

describe('isNight', () => {
  test('begins half an hour after sunset, not at sunset', () => {
    // Digne, 25 November 2026: sunset about 16:00 UTC.
    expect(isNight(DIGNE, at('2026-11-25T15:55:00Z'))).toBe(false)
    expect(isNight(DIGNE, at('2026-11-25T16:15:00Z'))).toBe(false)
    expect(isNight(DIGNE, at('2026-11-25T17:00:00Z'))).toBe(true)
    expect(isNight(DIGNE, at('2026-11-26T05:30:00Z'))).toBe(true)
    expect(isNight(DIGNE, at('2026-11-26T07:00:00Z'))).toBe(false)
  })

  test('knows a day without night and a night without day', () => {
    const alta = { latitude: 69.97, longitude: 23.27 }
    const hours = (day: string) => Array.from({ length: 24 }, (_, hour) => at(`${day}T00:00:00Z`) + hour * 3_600_000)
    expect(hours('2026-06-21').some((moment) => isNight(alta, moment))).toBe(false)
    const pole = { latitude: 89, longitude: 0 }
    expect(hours('2026-12-21').every((moment) => isNight(pole, moment))).toBe(true)
  })
})
