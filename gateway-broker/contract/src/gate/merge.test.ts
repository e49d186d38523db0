import { createGateLedger, type GateLedger } from '@vigie/tests/fixtures/gate-ledger'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { UnitId } from '../ids.ts'
import { lacks, mergeLedgers } from './merge.ts'
import { occupancyOf } from './occupancy.ts'
import type { Row } from './row.ts'
import type { TicketId } from './ticket-code.ts'

const tickets = ['00000000000000a1', '00000000000000a2', '00000000000000a3'] as TicketId[] // 16 hexadecimal digits each
const at = (minute: number) => new Date(Date.UTC(2026, 7, 15, 8, minute)).toISOString()

/** What three units of a museum write in a day: two lanes and the gateway, whose clocks are not the same. */
const days = fc
  .array(
    fc.record({
      unit: fc.nat({ max: 2 }),
      minute: fc.nat({ max: 600 }),
      ticket: fc.nat({ max: 2 }),
      what: fc.constantFrom('in', 'in', 'out', 'passage', 'returned', 'undo', 'night', 'correction', 'status'),
      persons: fc.integer({ min: 1, max: 4 }),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((deeds) => {
    const ledgers = [createGateLedger('vg-0101'), createGateLedger('vg-0102'), createGateLedger('vg-0100', null)]
    for (const { unit, minute, ticket, what, persons } of deeds) {
      const ledger = ledgers[unit]
      const id = tickets[ticket]
      if (ledger === undefined || id === undefined) throw new Error('three of each')
      write(ledger, ledgers, what, at(minute), id, persons)
    }
    return ledgers.map(({ rows }) => rows)
  })

function write(own: GateLedger, all: GateLedger[], what: string, time: string, ticket: TicketId, persons: number) {
  const decision = all.flatMap(({ rows }) => rows).findLast(({ body }) => body.kind === 'decision')?.id
  const right = { entries: 1, persons: 2, reentry: true as const }
  if (what === 'in' || what === 'out') own.decide(time, ticket, { direction: what, persons, right })
  if (what === 'night') own.add(time, { kind: 'everybody-out' })
  if (what === 'correction') own.add(time, { kind: 'correction', inside: persons, by: 'person-1', reason: 'compté' })
  if (what === 'status') own.add(time, { kind: 'status', ticket, status: 'blocked', by: 'person-1' })
  if (decision === undefined) return
  if (what === 'passage') own.add(time, { kind: 'passage', direction: 'in', decision, of: 'grant' })
  if (what === 'returned') own.add(time, { kind: 'returned', decision, persons, why: 'no-show' })
  if (what === 'undo') own.add(time, { kind: 'undo', decision, by: 'person-1' })
}

const terms = { nowMs: Date.parse(at(601)), areExitsCounted: true, stayMinutes: 90 }

describe('ledgers that meet', () => {
  test('say the same on every side, in whatever order, in whatever pieces and however often their rows came', () => {
    const sides = days.chain((ledgers) => {
      const rows = ledgers.flat()
      const someWay = fc.shuffledSubarray([...rows, ...rows.slice(0, 5)], {
        minLength: rows.length + Math.min(5, rows.length),
      })
      return fc.record({ rows: fc.constant(rows), one: someWay, other: someWay, cut: fc.nat({ max: rows.length }) })
    })
    fc.assert(
      fc.property(sides, ({ rows, one, other, cut }) => {
        const whole = mergeLedgers(rows)
        expect(mergeLedgers(one)).toEqual(whole)
        expect(mergeLedgers(other.slice(cut), other.slice(0, cut))).toEqual(whole)
        for (const areExitsCounted of [true, false]) {
          const inside = occupancyOf(rows, { ...terms, areExitsCounted })
          expect(occupancyOf(one, { ...terms, areExitsCounted })).toEqual(inside)
          expect(inside.inside).toBeGreaterThanOrEqual(0)
        }
      }),
    )
  })

  test('find each person that was let in beyond a right, once, and none besides', () => {
    fc.assert(
      fc.property(days, (ledgers) => {
        const { conflicts, tickets: histories } = mergeLedgers(...ledgers)
        for (const [ticket, { entries }] of histories) {
          const used = entries.reduce((sum, { using }) => sum + using, 0)
          const beyond = entries.reduce((sum, entry) => sum + entry.beyond, 0)
          expect(beyond).toBe(Math.max(0, used - 2))
          expect(conflicts.find((one) => one.ticket === ticket)?.persons ?? 0).toBe(beyond)
        }
      }),
    )
  })

  test('the earliest entry stands, and the other is told with place, time, clock error and list age', () => {
    const [one, other] = [createGateLedger('vg-0101', 'tripod1'), createGateLedger('vg-0102', 'tripod2')]
    const ticket = tickets[0] ?? null
    const late = other.decide(at(31), ticket, { listAge: { feed: 12, seconds: 1860 } })
    const early = one.decide(at(30), ticket)
    expect(mergeLedgers(other.rows, one.rows).conflicts).toEqual([
      {
        ticket,
        persons: 1,
        stands: [expect.objectContaining({ row: early.id, origin: 'vg-0101', lane: 'tripod1', at: at(30) })],
        beyond: [
          {
            row: late.id,
            origin: 'vg-0102',
            lane: 'tripod2',
            at: at(31),
            clock: 'synchronised',
            clockErrorMs: 40,
            persons: 1,
            listAge: { feed: 12, seconds: 1860 },
          },
        ],
      },
    ])
  })

  test('a second entry that the staff forced, undid, or that nobody made is no conflict', () => {
    const [one, other] = [createGateLedger('vg-0101'), createGateLedger('vg-0102')]
    const ticket = tickets[0] ?? null
    one.decide(at(30), ticket)
    other.decide(at(31), ticket, { forced: { by: 'person-1', reason: 'revenu', instead: 'already_redeemed' } })
    const gone = other.decide(at(32), ticket)
    other.add(at(33), { kind: 'returned', decision: gone.id, persons: 1, why: 'no-show' })
    const undone = other.decide(at(34), ticket)
    other.add(at(35), { kind: 'undo', decision: undone.id, by: 'person-1' })
    expect(mergeLedgers(one.rows, other.rows).conflicts).toEqual([])
  })

  test('ask for what is above their marks alone', () => {
    const row = { origin: 'vg-0101' as UnitId, seq: 4 } satisfies Pick<Row, 'origin' | 'seq'>
    expect(lacks([], row)).toBe(true)
    expect(lacks([{ origin: row.origin, seq: 3 }], row)).toBe(true)
    expect(lacks([{ origin: row.origin, seq: 4 }], row)).toBe(false)
  })
})
