import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type BuiltProgram, buildProgram } from '@vigie/tests/fixtures/built-program'
import { seededRandom, seedOfRun } from '@vigie/tests/fixtures/seeded-random'
import { monotonicFactory } from 'ulid'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** Of forty runs a unit remembers every command; beyond 256 it takes no more. */
const KILLS = process.env['VIGIE_SOAK'] === '1' ? 40 : 8
const source = new URL('.', import.meta.url).pathname
const built = new URL('../../dist/command-death', import.meta.url).pathname
let folder: string
let program: BuiltProgram

/**
 * A unit that is given commands on a line each, and says on lines what it does and what it tells. One in three words
 * never leaves it; a probe takes a moment and finds something.
 */
const UNIT = `
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { createCommandMemory } from '${source}command-memory.ts'
import { createOrders } from '${source}orders.ts'
import { createCommands } from '${source}take-commands.ts'
const clock = { now: Date.now, monotonicMs: () => performance.now(), state: () => 'synchronised' }
const memory = createCommandMemory(process.argv[2])
const doing = (id) => console.log('does ' + id)
let words = 0
const commands = createCommands({
  clock, memory, orders: createOrders(clock, memory.read().orders),
  doers: {
    probe: { run: async (_, { id }) => {
      doing(id)
      await wait(Math.random() * 8)
      return { step: 'done', result: { of: 'clock', state: 'synchronised', offsetMs: 0, upS: 1 } }
    } },
    'restart-agent': { endsRun: true, run: (_, { id }) => (doing(id), { step: 'returning' }) },
  },
  say(id, { step, result }, onSent) {
    if (++words % 3 === 0) return
    console.log(['says', id, step, result?.of ?? '-'].join(' '))
    onSent()
  },
})
const stop = new AbortController()
createInterface(process.stdin).on('line', (line) => commands.take(Buffer.from(line))).on('close', () => stop.abort())
console.log('up')
await commands.run(stop.signal)
`

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-command-death-'))
  program = await buildProgram(built, UNIT, [])
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
  program.remove()
})

test(`killed ${KILLS} times in the middle, a unit does no command twice, and tells how each ended that it accepted`, async () => {
  const random = seededRandom(seedOfRun())
  const newId = monotonicFactory()
  const done = new Map<string, number>()
  /** What was told of each, in order. */
  const told = new Map<string, string[]>()
  const given: string[] = []

  /** Gives a run of the unit some commands, old ones again among them, and kills it after so many lines. */
  async function runUntil(lines: number, commands: number): Promise<void> {
    const child: ChildProcess = spawn(process.execPath, [program.file, join(folder, 'commands.json')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const gone = once(child, 'exit')
    child.stdin?.on('error', () => undefined) // it was killed while we wrote
    let left = lines
    if (!child.stdout) throw new Error('its words are not to be heard')
    for await (const line of createInterface(child.stdout)) {
      const [what = '', id = '', step = '', result = ''] = line.split(' ')
      if (what === 'up') {
        for (let count = 0; count < commands; count++) child.stdin?.write(`${aCommand()}\n`)
        // Who says too little to be killed ends by itself.
        child.stdin?.end()
      } else if (what === 'does') done.set(id, (done.get(id) ?? 0) + 1)
      else told.set(id, [...(told.get(id) ?? []), `${step} ${result}`])
      left -= 1
      if (left === 0) child.kill('SIGKILL')
    }
    await gone
  }

  function aCommand(): string {
    const again = random() < 0.3 ? given[Math.floor(random() * given.length)] : undefined
    if (again !== undefined) return again
    const [issuedAt, expiresAt] = [Date.now(), Date.now() + 600_000].map((ms) => new Date(ms).toISOString())
    const body = random() < 0.2 ? { name: 'restart-agent' } : { name: 'probe', what: 'clock' }
    const text = JSON.stringify({ v: 1, id: newId(), issuedAt, expiresAt, body })
    given.push(text)
    return text
  }

  for (let kill = 0; kill < KILLS; kill++) await runUntil(2 + Math.floor(random() * 10), 6)
  expect(Math.max(...done.values())).toBe(1)
  expect(done.size).toBeGreaterThan(KILLS)
  const isOpen = (id: string) => (told.get(id) ?? []).every((word) => word.startsWith('accepted'))
  const open = [...done.keys()].filter(isOpen)
  // Of three words one never leaves: some runs later everything has been told, without anybody asking.
  for (let run = 0; run < 8 && open.some(isOpen); run++) await runUntil(Infinity, 0)
  expect(open.filter(isOpen)).toEqual([])
  for (const [id, words] of told) {
    const ends = words.filter((word) => !word.startsWith('accepted'))
    expect(new Set(ends.map((word) => word.split(' ')[0])).size, id).toBeLessThanOrEqual(1)
  }
}, 300_000)
