import { expect, test } from 'vitest'
import { daysInWords, standingOf } from './ticket-words.ts'

const now = Date.parse('2026-11-26T12:00:00.000Z')
const on = (firstDay: string | null, lastDay = firstDay, slot: string | null = null) => ({ firstDay, lastDay, slot })

test('a ticket of another day, or that is used up, is not called good, unless somebody took it back, which says more', () => {
  const word = (days: ReturnType<typeof on>, status: 'valid' | 'canceled' = 'valid', isUsedUp = false) =>
    standingOf({ ...days, status, isUsedUp }, now).word
  expect(word(on('2026-11-26'))).toBe('Valable')
  expect(word(on('2026-11-20', '2026-12-20'))).toBe('Valable')
  expect(word(on(null))).toBe('Valable')
  expect(word(on('2026-11-25'))).toBe('Terminé')
  expect(word(on('2026-11-27'))).toBe('Pas encore valable')
  expect(word(on('2026-11-25'), 'canceled')).toBe('Annulé')
  expect(word(on('2026-11-26'), 'valid', true)).toBe('Déjà utilisé')
  expect(word(on('2026-11-26'), 'canceled', true)).toBe('Annulé')
})

test('its days are said with the year where that is another, and its hour', () => {
  const words = (days: ReturnType<typeof on>) => daysInWords(days, now)?.replaceAll(/\s/g, ' ') ?? null
  expect(words(on('2026-11-26', '2026-11-26', '14:00'))).toBe('Le jeudi 26 novembre, 14 h 00')
  expect(words(on('2026-11-26', '2027-08-01'))).toBe('Du jeudi 26 novembre au dimanche 1er août 2027')
  expect(words(on(null))).toBeNull()
})
