import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BootId, ItemId } from '@vigie/contract/ids'
import { buildTopic } from '@vigie/contract/topics'
import { createTrialFleet, newUlid } from '@vigie/tests/fixtures/trial-fleet'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { openLaneLedger } from '../lane/ledger/lane-ledger.ts'
import { classRules } from '../outbox/class-rules.ts'
import { openOutbox } from '../outbox/outbox.ts'
import type { Outcome } from './rescue-outbox.ts'
import { runRescue } from './run-rescue.ts'

const NOW = Date.parse('2026-11-25T12:00:00.000Z')
type Fleet = Awaited<ReturnType<typeof createTrialFleet>>
let fleet: Fleet
let folder: string
let printed: string[]
const terminal = { print: (line: string) => void printed.push(line) }
const signal = new AbortController().signal

beforeAll(async () => {
  fleet = await createTrialFleet({ now: NOW })
})
afterAll(() => fleet.remove())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-lying-'))
  printed = []
})
afterEach(() => rmSync(folder, { recursive: true }))

/** An outbox of a box that died: so many telemetry records and frames. */
async function fill(records: number, frames: number): Promise<string[]> {
  const { unit } = fleet
  const time = { now: () => NOW, monotonicMs: () => 0, wait: () => new Promise<void>(() => undefined) }
  const deps = { time, announce: () => undefined, tell: () => undefined }
  const { outbox } = await openOutbox({ folder, rules: classRules({ frameMaxBytes: 1e7 }) }, deps)
  const ids: string[] = []
  const keep = async (item: Parameters<typeof outbox.keep>[0]) => {
    ids.push(item.id)
    await outbox.keep(item)
  }
  const topic = buildTopic({ site: unit.siteId, unit: unit.unit, what: 'telemetry' })
  for (let count = 0; count < records; count += 1) {
    await keep({ id: newUlid() as ItemId, class: 'telemetry', topic, payload: Buffer.alloc(600, `r${count} `) })
  }
  for (let count = 0; count < frames; count += 1) {
    const { id, topic: to, payload } = await unit.frame({ at: NOW + count })
    await keep({ id, class: 'frame', topic: to, payload })
  }
  await outbox.close()
  return ids
}

/** A cloud that stores each id once. */
function cloud({ failsAfter = Infinity } = {}) {
  const stored = new Map<string, number>()
  const places = new Set<string>()
  let calls = 0
  return {
    stored,
    places,
    post: async (place: { site: string; unit: string }, items: readonly { id: string }[]): Promise<Outcome[]> => {
      calls += 1
      if (calls > failsAfter) throw new Error('Le centre ne répond pas.')
      places.add(`${place.site}/${place.unit}`)
      for (const { id } of items) stored.set(id, (stored.get(id) ?? 0) + 1)
      return items.map(({ id }) => ({ id, outcome: 'stored', reason: null }))
    },
  }
}
const rescue = (to: ReturnType<typeof cloud>) => runRescue(folder, { terminal, post: to.post, now: () => NOW }, signal)
const everything = () =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, sizeAndContent(join(folder, name))]))
const sizeAndContent = (path: string) => (statSync(path).isDirectory() ? readdirSync(path) : readFileSync(path, 'hex'))

describe('the rescue of an outbox', () => {
  test('sends every record and every frame, under the place they came from, and writes nothing to the disk', async () => {
    const ids = await fill(150, 3)
    const before = everything()
    chmodSync(folder, 0o555)
    const to = cloud()
    expect(await rescue(to)).toBe(0)
    chmodSync(folder, 0o755)
    expect([...to.stored.keys()].toSorted()).toEqual(ids.toSorted())
    expect([...to.places]).toEqual([`${fleet.unit.siteId}/${fleet.unit.unit}`])
    expect(everything()).toEqual(before)
    expect(printed.join('\n')).toContain('Au centre : 153.')
  })

  test('of a damaged database sends what can be read of it, and all frames', async () => {
    const ids = await fill(200, 2)
    const file = join(folder, 'outbox.sqlite')
    const bytes = readFileSync(file)
    const torn = Math.floor(bytes.length / 2 / 4096) * 4096
    bytes.fill(0x5a, torn, torn + 8192)
    writeFileSync(file, bytes)
    const to = cloud()
    expect(await rescue(to)).toBe(0)
    expect(to.stored.size).toBeGreaterThan(150)
    for (const frame of ids.slice(-2)) expect(to.stored.has(frame)).toBe(true)
    expect(printed.join('\n')).toMatch(/La base est abîmée : \d+ enregistrements/)
  })

  test('that was cut off is gone on with by the same command', async () => {
    const ids = await fill(250, 0)
    expect(await rescue(cloud({ failsAfter: 1 }))).toBe(1)
    expect(printed.join('\n')).toContain('Relancez la même commande')
    const to = cloud()
    expect(await rescue(to)).toBe(0)
    expect(to.stored.size).toBe(ids.length)
  })

  test('leaves no copy behind, also when it cannot be made', async () => {
    mkdirSync(join(folder, 'outbox.sqlite'))
    vi.stubEnv('TMPDIR', folder)
    await expect(rescue(cloud())).rejects.toThrow('EISDIR')
    expect(readdirSync(folder)).toEqual(['outbox.sqlite'])
    vi.unstubAllEnvs()
  })

  test('says how many the cloud refused, and why, and does not call it done', async () => {
    await fill(2, 0)
    const post = async (_place: unknown, items: readonly { id: string }[]): Promise<Outcome[]> =>
      items.map(({ id }) => ({ id, outcome: 'refused', reason: 'key-unknown' }))
    expect(await runRescue(folder, { terminal, post, now: () => NOW }, signal)).toBe(2)
    expect(printed.join('\n')).toContain('2 : signé par une clé que le centre ne connaît pas')
  })

  test('Y11: sends the rows of a lane that its outbox never took, and all of them when that outbox is gone', async () => {
    const { unit, siteId: site } = fleet.unit
    const of = { unit, boot: newUlid() as BootId, newId: () => newUlid() as ItemId }
    const clock = { now: () => NOW, monotonicMs: () => 0, state: () => 'synchronised' as const, errorMs: () => 0 }
    const { ledger } = openLaneLedger({ file: join(folder, 'ledger.sqlite'), now: () => NOW }, { ...of, clock })
    const out = { lane: null, body: { kind: 'everybody-out' as const } }
    const rows = ledger.append([out, out, out, out])
    ledger.setMark('cloud', 2)
    ledger.close()
    mkdirSync(join(folder, 'identity'))
    const kept = { v: 1, certificates: JSON.parse(Buffer.from(fleet.unit.birth(1).payload).toString()).certificate }
    writeFileSync(join(folder, 'identity', 'current.json'), JSON.stringify(kept))
    await fill(1, 0)
    const sound = cloud()
    expect(await rescue(sound)).toBe(0)
    expect([...sound.stored.keys()].slice(1)).toEqual(rows.slice(2).map(({ id }) => id))
    expect([...sound.places]).toEqual([`${site}/${unit}`])
    rmSync(join(folder, 'outbox.sqlite'))
    const gone = cloud()
    expect(await rescue(gone)).toBe(0)
    expect([...gone.stored.keys()]).toEqual(rows.map(({ id }) => id))
  })

  test('of a folder that is no outbox is refused', async () => {
    await expect(rescue(cloud())).rejects.toMatchObject({ code: 'usage' })
  })
})
