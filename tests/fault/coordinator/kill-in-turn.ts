import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { seededRandom, seedOfRun } from '../../fixtures/seeded-random.ts'
import type { Coordinator } from './coordinator.ts'
import { expectNothingLost } from './expect-nothing-lost.ts'

/** Of each part, half of them over SQLite and half over PostgreSQL, and of PostgreSQL itself. */
export const KILLS_OF_EACH = process.env['VIGIE_SOAK'] === '1' ? 200 : 20
/** One view each: a camera that turns would take longer than the interval. */
export const FLEET = { sites: ['allos', 'annot', 'banon', 'barreme', 'riez', 'seyne'], pace: 30 }
export const PARTS = ['broker', 'cloud-api', 'agents-1'] as const
const AT_MOST_BETWEEN_MS = 1_500

/** Kills parts in a random order, each at a random moment after a frame, and judges what is left of the frames. */
export async function killInTurn<Part>(
  coordinator: Coordinator,
  victims: Part[],
  kill: (part: Part) => Promise<void>,
): Promise<void> {
  const seed = seedOfRun()
  const random = seededRandom(seed)
  for (const part of shuffled(victims, random)) {
    await coordinator.anotherFrame()
    await pause(random() * AT_MOST_BETWEEN_MS)
    await kill(part)
  }
  const verdict = await coordinator.verdict(`seed ${seed}, ${victims.length} kills`)
  expectNothingLost(verdict)
  // Frames really flowed between the kills.
  expect(verdict.made).toBeGreaterThan(victims.length)
  expect(verdict.stored + verdict.notKept.length).toBeGreaterThanOrEqual(verdict.made)
}

export const ofEach = <Part>(parts: readonly Part[], times: number): Part[] =>
  parts.flatMap((part) => Array.from({ length: times }, () => part))

function shuffled<Item>(items: Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item)
}
