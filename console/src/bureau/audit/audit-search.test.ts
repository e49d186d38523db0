import { expect, test } from 'vitest'
import { askedIn, queryOf, searchOf } from './audit-search.ts'

const NOTHING = { who: '', kind: '', site: '', from: '', to: '' }

test('what is searched can be sent to a colleague as an address', () => {
  const asked = { ...NOTHING, who: 'marie', kind: 'unit', to: '2026-11-22' }
  expect(queryOf(asked)).toBe('?qui=marie&quoi=unit&au=2026-11-22')
  expect(askedIn(queryOf(asked))).toEqual(asked)
  expect(queryOf(NOTHING)).toBe('')
})

test('a day is searched to its end, and one that is half typed not at all', () => {
  const { from, to } = searchOf({ ...NOTHING, from: '2026-11-22', to: '2026-11-22' })
  expect(Date.parse(to ?? '') - Date.parse(from ?? '')).toBe(86_400_000)
  expect(searchOf({ ...NOTHING, from: '2026-1' })).toEqual({})
  expect(searchOf({ ...NOTHING, who: ' Marie ' })).toEqual({ who: 'marie' })
})
