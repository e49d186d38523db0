import { expect, test } from 'vitest'
import { areExitsCounted } from './exits.ts'

test('G21: exits are counted where some lane leads out, whatever the others do, and not where nobody says so', () => {
  expect(areExitsCounted([{ direction: 'in' }, { direction: 'both' }])).toBe(true)
  expect(areExitsCounted([{ direction: 'in' }, { direction: 'out' }])).toBe(true)
  expect([[], [{ direction: 'in' as const }], [{}]].map(areExitsCounted)).toEqual([false, false, false])
})
