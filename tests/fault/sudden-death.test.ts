import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { seededRandom, seedOfRun } from '../fixtures/seeded-random.ts'
import { waitForFirstPictures } from '../fleet/first-pictures.ts'
import { type Fleet, startFleet } from '../fleet/fleet.ts'
import { framesMade, judge, type Verdict } from './judge.ts'

const KILLS_OF_EACH = process.env['VIGIE_SOAK'] === '1' ? 200 : 20
/** One view each: a camera that turns would take longer than the interval. */
const SITES = ['allos', 'annot', 'banon', 'barreme', 'riez', 'seyne']
const VICTIMS = ['broker', 'cloud-api', 'agents-1'] as const
/** What the units may take to deliver what they kept, once nothing is killed any more. */
const DRAIN_WITHIN_MS = 240_000
/** Start of an agent, connection, camera: 2 s on a quiet machine. */
const FRAME_WITHIN_MS = 15_000

test(`loses and doubles no frame when broker, cloud and agents are each killed ${KILLS_OF_EACH} times`, async () => {
  const seed = seedOfRun()
  const random = seededRandom(seed)
  const dataFolder = mkdtempSync(join(tmpdir(), 'vigie-sudden-death-'))
  const fleet = await startFleet({
    dataFolder,
    ports: 'free',
    sites: SITES,
    pace: 30,
    restarts: { firstMs: 200, capMs: 200 },
    cameras: { sceneCode: true, pictureKeptMs: 0 },
  })
  try {
    // One is enough to know that the way is open; on a loaded machine six never are live at the same moment.
    await waitForFirstPictures(fleet.addresses.origin, {
      total: 1,
      progress: () => {},
      signal: AbortSignal.timeout(90_000),
    })
    const deaths = shuffled(
      VICTIMS.flatMap((name) => Array.from({ length: KILLS_OF_EACH }, () => name)),
      random,
    )
    for (const name of deaths) {
      await untilAnotherFrame(dataFolder)
      await pause(random() * 2_500)
      await processOf(fleet, name).kill('SIGKILL')
    }
    // No camera, no new frame: what the units keep is all there is to deliver.
    await processOf(fleet, 'cameras').stop(5_000)
    const verdict = await untilDrained(fleet, dataFolder)
    console.log(
      `seed ${seed}: ${deaths.length} kills, ${verdict.made} made, ${verdict.stored} stored, ` +
        `${verdict.doubled.length} doubled, ${verdict.lost.length} lost, ${verdict.torn.length} torn`,
    )
    expect(verdict.deadLetters).toEqual([])
    expect(verdict.lost).toEqual([])
    expect(verdict.doubled).toEqual([])
    expect(verdict.torn).toEqual([])
    expect(verdict.waiting).toBe(0)
    // Frames really flowed between the kills.
    expect(verdict.made).toBeGreaterThan(deaths.length)
    expect(verdict.stored).toBeGreaterThanOrEqual(verdict.made)
  } finally {
    await fleet.stop()
    rmSync(dataFolder, { recursive: true, force: true })
  }
})

/** Waits until one more frame is made, so that each death comes while frames flow, however slow the machine is. */
async function untilAnotherFrame(dataFolder: string): Promise<void> {
  const before = framesMade(dataFolder).size
  const deadline = performance.now() + FRAME_WITHIN_MS
  while (framesMade(dataFolder).size === before && performance.now() < deadline) await pause(100)
}

/** Lets the agents deliver, stops them and judges; again while something still waits. */
async function untilDrained(fleet: Fleet, dataFolder: string): Promise<Verdict> {
  const deadline = performance.now() + DRAIN_WITHIN_MS
  const agents = processOf(fleet, 'agents-1')
  while (true) {
    await pause(15_000)
    await agents.kill('SIGTERM')
    const verdict = judge(dataFolder)
    if (verdict.waiting === 0 || performance.now() > deadline) return verdict
  }
}

function processOf(fleet: Fleet, name: string) {
  const found = fleet.processes.get(name)
  if (found === undefined) throw new Error(`the fleet has no process ${name}`)
  return found
}

function shuffled<Item>(items: Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item)
}
