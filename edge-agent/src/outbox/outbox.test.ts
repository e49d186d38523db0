import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ItemId } from '@vigie/contract/ids'
import type { ItemClass } from '@vigie/contract/item-class'
import type { ReceiptItem } from '@vigie/contract/receipt'
import Database from 'better-sqlite3'
import { monotonicFactory } from 'ulid'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AgentFault } from '../faults.ts'
import type { Time } from '../time.ts'
import { type ClassRules, classRules } from './class-rules.ts'
import { type Outbox, type OutgoingItem, openOutbox } from './outbox.ts'

const newUlid = monotonicFactory()
const item = (name: ItemClass, bytes = 100): OutgoingItem => ({
  id: newUlid() as ItemId,
  class: name,
  topic: `to/${name}`,
  payload: Buffer.alloc(bytes, name),
})
const stored = ({ id }: { id: ItemId }): ReceiptItem => ({ id, outcome: 'stored' })
const everything = { maxItems: 1000, maxBytes: 1e9 }
const RECORDS: ItemClass[] = ['ticket', 'alarm', 'state', 'telemetry']

let folder: string
let announced: number
let nowMs: number
/** Nothing in these tests waits for a frame's receipt. */
const time: Time = { now: () => nowMs, monotonicMs: () => 0, wait: () => new Promise(() => undefined) }
const opened: Outbox[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-outbox-'))
  announced = 0
  nowMs = 1_800_000_000_000
})
afterEach(async () => {
  for (const outbox of opened.splice(0)) await outbox.close()
  rmSync(folder, { recursive: true })
})

async function open(rules: ClassRules = classRules({ frameMaxBytes: 1_000_000 })) {
  const opening = await openOutbox({ folder, rules }, { time, announce: () => announced++, tell: () => undefined })
  opened.push(opening.outbox)
  return opening
}
async function reopen() {
  for (const outbox of opened.splice(0)) await outbox.close()
  return open()
}
const frameFiles = () => readdirSync(join(folder, 'frames'))

describe('the outbox', () => {
  test('has an item after a restart, with every byte, until its receipt, and not after', async () => {
    const first = await open()
    const [frame, state] = [item('frame', 5000), item('state')]
    for (const one of [frame, state])
      expect(await first.outbox.keep(one)).toEqual({ kept: true, dropped: 0, where: 'disk' })
    expect(announced).toBe(2)

    const { outbox } = await reopen()
    const batch = outbox.takeNextBatch(['frame', 'state'], everything)
    expect(batch.map(({ id }) => id).sort()).toEqual([frame.id, state.id])
    for (const kept of batch) {
      const sent = kept.id === frame.id ? frame : state
      expect(kept).toMatchObject({ topic: sent.topic, bytes: sent.payload.byteLength })
      expect(Buffer.from((await outbox.read(kept)) ?? [])).toEqual(sent.payload)
    }
    const settled = await outbox.settle([stored(frame), { id: state.id, outcome: 'refused', reason: 'shape-wrong' }])
    expect(settled.map(({ receipt }) => receipt.outcome)).toEqual(['stored', 'refused'])

    const { outbox: last } = await reopen()
    expect(last.takeNextBatch(['frame', 'state'], everything)).toEqual([])
    expect(frameFiles()).toEqual([])
  })

  test('lends an item once, and again when the connection is gone', async () => {
    const { outbox } = await open()
    const state = item('state')
    await outbox.keep(state)
    expect(outbox.takeNextBatch(RECORDS, everything)).toHaveLength(1)
    expect(outbox.takeNextBatch(RECORDS, everything)).toEqual([])
    outbox.takeBackAll()
    expect(outbox.takeNextBatch(RECORDS, everything)).toMatchObject([{ id: state.id }])
  })

  test('passes over receipts for what it does not have', async () => {
    const { outbox } = await open()
    const state = item('state')
    await outbox.keep(state)
    expect(await outbox.settle([stored(item('frame')), stored(state), stored(state)])).toHaveLength(1)
    expect(outbox.backlog().state).toEqual({ items: 0, bytes: 0 })
  })

  test('lets the newest frame and the newest telemetry go first, and the oldest of everything else', async () => {
    const { outbox } = await open()
    const made = ['frame', 'frame', 'frame', 'telemetry', 'telemetry', 'state', 'state'].map((name) =>
      item(name as ItemClass),
    ) // of the list before
    for (const one of made) await outbox.keep(one)
    const ids = made.map(({ id }) => id)
    expect(outbox.takeNextBatch(['frame'], everything).map(({ id }) => id)).toEqual(ids.slice(0, 3).reverse())
    expect(outbox.takeNextBatch(['telemetry'], everything).map(({ id }) => id)).toEqual(ids.slice(3, 5).reverse())
    expect(outbox.takeNextBatch(['state'], everything).map(({ id }) => id)).toEqual(ids.slice(5))
  })

  test('gives every class that waits its turns, however much of the others there is', async () => {
    const { outbox } = await open()
    for (let index = 0; index < 60; index++) for (const name of RECORDS) await outbox.keep(item(name))
    const turns = outbox.takeNextBatch(RECORDS, { maxItems: 30, maxBytes: 1e9 })
    const count = (name: ItemClass) => turns.filter((turn) => turn.class === name).length
    expect(RECORDS.map(count)).toEqual([16, 8, 4, 2])
  })

  test('takes no more than there is room for, in items and in bytes', async () => {
    const { outbox } = await open()
    for (let index = 0; index < 5; index++) await outbox.keep(item('telemetry', 300))
    expect(outbox.takeNextBatch(RECORDS, { maxItems: 2, maxBytes: 1e9 })).toHaveLength(2)
    expect(outbox.takeNextBatch(RECORDS, { maxItems: 5, maxBytes: 700 })).toHaveLength(2)
    expect(outbox.takeNextBatch(RECORDS, { maxItems: 0, maxBytes: 1e9 })).toEqual([])
  })

  test('counts what waits, also after a restart', async () => {
    const first = await open()
    for (const one of [item('frame', 1000), item('frame', 500), item('state', 10)]) await first.outbox.keep(one)
    const expected = {
      frame: { items: 2, bytes: 1500 },
      state: { items: 1, bytes: 10 },
      ticket: { items: 0, bytes: 0 },
    }
    expect(first.outbox.backlog()).toMatchObject(expected)
    expect((await reopen()).outbox.backlog()).toMatchObject(expected)
  })
})

describe('a full outbox', () => {
  const small = classRules({ frameMaxBytes: 2_500 })
  const tight: ClassRules = {
    ...small,
    ticket: { ...small.ticket, maxBytes: 250 },
    telemetry: { ...small.telemetry, maxBytes: 250 },
  }

  test('lets the oldest frames give way to a new one, their files too, and says how many', async () => {
    const { outbox } = await open(tight)
    const frames = [item('frame', 1000), item('frame', 1000), item('frame', 1000), item('frame', 2000)]
    const kept = []
    for (const frame of frames) kept.push(await outbox.keep(frame))
    expect(kept.map((one) => one.kept && one.dropped)).toEqual([0, 0, 1, 2])
    expect(frameFiles()).toEqual([`${frames[3]?.id}.frame`])
    expect(outbox.backlog().frame).toEqual({ items: 1, bytes: 2000 })
  })

  test('refuses a ticket rather than drop an older one, and drops nothing of another class for it', async () => {
    const { outbox } = await open(tight)
    const tickets = [item('ticket'), item('ticket'), item('ticket')]
    await outbox.keep(item('frame', 1000))
    const kept = []
    for (const ticket of tickets) kept.push((await outbox.keep(ticket)).kept)
    expect(kept).toEqual([true, true, false])
    expect(outbox.backlog()).toMatchObject({ ticket: { items: 2 }, frame: { items: 1 } })
  })

  test('keeps the newest telemetry, and refuses what is larger than all its room', async () => {
    const { outbox } = await open(tight)
    const made = [item('telemetry'), item('telemetry'), item('telemetry')]
    for (const one of made) await outbox.keep(one)
    expect(outbox.takeNextBatch(['telemetry'], everything).map(({ id }) => id)).toEqual([made[2]?.id, made[1]?.id])
    expect(await outbox.keep(item('telemetry', 251))).toEqual({ kept: false, reason: 'outbox-full' })
    expect(outbox.backlog().telemetry.items).toBe(2)
  })

  test('forgets a lent frame that gave way: its receipt then changes nothing', async () => {
    const { outbox } = await open(tight)
    const [old, big] = [item('frame', 1000), item('frame', 2400)]
    await outbox.keep(old)
    const [lent] = outbox.takeNextBatch(['frame'], everything)
    await outbox.keep(big)
    expect(lent && (await outbox.read(lent))).toBeNull()
    expect(await outbox.settle([stored(old)])).toEqual([])
    expect(outbox.backlog().frame).toEqual({ items: 1, bytes: 2400 })
  })
})

describe('a database that cannot grow', () => {
  test('says that the disk fails, drops no frame for what that would not mend, and works again when items were settled', async () => {
    const small = classRules({ frameMaxBytes: 1e6 })
    const shrunk = (name: ItemClass) => ({ ...small[name], maxBytes: 6_000 })
    const rules = { ...small, ticket: shrunk('ticket'), alarm: shrunk('alarm'), state: shrunk('state') }
    const { outbox } = await open({ ...rules, telemetry: shrunk('telemetry') })
    await outbox.keep(item('frame', 1000))
    // Of one byte each, so that rows take far more than payloads: the file is full before its classes are.
    const kept: OutgoingItem[] = []
    const filling = async () => {
      for (; kept.length < 5000; ) {
        const ticket = item('ticket', 1)
        await outbox.keep(ticket)
        kept.push(ticket)
      }
    }
    await expect(filling()).rejects.toMatchObject({ code: 'disk-failing' })
    expect(outbox.backlog()).toMatchObject({ ticket: { items: kept.length }, frame: { items: 1 } })
    expect(await outbox.settle(kept.map(stored))).toHaveLength(kept.length)
    expect(await outbox.keep(item('ticket', 1))).toEqual({ kept: true, dropped: 0, where: 'disk' })
  })
})

describe('numbers that must only grow', () => {
  test('a session is greater than any before, across restarts, also when the clock went back or the file was lost', async () => {
    const first = await open()
    const one = await first.outbox.nextSession()
    expect(await first.outbox.nextSession()).toBe(one + 1)
    nowMs = 0
    const second = await reopen()
    expect(await second.outbox.nextSession()).toBe(one + 2)
    await second.outbox.close()
    opened.length = 0
    rmSync(join(folder, 'outbox.sqlite'))
    nowMs = 1_800_000_100_000
    expect(await (await open()).outbox.nextSession()).toBeGreaterThan(one + 2)
  })

  test('boots are counted from 1', async () => {
    expect(await (await open()).outbox.countBoot()).toBe(1)
    expect(await (await reopen()).outbox.countBoot()).toBe(2)
  })
})

describe('opening', () => {
  test('takes over a file of the first version, in its order', async () => {
    const ids = [newUlid(), newUlid(), newUlid()]
    const first = new Database(join(folder, 'outbox.sqlite'))
    first.exec(`CREATE TABLE item (position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, class TEXT NOT NULL,
        topic TEXT NOT NULL, bytes INTEGER NOT NULL, payload BLOB) STRICT;
      CREATE INDEX item_by_class ON item (class, position);
      CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      INSERT INTO meta VALUES ('boots', 7);
      PRAGMA user_version = 1`)
    const insert = first.prepare(
      "INSERT INTO item (id, class, topic, bytes, payload) VALUES (?, 'ticket', 't', 2, x'6162')",
    )
    for (const id of ids) insert.run(id)
    first.close()
    const { outbox, rebuilt } = await open()
    expect(rebuilt).toBeNull()
    const added = item('ticket', 2)
    await outbox.keep(added)
    expect(outbox.takeNextBatch(RECORDS, everything).map(({ id }) => id)).toEqual([...ids, added.id])
    expect(await outbox.countBoot()).toBe(8)
  })

  test('is refused while another agent has the folder', async () => {
    await open()
    const second = open()
    await expect(second).rejects.toBeInstanceOf(AgentFault)
    await expect(second).rejects.toMatchObject({ code: 'data-folder-in-use' })
  })

  test('removes half-written files and files that nothing tells of', async () => {
    await open()
    writeFileSync(join(folder, 'frames', `${newUlid()}.half`), 'half')
    writeFileSync(join(folder, 'frames', `${newUlid()}.frame`), 'of an earlier life')
    await reopen()
    expect(frameFiles()).toEqual([])
  })

  test('drops the row of a frame whose picture is gone, and says so', async () => {
    const { outbox } = await open()
    const frame = item('frame')
    await outbox.keep(frame)
    rmSync(join(folder, 'frames', `${frame.id}.frame`))
    const again = await reopen()
    expect(again.missing).toBe(1)
    expect(again.outbox.backlog().frame).toEqual({ items: 0, bytes: 0 })
  })

  test.each([
    [
      'no database at all',
      () => Buffer.from('not a database, but long enough to look at, and wrong in every byte of it'),
    ],
    [
      'a torn page',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096, 0x5a)]),
    ],
    ['a file cut short', (bytes: Buffer) => bytes.subarray(0, 5000)],
  ])('sets %s aside, goes on with a new file, and keeps the name of the old', async (_name, damage) => {
    const { outbox } = await open()
    for (let index = 0; index < 200; index++) await outbox.keep(item('telemetry', 500))
    await outbox.close()
    opened.length = 0
    const file = join(folder, 'outbox.sqlite')
    writeFileSync(file, damage(readFileSync(file)))
    const again = await open()
    expect(again.rebuilt?.setAside).toContain('outbox.sqlite.damaged-20270115T080000000Z')
    expect(readdirSync(folder).some((name) => name.startsWith('outbox.sqlite.damaged-'))).toBe(true)
    expect(await again.outbox.keep(item('state'))).toEqual({ kept: true, dropped: 0, where: 'disk' })
    expect((await reopen()).rebuilt).toBeNull()
  })
})
