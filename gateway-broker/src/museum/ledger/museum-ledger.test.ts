import { createHash } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mergeLedgers } from '@vigie/contract/gate/merge'
import type { Row, RowBody } from '@vigie/contract/gate/row'
import type { BootId, ItemId, UnitId } from '@vigie/contract/ids'
import { admission, createTrialLane } from '@vigie/tests/fixtures/museum/trial-lane'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { ulid } from 'ulid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createGatewayClock } from '../gateway-clock.ts'
import { isUnwritten, openLedgerFile } from './ledger-file.ts'
import { createMuseumLedger, type MuseumLedger } from './museum-ledger.ts'

const NOW = Date.parse('2026-08-12T09:00:00.000Z')
const TICKETS = ['00000000000000a1', '00000000000000a2', '00000000000000a3', '00000000000000a4']

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-ledger-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const open = (
  file = join(folder, `${ulid()}.sqlite`),
  opened = openLedgerFile(file, { now: () => NOW }),
): MuseumLedger => {
  const clock = createGatewayClock({ now: () => NOW, monotonicMs: () => 1 })
  return createMuseumLedger(opened, {
    ...{ unit: 'vg-salagon' as UnitId, boot: ulid() as BootId, clock, newId: () => ulid() as ItemId },
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
  })
}
const allOf = (ledger: MuseumLedger): Row[] => ledger.after(0, null, 10_000).map(({ row }) => row)
const keys = (rows: readonly Row[]) => rows.map(({ origin, seq, hash }) => `${origin} ${seq} ${hash}`).sort()

/** The rows of three lanes, each in its own order: admissions at times of their own, passages, returns. */
const deeds = fc.array(
  fc.record({
    lane: fc.nat({ max: 2 }),
    ticket: fc.constantFrom(...TICKETS),
    afterMs: fc.integer({ min: -60_000, max: 60_000 }),
    isReturned: fc.boolean(),
  }),
  { maxLength: 30 },
)

async function written(done: readonly { lane: number; ticket: string; afterMs: number; isReturned: boolean }[]) {
  const lanes = ['vg-tripod1', 'vg-tripod2', 'vg-wide1'].map((unit) => createTrialLane(unit, { now: () => NOW }))
  for (const { lane, ticket, afterMs, isReturned } of done) {
    const one = lanes[lane]
    const [decision] = (await one?.admit(ticket, 1, NOW + afterMs)) ?? []
    if (isReturned && decision && one)
      one.write({ kind: 'returned', decision: decision.id, persons: 1, why: 'no-show' })
  }
  return lanes.map(({ unit, own }) => ({ unit: unit as UnitId, rows: own }))
}

describe('the ledger of a museum', () => {
  test('is the same whichever way messages come: doubled, late, in any order of lanes, again after a gap', async () => {
    await fc.assert(
      fc.asyncProperty(
        deeds,
        fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { maxLength: 60 }),
        async (done, lots) => {
          const lanes = await written(done)
          const everything = lanes.flatMap(({ rows }) => rows)
          const ledger = open()
          for (const [lane, from, count] of lots) {
            const { unit, rows } = lanes[lane % lanes.length] ?? { unit: 'vg-x' as UnitId, rows: [] }
            const start = from % (rows.length + 1)
            ledger.take(unit, rows.slice(start, start + 1 + (count % 5)))
          }
          for (const { unit, rows } of [...lanes].reverse()) ledger.take(unit, rows)
          expect(keys(allOf(ledger))).toEqual(keys(everything))
          expect(mergeLedgers(allOf(ledger))).toEqual(mergeLedgers(everything))
          ledger.close()
        },
      ),
      { numRuns: process.env['VIGIE_SOAK'] === '1' ? 1_000 : 40 },
    )
  })

  test('takes nothing of what follows a row that is wrong, and everything before it', async () => {
    const [lane] = await written(TICKETS.map((ticket) => ({ lane: 0, ticket, afterMs: 0, isReturned: false })))
    const rows = lane?.rows ?? []
    const ledger = open()
    const spoilt = rows.map((row, index) => (index === 3 ? { ...row, at: '2026-08-12T10:00:00.000Z' } : row))
    expect(ledger.take('vg-tripod1' as UnitId, spoilt)).toMatchObject({
      stored: rows.slice(0, 3).map(({ id }) => id),
      refusal: { id: rows[3]?.id, why: 'hash-wrong' },
    })
    expect(keys(allOf(ledger))).toEqual(keys(rows.slice(0, 3)))
    expect(ledger.take('vg-tripod1' as UnitId, rows)).toMatchObject({ refusal: null })
    expect(ledger.ofTicket(TICKETS[1] as never).map(({ seq }) => seq)).toEqual([3, 4])
    ledger.close()
  })

  test('T16: after a night on which everybody was counted out nobody of a ticket is inside, as on a lane', async () => {
    const [lane] = await written([{ lane: 0, ticket: TICKETS[0] ?? '', afterMs: 0, isReturned: false }])
    const ledger = open()
    ledger.take('vg-tripod1' as UnitId, lane?.rows ?? [])
    expect(ledger.history(TICKETS[0] as never)).toMatchObject({ inside: 1 })
    ledger.append([{ body: { kind: 'everybody-out' }, atMs: NOW + 16 * 3_600_000 }])
    expect(ledger.history(TICKETS[0] as never)).toMatchObject({ inside: 0 })
    // What is asked of a ticket alone is not reckoned in its chain.
    const unlinked = allOf(ledger).map((row) => ({ ...row, prev: '', hash: '' }))
    expect(mergeLedgers(unlinked).tickets.get(TICKETS[0] as never)).toEqual(ledger.history(TICKETS[0] as never))
    ledger.close()
  })

  test('goes on with its own chain after its file was damaged, with what can be read of it; the file is kept', async () => {
    const file = join(folder, 'damaged.sqlite')
    const ledger = open(file)
    const [lane] = await written(TICKETS.map((ticket) => ({ lane: 0, ticket, afterMs: 0, isReturned: false })))
    ledger.take('vg-tripod1' as UnitId, lane?.rows ?? [])
    for (let inside = 0; inside < 400; inside += 1) {
      ledger.append([{ body: { kind: 'correction', inside, by: 'p-1', reason: 'compté en salle ce matin' } }])
    }
    const before = allOf(ledger)
    ledger.close()
    // The whole of a page in the last third of the file, where the newest rows are.
    const at = Math.floor((statSync(file).size * 0.8) / 4096) * 4096
    const handle = openSync(file, 'r+')
    writeSync(handle, Buffer.alloc(4096, 0xa5), 0, 4096, at)
    closeSync(handle)

    const again = open(file)
    const saved = allOf(again)
    expect(saved.length).toBeGreaterThan(100)
    expect(keys(before)).toEqual(expect.arrayContaining(keys(saved)))
    const [next] = again.append([{ body: { kind: 'correction', inside: 1, by: 'p-1', reason: 'après' } }])
    const last = saved.filter(({ origin }) => origin === 'vg-salagon').at(-1)
    expect([next?.seq, next?.prev]).toEqual([(last?.seq ?? 0) + 1, last?.hash])
    expect(again.take('vg-tripod1' as UnitId, lane?.rows ?? []).refusal).toBeNull()
    again.close()
  })

  test('tells each row with its hash wherever it is asked from, also of a box that seldom writes', async () => {
    const ledger = open()
    const [often, seldom] = [0, 1].map((index) => createTrialLane(`vg-tripod${index + 1}`, { now: () => NOW }))
    for (let turn = 0; turn <= 90; turn += 1) {
      await often?.admit(turn.toString(16).padStart(16, '0'))
      if (turn % 40 === 7) await seldom?.admit(turn.toString(16).padStart(16, 'f'))
      if (turn % 5 !== 0) continue
      for (const { unit, own } of [often, seldom].flatMap((lane) => lane ?? []))
        ledger.take(unit as UnitId, own.slice(ledger.endOf(unit as UnitId).seq))
    }
    const all = ledger.after(0, null, 1_000)
    for (const lane of [often, seldom]) {
      const own = all.filter(({ row }) => row.origin === lane?.unit)
      expect(own.map(({ row }) => row)).toEqual(lane?.own)
      for (let seq = 0; seq <= own.length; seq += 5)
        expect(ledger.ofOrigin(lane?.unit as UnitId, seq, 3)).toEqual(own.slice(seq, seq + 3))
    }
    for (let position = 0; position < all.length; position += 13)
      expect(ledger.after(position, null, 70)).toEqual(all.slice(position, position + 70))
    ledger.close()
  })

  test('finds rows by their own time, whenever they were made, and tickets by how they begin', () => {
    const ledger = open()
    const hoursAgo = [0, 0.5, 30, 2, 400, 1]
    ledger.append(hoursAgo.map((hours, inside) => ({ body: counted(inside), atMs: NOW - hours * 3_600_000 })))
    const between = (from: number, until: number) =>
      ledger
        .between(NOW - from * 3_600_000, NOW - until * 3_600_000)
        .map(({ body }) => body.kind === 'correction' && body.inside)
    expect(between(1_000, -1)).toEqual([4, 2, 3, 5, 1, 0])
    expect(between(2, 0.5)).toEqual([3, 5])
    const decisions = hoursAgo.map((hours, index) => ({
      body: { ...admission(`0000000000000a${index}f`), nonce: `nonce-of-${index}` },
      atMs: NOW - hours * 3_600_000,
    }))
    ledger.append(decisions)
    const newest = (count: number) =>
      ledger.newestDecisions(count).map(({ body }) => body.kind === 'decision' && body.nonce.at(-1))
    expect([newest(2), newest(4), newest(9)]).toEqual([
      ['0', '1'],
      ['0', '1', '5', '3'],
      ['0', '1', '5', '3', '2', '4'],
    ])
    expect(ledger.byNonce('nonce-of-4')?.at).toBe(new Date(NOW - 400 * 3_600_000).toISOString())
    expect(ledger.refsBeginning('0000000000000a3', 9)).toEqual(['0000000000000a3f'])
    expect(ledger.refsBeginning('0000000000000a', 9)).toHaveLength(6)
    expect(ledger.refsBeginning('0000000000000b', 9)).toEqual([])
    ledger.close()
  })

  test('takes over of a damaged file nothing that a hash which is kept says was changed', () => {
    const file = join(folder, 'changed.sqlite')
    const ledger = open(file)
    ledger.append(Array.from({ length: 200 }, (_, inside) => ({ body: counted(inside) })))
    const before = allOf(ledger)
    ledger.close()
    const changed = new Database(file)
    changed.exec("UPDATE row SET extra = replace(extra, '100', '101') WHERE seq = 101")
    changed.close()
    const again = open(join(folder, 'anew.sqlite'), {
      ...openLedgerFile(join(folder, 'anew.sqlite'), { now: () => NOW }),
      setAside: file,
    })
    expect(allOf(again)).toEqual(before.slice(0, 64))
    again.close()
  })

  test('writes a row whole or not at all when the disk is full, says so to nobody, and goes on when there is room', async () => {
    const opened = openLedgerFile(join(folder, 'full.sqlite'), { now: () => NOW })
    const ledger = open('', opened)
    const told: number[] = []
    ledger.onRows((rows) => told.push(rows.length))
    const [lane] = await written(TICKETS.map((ticket) => ({ lane: 0, ticket, afterMs: 0, isReturned: true })))
    const rows = lane?.rows ?? []
    const count = (inside: number) =>
      ledger.append([{ body: { kind: 'correction', inside, by: 'p-1', reason: 'r'.repeat(200) } }])
    count(0)
    const pages = Number(opened.database.pragma('page_count', { simple: true }))
    opened.database.pragma(`max_page_count = ${pages + 1}`)
    const fill = () => {
      for (let inside = 1; inside < 500; inside += 1) count(inside)
    }
    expect(fill).toThrow(/full/)
    expect(isUnwritten(caught(() => ledger.take('vg-tripod1' as UnitId, rows)))).toBe(true)
    const kept = allOf(ledger)
    expect([told.length, ledger.handover.countWaiting()]).toEqual([kept.length, kept.length])
    opened.database.pragma('max_page_count = 100000')
    expect(ledger.take('vg-tripod1' as UnitId, rows)).toMatchObject({ refusal: null })
    const [next] = count(7)
    expect([next?.seq, next?.prev]).toEqual([kept.length + 1, kept.at(-1)?.hash])
    ledger.close()
  })

  test('is one gateway’s: a second one on the same folder does not start', () => {
    const file = join(folder, 'shared.sqlite')
    const ledger = open(file)
    expect(() => open(file)).toThrow(/another museum gateway works in the folder/)
    ledger.close()
    expect(readFileSync(file).subarray(0, 15).toString()).toBe('SQLite format 3')
  })
})

const counted = (inside: number): RowBody => ({ kind: 'correction', inside, by: 'p-1', reason: 'compté' })

function caught(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  return null
}
