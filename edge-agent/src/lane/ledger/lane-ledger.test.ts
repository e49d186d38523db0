import { createHash } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withHash } from '@vigie/contract/gate/chain'
import type { RowBody } from '@vigie/contract/gate/row'
import type { TicketRef } from '@vigie/contract/gate/ticket-code'
import type { BootId, ItemId, LaneId, UnitId } from '@vigie/contract/ids'
import { createGateLedger, sha256Hex } from '@vigie/tests/fixtures/gate-ledger'
import { tearLedger } from '@vigie/tests/fixtures/torn-page'
import Database from 'better-sqlite3'
import { monotonicFactory } from 'ulid'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type LaneLedger, openLaneLedger, type Written } from './lane-ledger.ts'
import { openLedgerFile } from './ledger-file.ts'
import { createRowTable } from './row-table.ts'

const NOON = Date.parse('2026-08-16T10:00:00.000Z')
const LANE = 'tripod1' as LaneId
const TICKET = 'a1b2c3d4e5f60718' as TicketRef
const ulid = monotonicFactory()
const newId = () => ulid() as ItemId

let folder: string
let nowMs: number
let open: LaneLedger[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-ledger-'))
  nowMs = NOON
  open = []
})
afterEach(() => {
  for (const ledger of open) ledger.close()
  rmSync(folder, { recursive: true, force: true })
})

const file = () => join(folder, 'ledger.sqlite')
function openIt(unit = 'vg-0101') {
  const opening = openLaneLedger(
    { file: file(), now: () => nowMs },
    {
      ...{ unit: unit as UnitId, boot: '01KAN5Z000F7Q8R9S0T1V2W3X4' as BootId, newId },
      clock: { now: () => nowMs++, monotonicMs: () => nowMs - NOON, state: () => 'synchronised', errorMs: () => 40 },
    },
  )
  open.push(opening.ledger)
  return opening
}
function closeAll(): void {
  for (const ledger of open) ledger.close()
  open = []
}

const decision = (ticket: TicketRef | null, change: Partial<Extract<RowBody, { kind: 'decision' }>> = {}): RowBody => ({
  ...{ kind: 'decision', nonce: 'nonce-12345', direction: 'in', outcome: 'ok', ticket, persons: 1 },
  ...{ right: { entries: 1, persons: 1 }, medium: 'signed', listAge: { feed: 12, seconds: 3 } },
  ...change,
})
const at = (body: RowBody): Written => ({ body, lane: LANE })
const admit = (ledger: LaneLedger, ticket: TicketRef) => {
  const [row] = ledger.append([at(decision(ticket))])
  if (row === undefined) throw new Error('no row')
  return row
}
const pass = (ledger: LaneLedger, of: ItemId) =>
  ledger.append([at({ kind: 'passage', direction: 'in', decision: of, of: 'grant' })])

test('gives back its own rows as they were written, chained, also from the middle and after a new start', () => {
  const { ledger } = openIt()
  const written = Array.from({ length: 300 }, (_, turn) => {
    const row = admit(ledger, turn.toString(16).padStart(16, '0') as TicketRef)
    return [row, ...pass(ledger, row.id)]
  }).flat()
  expect(ledger.own(0, 1_000)).toEqual(written)
  expect(ledger.own(257, 3)).toEqual(written.slice(257, 260))
  closeAll()
  const again = openIt().ledger
  expect(again.own(597, 10)).toEqual(written.slice(597))
  expect(again.verify()).toBeNull()
  expect(admit(again, TICKET)).toMatchObject({ seq: 601, prev: written.at(-1)?.hash })
})

test('R05: knows from itself alone that a ticket was let in, and that what was given back was not used', () => {
  const { ledger } = openIt()
  const first = admit(ledger, TICKET)
  expect(ledger.history(TICKET)).toMatchObject({ open: 1, entries: [{ persons: 1 }] })
  pass(ledger, first.id)
  expect(ledger.history(TICKET)).toMatchObject({ open: 0, inside: 1, entries: [{ row: { id: first.id } }] })
  const other = 'ffffffffffffffff' as TicketRef
  const second = admit(ledger, other)
  ledger.append([at({ kind: 'returned', decision: second.id, persons: 1, why: 'no-show' })])
  expect(ledger.history(other)).toMatchObject({ open: 0, entries: [] })
  expect(ledger.history('0000000000000000' as TicketRef).decisions).toEqual([])
})

test('takes the rows of others once each, and what they say of decisions of its own counts', () => {
  const { ledger } = openIt()
  const lane = createGateLedger('vg-0102', 'tripod2')
  const staff = createGateLedger('vg-0100', null)
  const mine = admit(ledger, TICKET)
  pass(ledger, mine.id)
  const theirs = lane.decide('2026-08-16T10:00:05.000Z', 'bbbbbbbbbbbbbbbb' as TicketRef)
  lane.add('2026-08-16T10:00:06.000Z', { kind: 'passage', direction: 'in', decision: theirs.id, of: 'grant' })
  const undo = staff.add('2026-08-16T10:00:20.000Z', { kind: 'undo', decision: mine.id, by: 'claire' })
  expect(ledger.take([...lane.rows, undo])).toEqual({ taken: [...lane.rows, undo], problem: null })
  expect(ledger.take([...lane.rows, undo, mine])).toEqual({ taken: [], problem: null })
  expect(ledger.history(TICKET).entries).toEqual([])
  expect(ledger.history('bbbbbbbbbbbbbbbb' as TicketRef)).toMatchObject({ inside: 1 })
  expect(ledger.ends()).toEqual([
    { origin: 'vg-0101', seq: 2 },
    { origin: 'vg-0102', seq: 2 },
    { origin: 'vg-0100', seq: 1 },
  ])
  expect(ledger.verify()).toBeNull()
  expect(ledger.since(Date.parse('2026-08-16T10:00:06.000Z')).map(({ origin, seq }) => [origin, seq])).toEqual([
    ['vg-0102', 2],
    ['vg-0100', 1],
  ])
})

test('takes no row that does not continue its chain, and none that this unit might have written next', () => {
  const { ledger } = openIt()
  const lane = createGateLedger('vg-0102', 'tripod2')
  for (let turn = 0; turn < 3; turn++) lane.decide('2026-08-16T10:00:05.000Z', TICKET)
  const [first, , third] = lane.rows
  if (first === undefined || third === undefined) throw new Error('no rows')
  expect(ledger.take([first, third])).toEqual({
    taken: [first],
    problem: { origin: 'vg-0102', at: 3, why: 'gap' },
  })
  const changed = { ...third, at: '2026-08-16T09:00:00.000Z' }
  expect(ledger.take([...lane.rows.slice(1, 2), changed])).toMatchObject({
    taken: [{ seq: 2 }],
    problem: { why: 'hash-wrong' },
  })
  const mine = admit(ledger, TICKET)
  const next = withHash({ ...mine, id: newId(), seq: 2, prev: mine.hash }, sha256Hex)
  expect(ledger.take([mine, next])).toMatchObject({ taken: [], problem: { at: 2, why: 'known-otherwise' } })
  expect(ledger.own(0, 10)).toEqual([mine])
  expect(ledger.verify()).toBeNull()
})

test('finds the first row that was altered behind its back', () => {
  const { ledger } = openIt()
  for (let turn = 0; turn < 200; turn++) admit(ledger, TICKET)
  closeAll()
  const database = new Database(file())
  database.prepare('UPDATE row SET at = at - 3600000 WHERE place % 4294967296 = 70').run()
  database.close()
  // The next checkpoint does not hold any more.
  expect(openIt().ledger.verify()).toEqual({ origin: 'vg-0101', at: 128, why: 'hash-wrong' })
})

test('remembers what was handed over, and writes nothing of a group of which one row cannot be written', () => {
  const { ledger } = openIt()
  admit(ledger, TICKET)
  ledger.setMark('cloud', 1)
  const id = newId()
  const torn = { kind: 'passage', direction: 'in', decision: 'no id' as ItemId, of: 'grant' } as const
  expect(() => ledger.append([{ ...at(decision(TICKET)), id }, at(torn)])).toThrow()
  expect(ledger.ends()).toEqual([{ origin: 'vg-0101', seq: 1 }])
  expect(admit(ledger, TICKET).seq).toBe(2)
  closeAll()
  const again = openIt().ledger
  expect([again.mark('cloud'), again.mark('lan')]).toEqual([1, 0])
  expect(again.verify()).toBeNull()
})

test('takes over what can be read of a damaged file, gives no number twice, and asks others for theirs again', () => {
  const { ledger } = openIt()
  const lane = createGateLedger('vg-0102', 'tripod2')
  for (let turn = 0; turn < 250; turn++) {
    pass(ledger, admit(ledger, turn.toString(16).padStart(16, '0') as TicketRef).id)
    lane.decide('2026-08-16T10:00:05.000Z', TICKET)
  }
  ledger.take(lane.rows)
  ledger.setMark('cloud', 500)
  closeAll()
  // A page in the middle of the rows.
  const bytes = statSync(file()).size
  const handle = openSync(file(), 'r+')
  const page = Buffer.alloc(4096)
  const place = Math.floor(bytes / 4096 / 3) * 4096
  readSync(handle, page, 0, 4096, place)
  writeSync(handle, Buffer.alloc(4096, 0xa5), 0, 4096, place)
  closeSync(handle)
  const opening = openIt()
  expect(opening.rebuilt).not.toBeNull()
  const again = opening.ledger
  const ends = new Map<string, number>(again.ends().map(({ origin, seq }) => [origin, seq]))
  expect(ends.get('vg-0101')).toBe(500)
  expect(again.mark('cloud')).toBe(500)
  expect(admit(again, TICKET).seq).toBe(501)
  expect(again.own(500, 10)).toMatchObject([{ seq: 501 }])
  again.take(lane.rows)
  expect(again.ends().find(({ origin }) => origin === 'vg-0102')?.seq).toBe(250)
})

test('keeps its own rows behind a torn page and behind an older gap when the file is damaged once more', () => {
  const { ledger } = openIt()
  const own = ledger.append(Array.from({ length: 600 }, () => at({ kind: 'lane', state: 'locked', reason: 'essai' })))
  closeAll()
  tearLedger(file(), 200)
  const second = openIt()
  expect(second.rebuilt).not.toBeNull()
  const kept = second.ledger.own(0, 1_000)
  // A page holds some 60 rows; up to the next checkpoint nothing says that they are whole.
  expect(kept.length).toBeGreaterThan(400)
  expect(own).toEqual(expect.arrayContaining(kept))
  expect(kept.at(-1)).toEqual(own.at(-1))
  const later = admit(second.ledger, TICKET)
  expect(later.seq).toBe(601)
  closeAll()
  tearLedger(file(), 300)
  const third = openIt()
  expect(third.rebuilt).not.toBeNull()
  const left = third.ledger.own(0, 1_000)
  expect(kept).toEqual(expect.arrayContaining(left.slice(0, -1)))
  expect(left.length).toBeGreaterThan(kept.length - 150)
  expect(left.at(-1)).toEqual(later)
})

test('takes the rows of one origin though those of another beside them do not follow', () => {
  const { ledger } = openIt()
  const [one, other] = [createGateLedger('vg-0102', 'tripod2'), createGateLedger('vg-0103', 'wide1')]
  for (const lane of [one, other]) for (let turn = 0; turn < 3; turn++) lane.decide('2026-08-16T10:00:05.000Z', TICKET)
  expect(ledger.take([...one.rows.slice(1), ...other.rows])).toMatchObject({
    taken: other.rows,
    problem: { origin: 'vg-0102', why: 'gap' },
  })
})

test('gives the rows after a gap as they were chained, however much of what is gone was handed over', () => {
  const lane = createGateLedger('vg-0102', 'tripod2')
  for (let turn = 0; turn < 140; turn++) lane.decide('2026-08-16T10:00:05.000Z', TICKET)
  const { rows } = lane
  const { database } = openLedgerFile({ file: file(), now: () => nowMs })
  const table = createRowTable(database, (text) => createHash('sha256').update(text).digest('hex'))
  table.add(rows.slice(0, 80))
  table.goOnFrom('vg-0102' as UnitId, { seq: 120, hash: rows[119]?.hash ?? '' })
  table.add(rows.slice(120))
  expect(table.after('vg-0102' as UnitId, 75, 10)).toEqual([...rows.slice(75, 80), ...rows.slice(120, 125)])
  expect(table.after('vg-0102' as UnitId, 90, 10)).toEqual(rows.slice(120, 130))
  database.close()
})
