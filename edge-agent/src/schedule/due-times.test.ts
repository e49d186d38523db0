import { createFakeTime } from '@vigie/tests/fakes/time'
import { describe, expect, test } from 'vitest'
import { dueTimes } from './due-times.ts'

const minute = (phaseS: number) => ({ intervalMs: 60_000, phaseMs: phaseS * 1000 })

/** Runs turns until so many were taken; each turn lasts as long as `work` says. */
async function turnsOf(
  things: Array<{ thing: string; plan: { intervalMs: number; phaseMs: number } }>,
  { count, work }: { count: number; work: (thing: string) => number },
) {
  const time = createFakeTime({ nowMs: 1_800_000_000_000 })
  const stop = new AbortController()
  const turns: Array<{ thing: string; atS: number; skipped: number }> = []
  for await (const { thing, skipped } of dueTimes(things, time, stop.signal)) {
    turns.push({ thing, atS: time.monotonicMs() / 1000, skipped })
    if (turns.length === count) break
    await time.wait(work(thing), stop.signal)
  }
  return turns
}

describe('dueTimes', () => {
  test('gives each thing its turn in its phase, minute for minute, without drift', async () => {
    const turns = await turnsOf(
      [
        { thing: 'a', plan: minute(10) },
        { thing: 'b', plan: minute(40) },
      ],
      { count: 5, work: () => 7_000 },
    )
    expect(turns).toEqual([
      { thing: 'a', atS: 10, skipped: 0 },
      { thing: 'b', atS: 40, skipped: 0 },
      { thing: 'a', atS: 70, skipped: 0 },
      { thing: 'b', atS: 100, skipped: 0 },
      { thing: 'a', atS: 130, skipped: 0 },
    ])
  })

  test('counts what a slow thing missed, and does not pile it up', async () => {
    const turns = await turnsOf([{ thing: 'slow', plan: minute(0) }], { count: 3, work: () => 130_000 })
    expect(turns).toEqual([
      { thing: 'slow', atS: 0, skipped: 0 },
      { thing: 'slow', atS: 180, skipped: 2 },
      { thing: 'slow', atS: 360, skipped: 2 },
    ])
  })

  test('lets no preset starve beside one that takes longer than the interval', async () => {
    const turns = await turnsOf(
      [
        { thing: 'a', plan: minute(0) },
        { thing: 'b', plan: minute(10) },
      ],
      { count: 20, work: () => 70_000 },
    )
    expect(turns.filter(({ thing }) => thing === 'a').length).toBeGreaterThanOrEqual(9)
    expect(turns.filter(({ thing }) => thing === 'b').length).toBeGreaterThanOrEqual(9)
  })

  test('ends when it is cancelled while it waits', async () => {
    const time = createFakeTime({ nowMs: 1_800_000_000_000 })
    const stop = new AbortController()
    const turns = dueTimes(
      [{ thing: 'a', plan: minute(30) }],
      {
        ...time,
        wait: (_ms, signal) => {
          stop.abort()
          return Promise.reject(signal.reason)
        },
      },
      stop.signal,
    )
    expect(await turns.next()).toEqual({ done: true, value: undefined })
  })

  test('follows the wall clock when it is set, with half an interval between two turns at least', async () => {
    const time = createFakeTime({ nowMs: 0 })
    const stop = new AbortController()
    const at: number[] = []
    for await (const _ of dueTimes([{ thing: 'a', plan: minute(10) }], time, stop.signal)) {
      at.push(time.monotonicMs() / 1000)
      if (at.length === 2) time.setWall(1_800_000_000_000 + 25_000)
      if (at.length === 4) break
    }
    // Set at second 70 to the minute's second 25: the next minute's second 10 is 45 s away.
    expect(at).toEqual([10, 70, 115, 175])
  })
})
