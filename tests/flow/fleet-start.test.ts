import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { type Fleet, startFleet } from '../fleet/fleet.ts'
import { placesOf } from '../fleet/places.ts'
import { FolderInUse } from '../fleet/run-lock.ts'

const LIVE_WITHIN_MS = 180_000
/** What 41 sites may take together on one small machine; two sites must stay far below. */
const MEMORY_MAX_BYTES = 1.5 * 1024 ** 3

const dataFolder = mkdtempSync(join(tmpdir(), 'vigie-flow-'))
afterAll(() => rmSync(dataFolder, { recursive: true }))

/** A picture every five seconds: with both cores busy elsewhere, a camera needs one to draw it. */
const FLEET = { sites: ['col-de-maure', 'quinson'], pace: 12, dataFolder, ports: 'free' } as const
const start = () => startFleet(FLEET)
const live = (fleet: Fleet) => fleet.live(() => {}, AbortSignal.timeout(LIVE_WITHIN_MS))
const authority = () => readFileSync(join(dataFolder, 'authority', 'ca.crt'), 'utf8')

type View = { picture: object | null; seenAt: string | null }

/** Every view, as the public API gives it. */
async function views(fleet: Fleet): Promise<View[]> {
  const answer = await fetch(`${fleet.addresses.origin}/api/v1/webcams`)
  const { features } = (await answer.json()) as { features: { properties: { presets: View[] } }[] } // its shape is tested beside the API
  return features.flatMap(({ properties }) => properties.presets)
}

/** A unit's time is the cloud's to within a round trip. */
const CLOCKS_APART_MS = 1_000

/** Waits until every view was seen later than that: in a new picture, or as unchanged. */
async function untilAllAreSeenAfter(fleet: Fleet, atMs: number): Promise<void> {
  const signal = AbortSignal.timeout(LIVE_WITHIN_MS)
  while (true) {
    const now = await views(fleet).catch(() => null) // cloud-api may be the one that was killed
    if (now?.every(({ seenAt }) => Date.parse(seenAt ?? '') > atMs + CLOCKS_APART_MS)) return
    await pause(500, undefined, { signal })
  }
}

test('a fleet goes live, is alone on its folder, stays small, and goes on where it was when started again', async () => {
  const first = await start()
  const before = authority()
  try {
    await live(first)
    await expect(start()).rejects.toThrow(FolderInUse)
    const { processes, pssBytes } = first.memory()
    const names = processes.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['fleet', 'authority', 'broker', 'cameras', 'cloud-api', 'agents-1']))
    expect(pssBytes).toBeLessThan(MEMORY_MAX_BYTES)
  } finally {
    await first.stop()
  }
  expect(first.memory().processes.map(({ name }) => name)).not.toContain('broker')

  const second = await start()
  try {
    expect(authority()).toBe(before)
    expect((await views(second)).every(({ picture }) => picture !== null)).toBe(true)
    await live(second)
  } finally {
    await second.stop()
  }
})

test('each process that is killed comes back by itself, and every view is seen again', async () => {
  const fleet = await startFleet({ ...FLEET, restarts: { firstMs: 100, capMs: 100 } })
  try {
    await live(fleet)
    for (const [name, kept] of fleet.processes) {
      const pid = kept.pid()
      await kept.kill('SIGKILL')
      await untilAllAreSeenAfter(fleet, Date.now())
      expect.soft(kept.starts(), name).toBe(2)
      expect.soft(kept.pid(), name).not.toBe(pid)
    }
    await live(fleet)
  } finally {
    await fleet.stop()
  }
})

test('the runner says which port is taken and which setting chooses another, and leaves nothing behind', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const address = taken.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const runner = spawn(process.execPath, [placesOf(dataFolder).program('tests', 'fleet/main.js')], {
    env: { PATH: process.env['PATH'], VIGIE_DATA: dataFolder, VIGIE_PORT: String(port), VIGIE_SITES: '2' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [said, [exit]] = await Promise.all([text(runner.stderr), once(runner, 'exit')])
  expect(said).toMatch(new RegExp(`Port ${port} is taken.*VIGIE_PORT=`))
  expect(exit).toBe(1)
  taken.close()
})
