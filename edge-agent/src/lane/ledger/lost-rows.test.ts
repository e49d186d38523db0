import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Row } from '@vigie/contract/gate/row'
import type { TicketRef } from '@vigie/contract/gate/ticket-code'
import type { BootId, ItemId, LaneId, UnitId } from '@vigie/contract/ids'
import { admission, createGateLedger, passage } from '@vigie/tests/fixtures/gate-ledger'
import { tearLedger, tearPage } from '@vigie/tests/fixtures/torn-page'
import { monotonicFactory } from 'ulid'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LaneFault } from '../lane-fault.ts'
import { type LaneLedger, openLaneLedger, type Written } from './lane-ledger.ts'

const NOON = Date.parse('2026-08-16T10:00:00.000Z')
const LANE = 'tripod1' as LaneId
const TICKET = 'a1b2c3d4e5f60718' as TicketRef
const ulid = monotonicFactory()
const newId = () => ulid() as ItemId

let folder: string
let nowMs: number
let open: LaneLedger[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-lost-rows-'))
  nowMs = NOON
  open = []
})
afterEach(() => {
  closeAll()
  rmSync(folder, { recursive: true, force: true })
})

const file = () => join(folder, 'ledger.sqlite')
function openIt(): LaneLedger {
  const { ledger } = openLaneLedger(
    { file: file(), now: () => nowMs },
    {
      ...{ unit: 'vg-0101' as UnitId, boot: '01KAN5Z000F7Q8R9S0T1V2W3X4' as BootId, newId },
      clock: { now: () => nowMs, monotonicMs: () => nowMs - NOON, state: () => 'synchronised', errorMs: () => 40 },
    },
  )
  open.push(ledger)
  return ledger
}
function closeAll(): void {
  for (const ledger of open) ledger.close()
  open = []
}
const admit = (ledger: LaneLedger, ticket: TicketRef) => ledger.append([{ body: admission(ticket), lane: LANE }])[0]

describe('what was lost of the own rows', () => {
  const inParts = (rows: readonly Row[]) =>
    Array.from({ length: Math.ceil(rows.length / 50) }, (_, part) => rows.slice(part * 50, part * 50 + 50))
  const giveBack = (ledger: LaneLedger, rows: readonly Row[]) =>
    inParts(rows).map((part) => ledger.take(part).problem?.why)
  const ownEnd = (marks: ReturnType<LaneLedger['have']>) => marks.find(({ origin }) => origin === 'vg-0101')?.seq ?? 0

  function writeMany(count: number): Row[] {
    const ledger = openIt()
    const written = Array.from({ length: count / 2 }, (_, turn): Written[] => {
      const id = newId()
      const ticket = turn.toString(16).padStart(16, '0') as TicketRef
      return [
        { body: admission(ticket), lane: LANE, id },
        { body: passage(id), lane: LANE },
      ]
    })
    const rows = ledger.append(written.flat())
    closeAll()
    return rows
  }

  test('R05: to a torn page is asked for, comes back into its place, and refuses those tickets again', () => {
    const own = writeMany(600)
    tearLedger(file(), 200)
    const ledger = openIt()
    const lost = own.find(({ body }) => body.kind === 'decision' && isForgotten(ledger, body.ticket))
    expect(lost?.seq).toBeGreaterThan(1)
    const later = admit(ledger, TICKET)
    const asked = ownEnd(ledger.have())
    expect(asked).toBeLessThan(lost?.seq ?? 0)
    // Whatever is behind it comes too: it is passed over.
    expect(giveBack(ledger, own.slice(asked)).filter((why) => why !== undefined)).toEqual([])
    expect(ledger.own(0, 1_000)).toEqual([...own, later])
    expect(own.filter(({ body }) => body.kind === 'decision' && isForgotten(ledger, body.ticket))).toEqual([])
    expect(ledger.verify()).toBeNull()
    expect(ownEnd(ledger.have())).toBe(601)
    closeAll()
    expect(openIt().own(0, 1_000)).toEqual([...own, later])
  })

  test('is asked for seldom where nobody has it, and no other row is taken in its place', () => {
    writeMany(600)
    tearLedger(file(), 200)
    const ledger = openIt()
    const before = ledger.own(0, 1_000)
    const asked = ownEnd(ledger.have())
    expect(ownEnd(ledger.have())).toBe(600)
    const forger = createGateLedger('vg-0101')
    for (let turn = 0; turn < 600; turn++) forger.decide('2026-08-16T10:00:05.000Z', TICKET)
    expect(giveBack(ledger, forger.rows.slice(asked, asked + 50))).toEqual(['prev-wrong'])
    expect(ledger.own(0, 1_000)).toEqual(before)
    nowMs += 600_000
    expect(ownEnd(ledger.have())).toBeLessThan(600)
  })

  test('with the end of the chain: nothing is written until it has come back, and it goes on where it was', () => {
    const own = writeMany(120)
    tearPage(file(), 1)
    openIt()
    closeAll()
    // Also after one more start.
    const ledger = openIt()
    ledger.awaitOwn()
    expect(() => admit(ledger, TICKET)).toThrow(LaneFault)
    expect(ownEnd(ledger.have())).toBe(0)
    expect(giveBack(ledger, own)).toEqual([undefined, undefined, undefined])
    expect(() => admit(ledger, TICKET)).toThrow(LaneFault)
    nowMs += 3_000
    expect(admit(ledger, TICKET)).toMatchObject({ seq: 121, prev: own.at(-1)?.hash })
    expect(ledger.own(0, 200).slice(0, 120)).toEqual(own)
    expect(ledger.verify()).toBeNull()
  })

  test('with the end of the chain, and nobody gives it back: it begins anew after a while, and takes no old row then', () => {
    const own = writeMany(120)
    tearPage(file(), 1)
    const ledger = openIt()
    ledger.awaitOwn()
    nowMs += 30_000
    expect(() => admit(ledger, TICKET)).toThrow(LaneFault)
    ledger.have()
    nowMs += 10_000
    expect(admit(ledger, TICKET)?.seq).toBe(1)
    expect(ledger.take(own.slice(1, 51))).toMatchObject({ taken: [], problem: { why: 'prev-wrong' } })
  })

  test('keeps nobody waiting where there is no gateway, or where nothing was ever lost', () => {
    writeMany(4)
    tearPage(file(), 1)
    const alone = openIt()
    expect(admit(alone, TICKET)?.seq).toBe(1)
    closeAll()
    const again = openIt()
    again.awaitOwn()
    expect(admit(again, TICKET)?.seq).toBe(2)
  })
})

const isForgotten = (ledger: LaneLedger, ticket: TicketRef | null) =>
  ticket !== null && ledger.history(ticket).decisions.length === 0
