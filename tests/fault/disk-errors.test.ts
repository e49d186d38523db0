import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createDiskErrors, hasDiskErrors } from '../fixtures/disk-errors.ts'
import { seededRandom, seedOfRun } from '../fixtures/seeded-random.ts'
import { coordinate } from './coordinator/coordinator.ts'
import { expectNothingLost } from './coordinator/expect-nothing-lost.ts'
import { eventsOf } from './coordinator/unit-words.ts'

const isSoak = process.env['VIGIE_SOAK'] === '1'
const ROUNDS = isSoak ? 60 : 2
const SITES = ['allos', 'riez']
/**
 * Calls by which SQLite and Node write, make durable, read and rename. Not `read` and `write`: they are the sockets' and
 * the event loop's too, and Node aborts when it cannot wake itself.
 */
const CALLS = [
  'posix/io/sync/*',
  'posix/io/rw/pwrite',
  'posix/io/dir/rename',
  'posix/io/oc/open',
  'posix/io/rw/pread',
  'posix/io/rw/ftruncate',
]

/** How an agent says that its disk failed it. */
const FAILURES = ['disk.failing', 'item.not-kept', 'agent.failed']

test(`loses no frame that it said it keeps while the disk gives errors, ${ROUNDS} times`, async ({ skip }) => {
  skip(!hasDiskErrors(), 'fiu-utils is not on this machine')
  const seed = seedOfRun()
  const random = seededRandom(seed)
  const folder = mkdtempSync(join(tmpdir(), 'vigie-fiu-'))
  const disk = createDiskErrors(folder)
  const coordinator = await coordinate('disk-errors', {
    ...{ sites: SITES, pace: 30 },
    wrap: (program) =>
      program.name.startsWith('agents-') ? { ...program, env: { ...program.env, ...disk.env } } : program,
  })
  try {
    const agents = coordinator.process('agents-1')
    for (let round = 0; round < ROUNDS; round++) {
      const call = CALLS[round % CALLS.length] ?? ''
      // Without a network everything has to go to the disk.
      await coordinator.cut()
      await coordinator.anotherFrame()
      const pid = agents.pid()
      if (pid === undefined) continue
      coordinator.timeline.note('disk', `fails at ${call}`)
      disk.enable(pid, call, 0.3 + random() * 0.4)
      await pause(5_000)
      // It may have died of it and been started again, on a sound disk.
      if (agents.pid() === pid) disk.disable(pid, call)
      coordinator.timeline.note('disk', 'sound again')
      coordinator.restore()
      await coordinator.moreFrames(2)
    }
    const noticed = FAILURES.map((event) => [event, eventsOf(coordinator.dataFolder, event).length] as const)
    const verdict = await coordinator.verdict(
      `seed ${seed}, ${ROUNDS} times errors, ${noticed.map(([event, count]) => `${count} ${event}`).join(', ')}`,
    )
    expectNothingLost(verdict)
    expect(noticed.some(([, count]) => count > 0)).toBe(true)
    expect(verdict.made).toBeGreaterThan(ROUNDS * 3)
  } finally {
    await coordinator.end()
    rmSync(folder, { recursive: true, force: true })
  }
})

test('goes on when its disk is full and when there is room again, and loses nothing that it kept', async ({ skip }) => {
  skip(process.getuid?.() !== 0, 'only root may mount a small disk')
  const coordinator = await coordinate('disk-full', {
    ...{ sites: SITES, pace: 30 },
    prepare: (dataFolder) => {
      const units = join(dataFolder, 'units')
      mkdirSync(units)
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m,mode=700', 'vigie-units', units])
    },
  })
  const units = join(coordinator.dataFolder, 'units')
  const filler = join(units, 'filler')
  try {
    for (let round = 0; round < (isSoak ? 30 : 1); round++) {
      const { bavail, bsize } = statfsSync(units)
      writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - 64 * 1024)))
      coordinator.timeline.note('disk', 'full')
      await coordinator.cut()
      await pause(8_000)
      coordinator.restore()
      await pause(3_000)
      rmSync(filler)
      coordinator.timeline.note('disk', 'has room again')
      await coordinator.moreFrames(3)
    }
    const verdict = await coordinator.verdict('a full disk, without and with a network')
    expectNothingLost(verdict)
  } finally {
    await coordinator.process('agents-1').stop(5_000)
    execFileSync('umount', [units])
    await coordinator.end()
  }
})
