import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { postgresPrograms, startPostgres } from '../fixtures/postgres.ts'
import { seededRandom, seedOfRun } from '../fixtures/seeded-random.ts'
import { type Coordinator, coordinate } from './coordinator/coordinator.ts'
import { expectNothingLost } from './coordinator/expect-nothing-lost.ts'

/** Of each part, half of them over SQLite and half over PostgreSQL, and of PostgreSQL itself. */
const KILLS_OF_EACH = process.env['VIGIE_SOAK'] === '1' ? 200 : 20
/** One view each: a camera that turns would take longer than the interval. */
const FLEET = { sites: ['allos', 'annot', 'banon', 'barreme', 'riez', 'seyne'], pace: 30 }
const PARTS = ['broker', 'cloud-api', 'agents-1'] as const
const AT_MOST_BETWEEN_MS = 1_500

test(`loses and doubles no frame when broker, cloud and agents are each killed ${KILLS_OF_EACH / 2} times over SQLite`, async () => {
  const coordinator = await coordinate('sudden-death', FLEET)
  try {
    await killInTurn(coordinator, ofEach(PARTS, KILLS_OF_EACH / 2), (part) => coordinator.kill(part))
  } finally {
    await coordinator.end()
  }
})

test(`loses and doubles no frame when PostgreSQL is killed ${KILLS_OF_EACH} times, and the others ${KILLS_OF_EACH / 2} times each`, async ({
  skip,
}) => {
  skip(postgresPrograms() === null, 'PostgreSQL is not on this machine')
  const postgres = await startPostgres()
  const DATABASE_URL = await postgres.createDatabase()
  const coordinator = await coordinate('sudden-death', { ...FLEET, cloud: { DATABASE_URL } })
  try {
    const victims = [...ofEach(PARTS, KILLS_OF_EACH / 2), ...ofEach(['postgres'] as const, KILLS_OF_EACH)]
    await killInTurn(coordinator, victims, async (part) => {
      if (part !== 'postgres') return coordinator.kill(part)
      coordinator.timeline.note(part, 'killed')
      await postgres.killAndRestart()
      coordinator.timeline.note(part, 'started again')
    })
  } finally {
    await coordinator.end()
    await postgres.stop()
  }
})

/** Kills parts in a random order, each at a random moment after a frame, and judges what is left of the frames. */
async function killInTurn<Part>(
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

const ofEach = <Part>(parts: readonly Part[], times: number): Part[] =>
  parts.flatMap((part) => Array.from({ length: times }, () => part))

function shuffled<Item>(items: Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item)
}
