import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { classRules } from './class-rules.ts'
import { openOutbox } from './outbox.ts'

const KILLS = 6
const source = new URL('.', import.meta.url).pathname
const built = new URL('../../dist/sudden-death', import.meta.url).pathname
let folder: string

/** Keeps frames and states without a pause and says the id of each only when the outbox has accepted it. */
const WRITER = `
import { monotonicFactory } from 'ulid'
import { openOutbox } from '${source}outbox.ts'
import { classRules } from '${source}class-rules.ts'
const newId = monotonicFactory()
const { outbox } = await openOutbox(
  { folder: process.argv[2], rules: classRules({ frameMaxBytes: 2e9 }) },
  { now: Date.now, announce() {} },
)
console.log('open')
for (let turn = 0; ; turn++) {
  const item = { id: newId(), class: turn % 3 ? 'state' : 'frame', topic: 't', payload: Buffer.alloc(turn % 3 ? 300 : 60_000, 7) }
  await outbox.keep(item)
  console.log(item.id)
  if (turn % 7 === 6) {
    const [settling] = outbox.takeNextBatch(['state'], { maxItems: 1, maxBytes: 1e6 })
    console.log('settling ' + settling.id)
    await outbox.settle([{ id: settling.id, outcome: 'stored' }])
    console.log('settled ' + settling.id)
  }
}
`

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-death-'))
  // Within the workspace, so that packages are found; dist/ is nobody's source.
  mkdirSync(built, { recursive: true })
  const entry = join(built, 'writer.ts')
  writeFileSync(entry, WRITER)
  await build({
    ...{ configFile: false, logLevel: 'error', root: source },
    ssr: { external: ['better-sqlite3', 'ulid'], noExternal: [/^@vigie/], resolve: { conditions: ['vigie:source'] } },
    build: {
      ssr: entry,
      outDir: built,
      emptyOutDir: true,
      rollupOptions: { output: { entryFileNames: 'writer.js' } },
    },
  })
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
  rmSync(built, { recursive: true, force: true })
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

test(`has after each of ${KILLS} deaths by kill -9 every item that it accepted, whole, and at most one more`, async () => {
  const data = join(folder, 'data')
  const expected = new Set<string>()
  for (let kill = 0; kill < KILLS; kill++) {
    const writer = spawn(process.execPath, [join(built, 'writer.js'), data], { stdio: ['ignore', 'pipe', 'inherit'] })
    // Another number each time, so that death comes in another place of keep and settle.
    const lines = await linesUntilKilled(writer, 5 + ((kill * 11) % 29))
    expect(lines[0]).toBe('open')
    let settling: string | undefined
    for (const line of lines.slice(1)) {
      const [word, id] = line.split(' ')
      if (word === 'settling') settling = id
      else if (word === 'settled') expected.delete(id ?? '')
      else expected.add(line)
    }
    const { outbox, setAside, missing } = await openOutbox(
      { folder: data, rules: classRules({ frameMaxBytes: 2e9 }) },
      { now: () => 0, announce: () => undefined },
    )
    expect([setAside, missing]).toEqual([null, 0])
    const found = outbox.takeNextBatch(['state', 'frame'], { maxItems: 1e5, maxBytes: 1e12 })
    const ids = new Set<string>(found.map(({ id }) => id))
    // Death may come between an acceptance, or a settling, and the word of it.
    const gone = [...expected].filter((id) => !ids.has(id))
    const extra = [...ids].filter((id) => !expected.has(id))
    expect(gone.filter((id) => id !== settling)).toEqual([])
    expect(extra.length).toBeLessThanOrEqual(1)
    for (const id of gone) expected.delete(id)
    for (const id of extra) expected.add(id)
    for (const item of found) expect((await outbox.read(item))?.byteLength).toBe(item.bytes)
    outbox.close()
  }
  expect(expected.size).toBeGreaterThan(30)
}, 60_000)
