import { createFakeTime } from '@vigie/tests/fakes/time'
import fc from 'fast-check'
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

const interval = fc.integer({ min: 5, max: 3600 }).map((seconds) => seconds * 1000)
const phased = (intervalMs: number) => ({ intervalMs, phaseMs: Math.floor(intervalMs * 0.37) })

describe('dueTimes with a plan that changes', () => {
  test('neither doubles nor starves, and keeps the time that it promised, however often the plan changes', async () => {
    const changes = fc.array(fc.tuple(fc.integer({ min: 1, max: 4_000_000 }), interval), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(interval, changes, fc.integer({ min: 0, max: 2_000 }), async (first, later, workMs) => {
        const time = createFakeTime({ nowMs: 1_800_000_000_000 })
        const steps = [{ fromMs: 0, intervalMs: first }]
        for (const [afterMs, intervalMs] of later) {
          steps.push({ fromMs: (steps.at(-1)?.fromMs ?? 0) + afterMs, intervalMs })
        }
        const intervalNow = () => steps.findLast(({ fromMs }) => fromMs <= time.monotonicMs())?.intervalMs ?? first
        const never = new AbortController().signal
        const turns: { atMs: number; nextInMs: number; intervalMs: number }[] = []
        for await (const { nextInMs } of dueTimes([{ thing: 'a', plan: () => phased(intervalNow()) }], time, never)) {
          turns.push({ atMs: time.monotonicMs(), nextInMs, intervalMs: intervalNow() })
          if (turns.length === 40) break
          await time.wait(workMs, never)
        }
        for (const [index, { atMs, intervalMs }] of turns.entries()) {
          const before = turns[index - 1]
          if (before === undefined) continue
          const within = steps.filter(({ fromMs }) => fromMs > before.atMs && fromMs <= atMs)
          const shortest = Math.min(before.intervalMs, intervalMs, ...within.map((step) => step.intervalMs))
          expect(atMs - before.atMs).toBeGreaterThanOrEqual(shortest / 2)
          expect(atMs - before.atMs).toBeLessThanOrEqual(before.nextInMs)
          expect(before.nextInMs).toBeLessThanOrEqual(1.5 * before.intervalMs)
        }
      }),
      { numRuns: 200 },
    )
  })

  test('begins a shorter interval at once and a longer one after the turn that was promised', async () => {
    const time = createFakeTime({ nowMs: 1_800_000_000_000 })
    let intervalMs = 60_000
    const at: number[] = []
    const plan = () => ({ intervalMs, phaseMs: 0 })
    for await (const { nextInMs } of dueTimes([{ thing: 'a', plan }], time, new AbortController().signal)) {
      at.push(time.monotonicMs() / 1000, nextInMs / 1000)
      if (at.length === 4) intervalMs = 600_000
      if (at.length === 8) intervalMs = 20_000
      if (at.length === 10) break
    }
    expect(at).toEqual([0, 60, 60, 60, 120, 480, 600, 600, 620, 20])
  })

  test('does at once what was asked for, and leaves the plan where it was', async () => {
    const time = createFakeTime({ nowMs: 1_800_000_000_000 })
    const asked: string[] = []
    const turns: [string, number, number][] = []
    const options = { takeAsked: () => asked.shift() }
    const things = [{ thing: 'a', plan: minute(10) }]
    for await (const { thing, nextInMs } of dueTimes(things, time, new AbortController().signal, options)) {
      turns.push([thing, time.monotonicMs() / 1000, nextInMs / 1000])
      if (turns.length === 1) asked.push('a')
      if (turns.length === 3) break
    }
    expect(turns).toEqual([
      ['a', 10, 60],
      ['a', 10, 60],
      ['a', 70, 60],
    ])
  })
})
