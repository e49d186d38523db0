import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ItemId } from '@vigie/contract/ids'
import type { ItemClass } from '@vigie/contract/item-class'
import { createHandTime } from '@vigie/tests/fakes/hand-time'
import { seededRandom, seedOfRun } from '@vigie/tests/fixtures/seeded-random'
import { monotonicFactory } from 'ulid'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { classRules } from './class-rules.ts'
import { PAGE_BYTES } from './database.ts'
import { type Outbox, type OutboxEvent, type OutgoingItem, openOutbox } from './outbox.ts'

/** What a disk writes at a time, and what is torn with it: pages of SQLite's. */
const BLOCK_BYTES = 4096
const TURNS = process.env['VIGIE_SOAK'] === '1' ? 60 : 3
/** More than the 512 KiB that SQLite holds in memory, so that it has to read the damaged page. */
const TICKETS = 3_000
/** Tickets of 300 bytes in the pages of one block of the table, which are all that a torn one takes along. */
const TICKETS_A_BLOCK = 12
/** A page by which rows are found, and not one that holds them. See sqlite.org/fileformat2.html, section 1.6. */
const INTERIOR_OF_TABLE = 0x05
const RECORDS: ItemClass[] = ['ticket', 'alarm']
const everything = { maxItems: 10_000, maxBytes: 1e9 }

const newUlid = monotonicFactory()
const item = (name: ItemClass, bytes = 300): OutgoingItem => ({
  id: newUlid() as ItemId, // ULIDs are what ids of items are
  class: name,
  topic: `to/${name}`,
  payload: Buffer.alloc(bytes, name),
})

let folder: string
let outbox: Outbox
let events: OutboxEvent[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-damaged-'))
  events = []
})
afterEach(async () => {
  await outbox.close()
  rmSync(folder, { recursive: true })
})

const file = () => join(folder, 'outbox.sqlite')
async function open(nowMs = 1_800_000_000_000) {
  const deps = { time: createHandTime({ nowMs }), announce() {}, tell: (event: OutboxEvent) => void events.push(event) }
  const opening = await openOutbox({ folder, rules: classRules({ frameMaxBytes: 1e9 }) }, deps)
  outbox = opening.outbox
  return opening
}
/** Fills an outbox and opens it again, so that all of it stands in the file and not in its log. */
async function openFilled() {
  await open()
  const kept = [...Array.from({ length: TICKETS }, () => item('ticket')), item('alarm'), item('frame', 5_000)]
  await Promise.all(kept.map((one) => outbox.keep(one)))
  await outbox.close()
  await open()
  return kept
}
function tear(page: number): void {
  const handle = openSync(file(), 'r+')
  writeSync(handle, Buffer.alloc(BLOCK_BYTES, 0x5a), 0, BLOCK_BYTES, page * BLOCK_BYTES)
  closeSync(handle)
}
const pages = () => statSync(file()).size / BLOCK_BYTES
/** The blocks behind which stand the rows of hundreds of other pages. */
function blocksOfWays(): number[] {
  const bytes = readFileSync(file())
  const starts = Array.from({ length: bytes.byteLength / PAGE_BYTES }, (_, page) => page * PAGE_BYTES)
  const ways = starts.filter((at) => bytes[at] === INTERIOR_OF_TABLE)
  return [...new Set(ways.map((at) => Math.floor(at / BLOCK_BYTES)))]
}
const idsOf = (items: readonly { id: ItemId }[]) => new Set(items.map(({ id }) => id))

test('a page torn while the agent runs costs the rows in it and no others, and nothing stops', async () => {
  const kept = await openFilled()
  const session = await outbox.nextSession()
  const before = pages()
  tear(Math.floor(before / 2))
  const found = outbox.takeNextBatch([...RECORDS, 'frame'], everything)
  const lost = kept.filter(({ id }) => !idsOf(found).has(id))
  expect(lost.length).toBeLessThanOrEqual(TICKETS_A_BLOCK)
  expect(new Set(lost.map((one) => one.class))).not.toContain('alarm')
  expect(found).toHaveLength(kept.length - lost.length)
  for (const one of [...found.slice(0, 20), ...found.slice(-20)]) {
    expect((await outbox.read(one))?.byteLength).toBe(one.bytes)
  }
  expect(outbox.backlog().ticket.items).toBe(found.filter((one) => one.class === 'ticket').length)
  expect(await outbox.nextSession()).toBe(session + 1)
  expect(await outbox.keep(item('ticket'))).toMatchObject({ kept: true })
  expect(await outbox.settle(found.map(({ id }) => ({ id, outcome: 'stored' })))).toHaveLength(found.length)
  expect(events).toMatchObject([{ kind: 'rebuilt', salvaged: kept.length - lost.length }])
  await outbox.close()
  expect((await open()).rebuilt).toBeNull()
  expect(outbox.backlog()).toMatchObject({ ticket: { items: 1 }, alarm: { items: 0 }, frame: { items: 0 } })
})

test(
  'whichever page of rows is torn, the agent goes on, the session number grows and all other rows are there',
  async () => {
    const seed = seedOfRun()
    console.log(`seed ${seed}`)
    const random = seededRandom(seed)
    for (let turn = 0; turn < TURNS; turn++) {
      const kept = await openFilled()
      const session = await outbox.nextSession()
      // Not the first, without which nothing is a database any more, and none of those of the next test.
      const ways = blocksOfWays()
      const blocks = Array.from({ length: pages() - 1 }, (_, index) => index + 1).filter((one) => !ways.includes(one))
      const page = blocks[Math.floor(random() * blocks.length)] ?? 1
      tear(page)
      const found = outbox.takeNextBatch([...RECORDS, 'frame'], everything)
      // Reading the rows may pass the torn page by; writing to it does not.
      for (let index = 0; index < 30; index++) await outbox.keep(item('telemetry'))
      expect(await outbox.nextSession(), `page ${page}`).toBeGreaterThan(session)
      const lost = kept.filter(({ id }) => !idsOf(found).has(id))
      expect(lost.length, `page ${page}`).toBeLessThanOrEqual(TICKETS_A_BLOCK)
      await outbox.close()
      rmSync(folder, { recursive: true })
      folder = mkdtempSync(join(tmpdir(), 'vigie-damaged-'))
    }
    await open()
  },
  TURNS * 20_000,
)

test('a torn page that only leads to rows costs those behind it, and the agent goes on with all others', async () => {
  const kept = await openFilled()
  const session = await outbox.nextSession()
  tear(blocksOfWays().at(-1) ?? 0)
  const found = outbox.takeNextBatch([...RECORDS, 'frame'], everything)
  for (let index = 0; index < 30; index++) await outbox.keep(item('telemetry'))
  expect(await outbox.nextSession()).toBeGreaterThan(session)
  const lost = kept.filter(({ id }) => !idsOf(found).has(id))
  expect(lost.length).toBeLessThan(kept.length / 2)
  expect(outbox.backlog().ticket.items).toBe(found.filter((one) => one.class === 'ticket').length)
})

test('what is found damaged at the start is set aside, and tickets, frames and numbers are taken over', async () => {
  const kept = await openFilled()
  const session = await outbox.nextSession()
  const file = outbox.fileNumber()
  await outbox.close()
  await open()
  expect(outbox.fileNumber()).toBe(file)
  await outbox.close()
  tear(Math.floor(pages() / 2))
  // The wall clock stands at 1970 now: the number must come from the file.
  const { rebuilt } = await open(0)
  expect(rebuilt?.salvaged).toBeGreaterThanOrEqual(kept.length - TICKETS_A_BLOCK)
  expect(rebuilt).toMatchObject({ adopted: 0, missing: 0 })
  expect(await outbox.nextSession()).toBe(session + 1)
  expect(await outbox.countBoot()).toBe(1)
  expect(outbox.fileNumber()).not.toBe(file)
})

test('keeps two damaged files to look at, and no more', async () => {
  await open()
  for (let turn = 0; turn < 4; turn++) {
    await outbox.close()
    tear(0)
    expect((await open(1_800_000_000_000 + turn)).rebuilt).toMatchObject({ salvaged: 0 })
  }
  const damaged = readdirSync(folder).filter((name) => name.includes('damaged'))
  expect(damaged.map((name) => name.slice(-5))).toEqual(['0002Z', '0003Z'])
})
