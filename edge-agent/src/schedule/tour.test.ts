import { createFakeTime } from '@vigie/tests/fakes/time'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dueTimes } from './due-times.ts'
import { planOnTour, tourOrder } from './tour.ts'

const presets = ['nord', 'sud', 'col'].map((id) => ({ id }))
const ids = (list: { id: string }[]) => list.map(({ id }) => id)

describe('tourOrder', () => {
  test('is the order of the document, begun so that it ends at home', () => {
    expect(ids(tourOrder(presets))).toEqual(['nord', 'sud', 'col'])
    expect(ids(tourOrder(presets, 'col'))).toEqual(['nord', 'sud', 'col'])
    expect(ids(tourOrder(presets, 'nord'))).toEqual(['sud', 'col', 'nord'])
    expect(ids(tourOrder(presets, 'sud'))).toEqual(['col', 'nord', 'sud'])
    expect(ids(tourOrder([{ id: 'only' }], 'only'))).toEqual(['only'])
  })
})

describe('planOnTour', () => {
  /** Turns of a camera for some rounds; each takes `workMs`. */
  async function turns(tour: { of: number; dwellS?: number; intervalMs: number; workMs: number }) {
    const time = createFakeTime({ nowMs: 1_800_000_000_000 })
    const things = Array.from({ length: tour.of }, (_, place) => {
      return { thing: place, plan: planOnTour('col-d-allos/cam1', { ...tour, place }, tour.intervalMs) }
    })
    const taken: { place: number; atMs: number }[] = []
    for await (const { thing } of dueTimes(things, time, new AbortController().signal)) {
      taken.push({ place: thing, atMs: time.monotonicMs() })
      if (taken.length === tour.of * 4) break
      await time.wait(tour.workMs, new AbortController().signal)
    }
    return taken
  }

  test('goes round in order, each preset once a round, with one turn for each and none to go home', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
        fc.integer({ min: 30, max: 3600 }),
        async (of, dwellS, intervalS) => {
          const work = { workMs: (intervalS * 1000) / of / 2 }
          const taken = await turns({
            of,
            intervalMs: intervalS * 1000,
            ...work,
            ...(dwellS !== undefined && { dwellS }),
          })
          const [first] = taken
          for (const [index, { place }] of taken.entries()) expect(place).toBe(((first?.place ?? 0) + index) % of)
        },
      ),
      { numRuns: 100 },
    )
  })

  test('stays at each preset for its dwell, and at home for the rest of the interval', async () => {
    const taken = await turns({ of: 3, dwellS: 10, intervalMs: 60_000, workMs: 2_000 })
    const gaps = taken.slice(1).map(({ atMs }, index) => (atMs - (taken[index]?.atMs ?? 0)) / 1000)
    expect([...new Set(gaps)].sort((one, other) => one - other)).toEqual([10, 40])
  })

  test('shares the interval evenly when a dwell would not fit, or is not named', async () => {
    for (const dwell of [{}, { dwellS: 600 }]) {
      const taken = await turns({ of: 3, ...dwell, intervalMs: 60_000, workMs: 1_000 })
      const gaps = taken.slice(1).map(({ atMs }, index) => (atMs - (taken[index]?.atMs ?? 0)) / 1000)
      expect(new Set(gaps)).toEqual(new Set([20]))
    }
  })
})
