import { expect, test } from 'vitest'
import { clockText, durationText, sizeText } from './quantities.ts'

test.each([
  [0, '0 s'],
  [59_400, '59 s'],
  [60_000, '1 min'],
  [7_384_000, '2 h 3 min'],
  [90_061_000, '1 j 1 h'],
  [-90_061_000, '1 j 1 h'],
])('%i ms is %s', (ms, text) => {
  expect(durationText(ms)).toBe(text)
})

test('a clock is ahead, behind, right to two seconds, or silent', () => {
  expect(clockText(7_200_000)).toBe("2 h d'avance")
  expect(clockText(-65_000)).toBe('1 min 5 s de retard')
  expect(clockText(-1_900)).toBe("à l'heure")
  expect(clockText(null)).toBe("elle ne dit pas l'heure")
})

test('sizes are in kilobytes of a thousand', () => {
  expect(sizeText(7)).toBe('7 octets')
  expect(sizeText(215_499)).toBe('215 ko')
})
