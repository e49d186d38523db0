import { expect, test } from 'vitest'
import { createAttempts } from './attempts.ts'
import { createTokenBucket } from './token-bucket.ts'
import { createUnitPaces } from './unit-pace.ts'

const clock = () => {
  const time = { ms: 1_000 }
  return { time, monotonicMs: () => time.ms }
}

test('a budget allows its burst at once, then as much as time gives, and never more than the burst', () => {
  const { time, monotonicMs } = clock()
  const bucket = createTokenBucket({ burst: 10, perS: 5 }, monotonicMs)
  bucket.take(10)
  expect(bucket.waitMs()).toBe(0)
  bucket.take(5)
  expect(bucket.waitMs()).toBe(1_000)
  time.ms += 1_000
  expect(bucket.waitMs()).toBe(0)
  time.ms += 3_600_000
  expect(bucket.isFull()).toBe(true)
  bucket.take(15)
  expect(bucket.waitMs()).toBe(1_000)
})

test('who tries too often is refused, without being counted for that, and others are not', () => {
  const { time, monotonicMs } = clock()
  const attempts = createAttempts({ burst: 3, perS: 1 }, monotonicMs)
  const tries = (name: string, count: number) => Array.from({ length: count }, () => attempts.take(name))
  // Nothing is owed while there is something left, so the last one may overdraw.
  expect(tries('192.0.2.1', 6)).toEqual([true, true, true, true, false, false])
  expect(tries('192.0.2.2', 2)).toEqual([true, true])
  time.ms += 1_000
  expect(tries('192.0.2.1', 2)).toEqual([true, false])
})

test('remembers a bounded number of those who tried', () => {
  const { monotonicMs } = clock()
  const attempts = createAttempts({ burst: 1, perS: 1 }, monotonicMs)
  attempts.take('first')
  attempts.take('first')
  expect(attempts.take('first')).toBe(false)
  for (let count = 0; count < 4_096; count++) attempts.take(`other-${count}`)
  expect(attempts.take('first')).toBe(true)
})

test('a unit keeps its pace from one connection to the next, and another has its own', () => {
  const { monotonicMs } = clock()
  const paces = createUnitPaces(monotonicMs, {
    unitBytes: { burst: 100, perS: 10 },
    unitPackets: { burst: 5, perS: 1 },
  })
  const [one, two] = ['vg-0001', 'vg-0002'] as Parameters<typeof paces.of>[0][]
  if (one === undefined || two === undefined) throw new Error('two units')
  paces.of(one).took(150, 1)
  expect(paces.of(one).waitMs()).toBe(5_000)
  expect(paces.of(two).waitMs()).toBe(0)
  paces.of(two).took(10, 8)
  expect(paces.of(two).waitMs()).toBe(3_000)
})
