import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RECONNECT, retryDelayMs } from './reconnect.ts'

test('a delay stays between zero and a ceiling that doubles up to its cap', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (failures, drawn) => {
        const delay = retryDelayMs(failures, () => drawn)
        expect(delay).toBeGreaterThanOrEqual(0)
        expect(delay).toBeLessThanOrEqual(Math.min(RECONNECT.capMs, RECONNECT.firstMs * 2 ** (failures - 1)))
      },
    ),
  )
})

test('41 units that fail together do not come back together', () => {
  let seed = 7
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed / 2_147_483_647
  }
  const delays = Array.from({ length: 41 }, () => retryDelayMs(3, random)).sort((a, b) => a - b)
  const inOneTenth = delays.map((from) => delays.filter((delay) => delay >= from && delay < from + 400).length)
  expect(Math.max(...inOneTenth)).toBeLessThan(14)
})
