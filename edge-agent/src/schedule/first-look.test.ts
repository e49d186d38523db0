import { createFakeTime } from '@vigie/tests/fakes/time'
import { expect, test } from 'vitest'
import { takeFirstLook } from './first-look.ts'

async function firstLook(intervalMs: number) {
  const time = createFakeTime({ nowMs: 1_800_000_000_000 })
  const askedAt: number[] = []
  const ask = () => askedAt.push(time.monotonicMs())
  await takeFirstLook({ name: 'seyne/cam1', time, intervalMs: () => intervalMs, ask }, new AbortController().signal)
  return askedAt
}

test('a camera whose plan asks seldom is asked once within a minute of a start', async () => {
  const [atMs, ...more] = await firstLook(300_000)
  expect(atMs).toBeLessThan(60_000)
  expect(more).toEqual([])
})

test('one whose plan asks each minute is left to its plan', async () => {
  expect(await firstLook(60_000)).toEqual([])
})
