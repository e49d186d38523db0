import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as limits from './limits.ts'

test('each limit stands beside the promise that it keeps, and no other is named there', () => {
  const text = readFileSync(new URL('../LIMITS.md', import.meta.url), 'utf8')
  const named = new Set(text.match(/\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b|\bHANDSHAKES\b/g))
  const known = Object.keys(limits).filter((name) => name !== 'ADJUSTABLE')
  expect([...named].sort()).toEqual(known.sort())
})
