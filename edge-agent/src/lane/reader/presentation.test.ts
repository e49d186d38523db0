import { createFakeTime } from '@vigie/tests/fakes/time'
import { expect, test } from 'vitest'
import { createPresentation } from './presentation.ts'
import { createRarely } from './rarely.ts'

const time = () => createFakeTime({ nowMs: 0 })

test('L08: a code that is held is shown once, however long', () => {
  const { pass, monotonicMs } = time()
  const { isNew } = createPresentation(monotonicMs)
  expect(isNew('A')).toBe(true)
  for (let reads = 0; reads < 30; reads += 1) {
    pass(400)
    expect(isNew('A')).toBe(false)
  }
})

test('L09: taken away for two seconds it is shown anew', () => {
  const { pass, monotonicMs } = time()
  const { isNew } = createPresentation(monotonicMs)
  isNew('A')
  pass(2_000)
  expect(isNew('A')).toBe(true)
})

test('another code is another presentation at once, and two that are held side by side are one each', () => {
  const { pass, monotonicMs } = time()
  const { isNew } = createPresentation(monotonicMs)
  const reads = ['A', 'B', 'A', 'B', 'A'].map((code) => {
    pass(300)
    return isNew(code)
  })
  expect(reads).toEqual([true, true, false, false, false])
})

test('L11: what happens often is told once a minute, with how often it was', () => {
  const { pass, monotonicMs } = time()
  const rarely = createRarely(monotonicMs)
  const told: number[] = []
  for (let reads = 0; reads < 121; reads += 1) {
    rarely((times) => told.push(times))
    pass(1_000)
  }
  expect(told).toEqual([1, 60, 60])
})
