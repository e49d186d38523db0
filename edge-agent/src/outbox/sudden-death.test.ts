import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createHandTime } from '@vigie/tests/fakes/hand-time'
import { type BuiltProgram, buildProgram } from '@vigie/tests/fixtures/built-program'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { classRules } from './class-rules.ts'
import { openOutbox } from './outbox.ts'

const KILLS = process.env['VIGIE_SOAK'] === '1' ? 100 : 8
const source = new URL('.', import.meta.url).pathname
const built = new URL('../../dist/sudden-death', import.meta.url).pathname
let folder: string
let program: BuiltProgram

/**
 * Keeps frames and states without a pause and says the id of each only when the outbox has accepted it, and where. Settles
 * the oldest state now and then, and a frame that is in memory alone: some are settled there, some saved.
 */
const WRITER = `
import { setTimeout as wait } from 'node:timers/promises'
import { monotonicFactory } from 'ulid'
import { openOutbox } from '${source}outbox.ts'
import { classRules } from '${source}class-rules.ts'
const newId = monotonicFactory()
const { outbox } = await openOutbox(
  { folder: process.argv[2], rules: classRules({ frameMaxBytes: 2e9 }) },
  {
    time: { now: Date.now, monotonicMs: () => performance.now(), wait: (ms, signal) => wait(ms, undefined, { signal }) },
    announce() {},
    tell: (event) => console.log(event.kind + ' ' + event.id),
  },
)
async function settle(id) {
  console.log('settling ' + id)
  await outbox.settle([{ id, outcome: 'stored' }])
  console.log('settled ' + id)
}
console.log('open')
for (let turn = 0; ; turn++) {
  const item = { id: newId(), class: turn % 3 ? 'state' : 'frame', topic: 't', payload: Buffer.alloc(turn % 3 ? 300 : 60_000, 7) }
  const { where } = await outbox.keep(item)
  console.log(where + ' ' + item.id)
  if (turn % 7 === 6) await settle(outbox.takeNextBatch(['state'], { maxItems: 1, maxBytes: 1e6 })[0].id)
  if (where === 'memory' && turn % 2) await settle(item.id)
  if (turn % 25 === 24) outbox.takeBackAll()
}
`

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-death-'))
  program = await buildProgram(built, WRITER, ['better-sqlite3', 'ulid'])
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
  program.remove()
})

/** Reads what the writer says until it has said so many lines, then kills it in the middle of whatever it does. */
async function linesUntilKilled(writer: ChildProcess, count: number): Promise<string[]> {
  if (!writer.stdout) throw new Error('no output')
  const exited = once(writer, 'exit')
  const lines: string[] = []
  for await (const line of createInterface({ input: writer.stdout })) {
    lines.push(line)
    if (lines.length === count) writer.kill('SIGKILL')
  }
  await exited
  return lines
}

test(`has after each of ${KILLS} deaths by kill -9 every item that it accepted, whole, but for one frame that was only in memory`, async () => {
  const data = join(folder, 'data')
  /** Accepted and on the disk. */
  const expected = new Set<string>()
  let diedInMemory = 0
  for (let kill = 0; kill < KILLS; kill++) {
    const writer = spawn(process.execPath, [program.file, data], { stdio: ['ignore', 'pipe', 'inherit'] })
    // Another number each time, so that death comes in another place of keep, save and settle.
    const lines = await linesUntilKilled(writer, 5 + ((kill * 11) % 59))
    expect(lines[0]).toBe('open')
    const onlyInMemory = new Set<string>()
    let settling: string | undefined
    for (const line of lines.slice(1)) {
      const [word, id = ''] = line.split(' ')
      if (word === 'memory') onlyInMemory.add(id)
      else if (word === 'settling') settling = id
      else {
        onlyInMemory.delete(id)
        if (word === 'settled') expected.delete(id)
        else expected.add(id)
      }
    }
    expect(onlyInMemory.size).toBeLessThanOrEqual(1)
    const { outbox, rebuilt, missing } = await openOutbox(
      { folder: data, rules: classRules({ frameMaxBytes: 2e9 }) },
      { time: createHandTime({ nowMs: 0 }), announce: () => undefined, tell: () => undefined },
    )
    expect([rebuilt, missing]).toEqual([null, 0])
    const found = outbox.takeNextBatch(['state', 'frame'], { maxItems: 1e5, maxBytes: 1e12 })
    const ids = new Set<string>(found.map(({ id }) => id))
    diedInMemory += [...onlyInMemory].filter((id) => !ids.has(id)).length
    // Death may come between an acceptance, a saving or a settling, and the word of it.
    const gone = [...expected].filter((id) => !ids.has(id))
    const extra = [...ids].filter((id) => !expected.has(id))
    expect(gone.filter((id) => id !== settling)).toEqual([])
    // A frame that came can just have made an older one be saved.
    expect(extra.length).toBeLessThanOrEqual(2)
    for (const id of gone) expected.delete(id)
    for (const id of extra) expected.add(id)
    for (const item of found) expect((await outbox.read(item))?.byteLength).toBe(item.bytes)
    await outbox.close()
  }
  expect(diedInMemory).toBeLessThanOrEqual(KILLS)
  expect(expected.size).toBeGreaterThan(30)
}, 300_000)
