import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { readCloudRows } from '../fault/coordinator/cloud-rows.ts'
import { type Coordinator, coordinate } from '../fault/coordinator/coordinator.ts'
import { expectNothingLost } from '../fault/coordinator/expect-nothing-lost.ts'
import { type Course, coursesOf, type Sample } from './samples/courses.ts'

const MINUTES = Number(process.env['VIGIE_SOAK_MINUTES'] ?? 60)
const SITES = Number(process.env['VIGIE_SOAK_SITES'] ?? 41)
const PACE = 10
const MINUTE_MS = 60_000
/** Caches fill and Node finds its heap's size: nothing of that is growth. */
const WARM_UP_MS = (MINUTES / 4) * MINUTE_MS
const SAMPLES = 120
/** A heap goes up and down by some megabytes between two collections; beyond both it grows. */
const MORE_AT_MOST = 0.15
const MORE_AT_LEAST_BYTES = 24e6

test(`${SITES} sites at ${PACE} times the pace for ${MINUTES} minutes: memory and disk flat, nothing lost`, async () => {
  const coordinator = await coordinate('soak', { sites: SITES, pace: PACE, agentsPerProcess: 14 })
  try {
    const samples = await watch(coordinator)
    const frames = (await readCloudRows(coordinator.dataFolder)).frames.length
    const verdict = await coordinator.verdict(`${MINUTES} minutes`)
    const courses = coursesOf(samples)
    for (const course of courses) console.log(`soak: ${describe(course)}`)
    expectNothingLost(verdict)
    for (const { name, early, late } of courses.filter(({ name: one }) => one !== PICTURES)) {
      const allowed = Math.max(early * (1 + MORE_AT_MOST), early + MORE_AT_LEAST_BYTES)
      expect.soft(late, `${name} grows: ${inMB(early)} at first, ${inMB(late)} in the end`).toBeLessThan(allowed)
    }
    // Pictures are kept for a day: within it they grow with the frames, and with nothing else.
    const [first, last] = [samples[0], samples.at(-1)]
    expect(frames).toBeGreaterThan(SITES)
    expect(bytesAFrame(last)).toBeLessThan(bytesAFrame(first) * (1 + MORE_AT_MOST))
  } finally {
    await coordinator.end()
  }
})

const PICTURES = 'disk: pictures of the cloud'
const framesAt = new WeakMap<Sample, number>()
const bytesAFrame = (sample: Sample | undefined) =>
  sample === undefined ? 0 : (sample.bytes[PICTURES] ?? 0) / Math.max(1, framesAt.get(sample) ?? 0)

/** Looks at every process and folder again and again, once they are warm. */
async function watch(coordinator: Coordinator): Promise<Sample[]> {
  const samples: Sample[] = []
  await pause(WARM_UP_MS)
  const everyMs = (MINUTES * MINUTE_MS - WARM_UP_MS) / SAMPLES
  for (let look = 0; look < SAMPLES; look++) {
    const { processes } = coordinator.fleet.memory()
    const memory = processes.filter(({ name }) => !['fleet'].includes(name) && !name.startsWith('process '))
    const cloud = join(coordinator.dataFolder, 'cloud')
    const pictures = bytesIn(join(cloud, 'frames'))
    const sample: Sample = {
      atMs: performance.now(),
      bytes: {
        ...Object.fromEntries(memory.map(({ name, rssBytes }) => [`memory: ${name}`, rssBytes])),
        'disk: units': bytesIn(join(coordinator.dataFolder, 'units')),
        [PICTURES]: pictures,
      },
    }
    framesAt.set(sample, (await readCloudRows(coordinator.dataFolder)).frames.length)
    samples.push(sample)
    await pause(everyMs)
  }
  return samples
}

/** What the files below a folder take of the disk; one that goes meanwhile takes nothing. */
function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => {
      const found = statSync(join(parentPath, name), { throwIfNoEntry: false })
      return sum + (found?.blocks ?? 0) * 512
    }, 0)
}

const describe = ({ name, early, late, most, slope }: Course) =>
  `${name}: ${inMB(early)} at first, ${inMB(late)} in the end, at most ${inMB(most)}, ${inMB(slope)} an hour`

const inMB = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
