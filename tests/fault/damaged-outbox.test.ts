import { closeSync, openSync, readdirSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { PAGE_BYTES } from '@vigie/edge-agent/outbox/database'
import { expect, test } from 'vitest'
import { seededRandom, seedOfRun } from '../fixtures/seeded-random.ts'
import { type Coordinator, coordinate } from './coordinator/coordinator.ts'
import { expectNothingLost } from './coordinator/expect-nothing-lost.ts'

const ROUNDS = process.env['VIGIE_SOAK'] === '1' ? 40 : 2
const FRAMES = 4
/** Before each page in the log, and before all of them. See sqlite.org/fileformat2.html, section 4. */
const LOG_HEADER_BYTES = 32
const LOG_PAGE_HEADER_BYTES = 24

test(`sets a damaged outbox aside and loses no frame, ${ROUNDS} times each: well stopped, killed, running`, async () => {
  const seed = seedOfRun()
  const random = seededRandom(seed)
  const coordinator = await coordinate('damaged-outbox', { sites: ['allos', 'riez'], pace: 30 })
  const agents = coordinator.process('agents-1')
  try {
    for (let round = 0; round < ROUNDS; round++) {
      await coordinator.cut()
      await coordinator.moreFrames(FRAMES)
      // Well stopped, it has all in its file; killed, the newest pages stand in the log.
      for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
        await agents.down(signal)
        damage(coordinator, random)
        agents.up()
        await coordinator.moreFrames(FRAMES)
      }
      damage(coordinator, random)
      await pause(1_000)
      coordinator.restore()
      await coordinator.moreFrames(FRAMES)
      // What a running agent did not notice, its next start does.
      await coordinator.kill('agents-1')
      await coordinator.moreFrames(FRAMES)
    }
    const verdict = await coordinator.verdict(`seed ${seed}, ${3 * ROUNDS} times one page of each outbox overwritten`)
    const aside = unitsOf(coordinator).flatMap((unit) =>
      readdirSync(join(coordinator.dataFolder, 'units', unit)).filter((name) => /damaged-[^-]+$/.test(name)),
    )
    const records = verdict.lost.filter((story) => story.class !== 'frame').length
    console.log(`damaged-outbox: ${aside.length} files set aside, ${records} records gone with their pages`)
    // A frame is a file of its own; of a record its page may have been all there was.
    expectNothingLost({ ...verdict, lost: verdict.lost.filter((story) => story.class === 'frame') })
    expect(aside.length).toBeGreaterThan(0)
  } finally {
    await coordinator.end()
  }
})

/** Overwrites a page of each unit's outbox with noise: one of its file, or one of its log where it has one. */
function damage(coordinator: Coordinator, random: () => number): void {
  for (const unit of unitsOf(coordinator)) {
    const file = join(coordinator.dataFolder, 'units', unit, 'outbox.sqlite')
    const log = `${file}-wal`
    const logBytes = statSync(log, { throwIfNoEntry: false })?.size ?? 0
    const isInLog = logBytes > LOG_HEADER_BYTES && random() < 0.5
    const pageBytes = PAGE_BYTES + (isInLog ? LOG_PAGE_HEADER_BYTES : 0)
    const pages = Math.floor((isInLog ? logBytes : statSync(file).size) / pageBytes)
    const page = Math.floor(random() * pages)
    const noise = Buffer.from(Array.from({ length: PAGE_BYTES }, () => Math.floor(random() * 256)))
    const place = page * pageBytes + (isInLog ? LOG_HEADER_BYTES + LOG_PAGE_HEADER_BYTES : 0)
    const descriptor = openSync(isInLog ? log : file, 'r+')
    writeSync(descriptor, noise, 0, PAGE_BYTES, place)
    closeSync(descriptor)
    coordinator.timeline.note(
      `outbox of ${unit}`,
      `damaged in page ${page + 1} of ${pages}${isInLog ? ' of its log' : ''}`,
    )
  }
}

const unitsOf = ({ dataFolder }: Coordinator): string[] => readdirSync(join(dataFolder, 'units'))
