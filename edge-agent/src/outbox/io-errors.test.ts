import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createHandTime } from '@vigie/tests/fakes/hand-time'
import { type BuiltProgram, buildProgram } from '@vigie/tests/fixtures/built-program'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { classRules } from './class-rules.ts'
import { openOutbox } from './outbox.ts'

const ROUNDS = process.env['VIGIE_SOAK'] === '1' ? 20 : 1
const source = new URL('.', import.meta.url).pathname
const reason = spawnSync('fiu-run', ['-h']).error ? 'fiu-run is not here (Debian: fiu-utils)' : undefined
if (reason !== undefined) console.log(`no write is made to fail: ${reason}`)

/** Keeps and settles while one write in so many fails; says what was accepted, what was settled, and how often it failed. */
const WRITER = `
import { writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { monotonicFactory } from 'ulid'
import { openOutbox } from '${source}outbox.ts'
import { classRules } from '${source}class-rules.ts'
const newId = monotonicFactory()
const time = { now: Date.now, monotonicMs: () => performance.now(), wait: (ms, signal) => wait(ms, undefined, { signal }) }
const events = {}
const kept = new Set()
function tell(event) {
  events[event.kind] = (events[event.kind] ?? 0) + 1
  if (event.kind === 'frame-saved') kept.add(event.id)
}
const deps = { time, announce() {}, tell }
const options = { folder: process.argv[2], rules: classRules({ frameMaxBytes: 2e9 }) }
async function open() {
  for (;;) {
    try {
      return await openOutbox(options, deps)
    } catch (error) {
      if (error.code !== 'disk-failing') throw error
    }
  }
}
const { outbox } = await open()
let refused = 0
for (let turn = 0; turn < 150; turn++) {
  const isFrame = turn % 4 === 0
  const item = { id: newId(), class: isFrame ? 'frame' : 'state', topic: 't', payload: Buffer.alloc(isFrame ? 20_000 : 300, 7) }
  try {
    const { where } = await outbox.keep(item)
    // What the disk refused is in memory, and was not said to be safe.
    if (where === 'disk') kept.add(item.id)
  } catch (error) {
    if (error.code !== 'disk-failing') throw error
    refused++
  }
  if (turn % 5 === 4) {
    const lent = outbox.takeNextBatch(['state', 'frame'], { maxItems: 2, maxBytes: 1e6 })
    for (const { item } of await outbox.settle(lent.map(({ id }) => ({ id, outcome: 'stored' })))) kept.delete(item.id)
    outbox.takeBackAll()
  }
  await outbox.nextSession()
}
await outbox.close()
for (let isSaid = false; !isSaid; ) {
  try {
    writeFileSync(process.argv[2] + '.json', JSON.stringify({ kept: [...kept], refused, events }))
    isSaid = true
  } catch {
    // This write may be the one that fails.
  }
}
`

let folder: string
let program: BuiltProgram
beforeAll(async () => {
  if (reason !== undefined) return
  folder = mkdtempSync(join(tmpdir(), 'vigie-io-'))
  program = await buildProgram(new URL('../../dist/io-errors', import.meta.url).pathname, WRITER, [
    'better-sqlite3',
    'ulid',
  ])
})
afterAll(() => {
  if (reason !== undefined) return
  rmSync(folder, { recursive: true })
  program.remove()
})

test.skipIf(reason !== undefined).each([
  ['writes to the database', ['posix/io/rw/pwrite'], 0.2],
  ['the names of files', ['posix/io/dir/rename', 'posix/io/dir/unlink'], 0.5],
  ['syncing', ['posix/io/sync/fsync', 'posix/io/sync/fdatasync'], 0.3],
])(
  'survives errors of %s, says them, and loses nothing that it accepted',
  async (_name, points, probability) => {
    for (let round = 0; round < ROUNDS; round++) {
      const data = join(folder, `${points.join().replaceAll('/', '-')}-${round}`)
      const faults = points.flatMap((name) => ['-c', `enable_random name=${name},probability=${probability}`])
      await promisify(execFile)('fiu-run', ['-x', ...faults, process.execPath, program.file, data])
      const said: { kept: string[]; refused: number; events: Record<string, number> } = JSON.parse(
        readFileSync(`${data}.json`, 'utf8'),
      )
      const { outbox, rebuilt, missing } = await openOutbox(
        { folder: data, rules: classRules({ frameMaxBytes: 2e9 }) },
        { time: createHandTime({ nowMs: 0 }), announce: () => undefined, tell: () => undefined },
      )
      const found = outbox.takeNextBatch(['state', 'frame'], { maxItems: 1e5, maxBytes: 1e12 })
      const ids = new Set<string>(found.map(({ id }) => id))
      console.log(`${points}: ${said.kept.length} kept, ${said.refused} refused, told ${JSON.stringify(said.events)}`)
      expect(said.events['disk-failing']).toBeGreaterThan(0)
      expect(said.kept.filter((id) => !ids.has(id))).toEqual([])
      expect([rebuilt, missing]).toEqual([null, 0])
      for (const item of found) expect((await outbox.read(item))?.byteLength).toBe(item.bytes)
      await outbox.close()
    }
  },
  120_000,
)
