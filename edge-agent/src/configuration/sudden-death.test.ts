import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type BuiltProgram, buildProgram } from '@vigie/tests/fixtures/built-program'
import { seededRandom, seedOfRun } from '@vigie/tests/fixtures/seeded-random'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createConfigurationFiles } from './configuration-files.ts'

const KILLS = process.env['VIGIE_SOAK'] === '1' ? 200 : 20
const source = new URL('.', import.meta.url).pathname
const built = new URL('../../dist/configuration-death', import.meta.url).pathname
let folder: string
let program: BuiltProgram

/**
 * A unit that gets one version after the other, as fast as it takes them; every third trial fails. It says what it tries
 * before anything of it is durable, and what runs after it is.
 */
const UNIT = `
import { setTimeout as wait } from 'node:timers/promises'
import { generateKeyPairSync } from 'node:crypto'
import { createConfigurationFiles } from '${source}configuration-files.ts'
import { digestOf } from '${source}digested-file.ts'
import { openDesiredConfiguration } from '${source}desired-configuration.ts'
const names = ['site', 'camera', 'lane', 'masks', 'schedule', 'budget']
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' })
const time = {
  now: Date.now, monotonicMs: () => performance.now(), wait: (ms, signal) => wait(ms, undefined, { signal }),
  state: () => 'synchronised', date: () => ({ at: new Date().toISOString() }),
}
let version = 0
const plan = (latitude) => ({ place: { latitude, longitude: 6 }, cameras: [], historyBytesPerHour: null })
let installed = 0
const unit = await openDesiredConfiguration({
  time, seed: plan(0), files: createConfigurationFiles(process.argv[2]), key: () => key,
  readSet: async (bytes) => ({ ok: true, set: JSON.parse(Buffer.from(bytes).toString()) }),
  planOf: async (documents) => ({ ok: true, plan: plan(JSON.parse(documents.budget)) }),
  tryCameras: async ({ next }) => {
    await wait(Math.random() * 3)
    return next.place.latitude % 3 === 0 ? { ok: false, reason: 'camera-unreachable', about: 'cam1' } : { ok: true }
  },
  holdUplink: async () => (await wait(Math.random() * 3), { ok: true }),
  goBy: async (next) => { installed = next.place.latitude },
  ask() {}, tell: async () => {},
  onEvent: (event) => {
    if (event.kind === 'trying') console.log('trying ' + event.of.version)
    if (event.kind === 'running') console.log('running ' + event.of.version)
    if (event.kind === 'refused') console.log('refused ' + event.refused.version)
    if (event.kind === 'running' || event.kind === 'refused') setImmediate(next)
  },
})
installed = unit.plan.place.latitude
const report = unit.report()
if (installed !== report.version) console.log('WRONG ' + installed + ' ' + report.version)
version = Math.max(report.version, report.refused?.version ?? 0, Number(process.argv[3]))
console.log('open ' + report.version)
function next() {
  version++
  const texts = names.map((name) => [name, name === 'budget' ? String(version) : '"' + name + '"'.padEnd(4000, ' ')])
  const documents = Object.fromEntries(texts.map(([name, text]) => [name, digestOf(text)]))
  const set = { v: 1, kind: 'desired-set', site: 'seyne', unit: 'vg-0001', version, attempt: 1, at: new Date().toISOString(), documents }
  for (const [name, text] of texts) unit.take(name, Buffer.from(text))
  unit.take('set', Buffer.from(JSON.stringify(set)))
}
setImmediate(next)
await unit.run(new AbortController().signal)
`

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-configuration-'))
  program = await buildProgram(built, UNIT, ['jose', 'reflect-metadata', '@peculiar/x509'])
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
  program.remove()
})

type Said = { opened: number; tried: number; ran: number; wrong: string[] }

/** Lets the unit work, kills it in the middle of something, and gives what it had said by then. */
async function killedAfter(lines: number, atLeast: number): Promise<Said> {
  const child: ChildProcess = spawn(process.execPath, [program.file, folder, String(atLeast)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said: Said = { opened: 0, tried: 0, ran: 0, wrong: [] }
  const gone = once(child, 'exit')
  let left = lines
  if (child.stdout) {
    for await (const line of createInterface(child.stdout)) {
      const [word, number] = line.split(' ')
      if (word === 'open') said.opened = Number(number)
      else if (word === 'trying') said.tried = Number(number)
      else if (word === 'running') said.ran = Number(number)
      else if (word === 'WRONG') said.wrong.push(line)
      left -= 1
      if (left === 0) child.kill('SIGKILL')
    }
  }
  await gone
  return said
}

test(`killed ${KILLS} times in the middle, a unit has the last good configuration or the new one, whole`, async () => {
  const seed = seedOfRun()
  const random = seededRandom(seed)
  let last = 0
  let highest = 0
  for (let kill = 0; kill < KILLS; kill++) {
    const said = await killedAfter(5 + Math.floor(random() * 40), highest)
    expect(said.wrong).toEqual([])
    // What it opened with is what the disk held.
    expect(said.opened).toBe(last)
    const { set, documents } = createConfigurationFiles(folder).readConfirmed().confirmed ?? {
      set: null,
      documents: null,
    }
    if (!set || !documents) throw new Error('nothing is left')
    const lowest = Math.max(said.ran, last)
    expect(set.version).toBeGreaterThanOrEqual(lowest)
    // Beyond what it said to run there is only what it was trying.
    if (set.version !== lowest) expect(set.version).toBe(said.tried)
    expect(documents.budget).toBe(String(set.version))
    expect(readdirSync(folder).filter((name) => name.endsWith('.damaged'))).toEqual([])
    last = set.version
    highest = Math.max(said.tried, set.version)
  }
  expect(last).toBeGreaterThan(KILLS)
}, 600_000)
