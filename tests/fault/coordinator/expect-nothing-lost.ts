import { expect } from 'vitest'
import type { Verdict } from './judge.ts'

/** What must hold after any fault, once all has been delivered. */
export function expectNothingLost(verdict: Verdict): void {
  expect.soft(verdict.lost).toEqual([])
  expect.soft(verdict.doubled).toEqual([])
  expect.soft(verdict.torn).toEqual([])
  expect.soft(verdict.waiting.frame ?? 0).toBe(0)
  expect.soft(verdict.refused).toEqual([])
  expect.soft(verdict.deadLetters).toEqual([])
}
