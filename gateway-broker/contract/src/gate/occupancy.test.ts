import { createGateLedger } from '@vigie/tests/fixtures/gate-ledger'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { civilTimeOf } from './civil-time.ts'
import { everybodyOutDue, lastNightlyCut, occupancyOf, peakOf } from './occupancy.ts'
import type { RowBody } from './row.ts'
import type { TicketId } from './ticket-code.ts'

const ticket = '00c0ffee0000d00d' as TicketId // 16 hexadecimal digits
const at = (time: string) => `2026-08-15T${time}:00.000Z`
const terms = { nowMs: Date.parse(at('15:00')), areExitsCounted: true, stayMinutes: 90 }
const passage = (direction: 'in' | 'out', of: 'grant' | 'free' | 'forced' | 'fire' = 'free'): RowBody => ({
  kind: 'passage',
  direction,
  decision: null,
  of,
})

describe('how many are inside', () => {
  test('G20: is counted from real rotations, in and out, free, forced and at a fire', () => {
    const ledger = createGateLedger('vg-0101')
    for (const of of ['free', 'forced', 'fire'] as const) ledger.add(at('10:00'), passage('in', of))
    ledger.add(at('10:30'), passage('out'))
    expect(occupancyOf(ledger.rows, terms)).toEqual({ inside: 2, isEstimate: false })
  })

  test('a grant counts when somebody goes through, not before, and each of a group for one', () => {
    const ledger = createGateLedger('vg-0101')
    const { id } = ledger.decide(at('10:00'), ticket, { persons: 4 })
    expect(occupancyOf(ledger.rows, terms).inside).toBe(0)
    for (let person = 0; person < 3; person += 1) {
      ledger.add(at('10:00'), { kind: 'passage', direction: 'in', decision: id, of: 'grant' })
    }
    ledger.add(at('10:01'), { kind: 'returned', decision: id, persons: 1, why: 'no-show' })
    expect(occupancyOf(ledger.rows, terms).inside).toBe(3)
  })

  test('whom a phone lets in counts at once, a refusal never, and what is undone not any more', () => {
    const phone = createGateLedger('vg-0100', null)
    phone.decide(at('10:00'), ticket, { persons: 2 })
    phone.decide(at('10:01'), ticket, { outcome: 'already_redeemed', persons: 0 })
    expect(occupancyOf(phone.rows, terms).inside).toBe(2)
    const { id } = phone.decide(at('10:02'), null, { persons: 1 })
    phone.add(at('10:02'), { kind: 'undo', decision: id, by: 'person-1' })
    expect(occupancyOf(phone.rows, terms).inside).toBe(2)
  })

  test('its peak is the most that it ever was, at the moment when it first was', () => {
    const turn = fc.record({ minute: fc.integer({ min: 0, max: 300 }), direction: fc.constantFrom('in', 'out') })
    const areExitsCounted = fc.boolean()
    fc.assert(
      fc.property(
        fc.array(turn as fc.Arbitrary<{ minute: number; direction: 'in' | 'out' }>, { maxLength: 40 }),
        areExitsCounted,
        (turns, counted) => {
          const ledger = createGateLedger('vg-0101')
          const from = Date.parse(at('08:00'))
          for (const { minute, direction } of turns.toSorted((a, b) => a.minute - b.minute)) {
            ledger.add(new Date(from + minute * 60_000).toISOString(), passage(direction))
          }
          const own = { areExitsCounted: counted, stayMinutes: 90 }
          const each = ledger.rows.map((row, index) => {
            const nowMs = Date.parse(row.at)
            return { persons: occupancyOf(ledger.rows.slice(0, index + 1), { ...own, nowMs }).inside, atMs: nowMs }
          })
          const most = Math.max(0, ...each.map(({ persons }) => persons))
          expect(peakOf(ledger.rows, own)).toEqual(most === 0 ? null : each.find(({ persons }) => persons === most))
        },
      ),
    )
  })

  test('is what somebody counted, from then on', () => {
    const ledger = createGateLedger('vg-0100', null)
    ledger.add(at('10:00'), passage('in'))
    ledger.add(at('11:00'), { kind: 'correction', inside: 17, by: 'person-1', reason: 'compté' })
    ledger.add(at('11:05'), passage('in'))
    expect(occupancyOf(ledger.rows, terms).inside).toBe(18)
  })

  test('leaves out whom a clock that knew nothing let in next year, whom no night would count out, and says so', () => {
    const ledger = createGateLedger('vg-0101')
    ledger.add(at('10:00'), passage('in'))
    ledger.add('2027-08-15T10:00:00.000Z', passage('in'))
    const [now, ahead] = ledger.rows
    if (now === undefined || ahead === undefined) throw new Error('two rows')
    const unknown = { ...ahead, clock: 'unknown' as const }
    expect(occupancyOf([now, unknown], terms)).toEqual({ inside: 1, isEstimate: true })
    expect(occupancyOf([now, unknown], { ...terms, areExitsCounted: false }).inside).toBe(0)
    // Of a lane that knows the time it is ours that is behind.
    expect(occupancyOf([now, ahead], terms).inside).toBe(2)
  })

  test('is never below zero: who leaves uncounted was there before the counting', () => {
    const ledger = createGateLedger('vg-0101')
    ledger.add(at('10:00'), passage('out'))
    ledger.add(at('10:01'), passage('in'))
    expect(occupancyOf(ledger.rows, terms).inside).toBe(1)
  })

  test('equals a recount of the ledger, row by row, whatever happened', () => {
    const deeds = fc.array(fc.tuple(fc.constantFrom('in', 'out', 'correction', 'everybody-out'), fc.nat({ max: 5 })), {
      maxLength: 60,
    })
    fc.assert(
      fc.property(deeds, (said) => {
        const ledger = createGateLedger('vg-0101')
        let inside = 0
        for (const [index, [what, number]] of said.entries()) {
          const time = at(`10:${String(index % 60).padStart(2, '0')}`)
          if (what === 'in') inside += 1
          if (what === 'out') inside = Math.max(0, inside - 1)
          if (what === 'correction') inside = number
          if (what === 'everybody-out') inside = 0
          if (what === 'in' || what === 'out') ledger.add(time, passage(what))
          if (what === 'correction') {
            ledger.add(time, { kind: 'correction', inside: number, by: 'person-1', reason: 'compté' })
          }
          if (what === 'everybody-out') ledger.add(time, { kind: 'everybody-out' })
        }
        expect(occupancyOf(ledger.rows, terms)).toEqual({ inside, isEstimate: false })
      }),
    )
  })
})

describe('where exits are not counted', () => {
  const estimate = { ...terms, areExitsCounted: false }

  test('G21: a visitor is taken to stay as long as a visit takes, and the number is called an estimate', () => {
    const ledger = createGateLedger('vg-0101')
    ledger.add(at('13:29'), passage('in'))
    ledger.add(at('13:30'), passage('in'))
    ledger.add(at('13:31'), passage('in'))
    ledger.add(at('14:59'), passage('in'))
    expect(occupancyOf(ledger.rows, estimate)).toEqual({ inside: 2, isEstimate: true })
  })

  test('G21: an exit that is counted takes away whoever has been inside longest', () => {
    const ledger = createGateLedger('vg-0101')
    ledger.add(at('13:40'), passage('in'))
    ledger.add(at('14:40'), passage('in'))
    ledger.add(at('14:50'), passage('out'))
    expect(occupancyOf(ledger.rows, estimate).inside).toBe(1)
    expect(occupancyOf(ledger.rows, { ...estimate, nowMs: Date.parse(at('15:30')) }).inside).toBe(1)
  })

  test('G21: those whom somebody counted stay from then on', () => {
    const ledger = createGateLedger('vg-0100', null)
    ledger.add(at('10:00'), passage('in'))
    ledger.add(at('14:00'), { kind: 'correction', inside: 9, by: 'person-1', reason: 'compté' })
    expect(occupancyOf(ledger.rows, estimate).inside).toBe(9)
    expect(occupancyOf(ledger.rows, { ...estimate, nowMs: Date.parse(at('15:30')) }).inside).toBe(0)
  })
})

describe('the nightly cut', () => {
  test.each([
    ['2026-08-15T00:59:59.000Z', '2026-08-14T01:00:00.000Z'],
    ['2026-08-15T01:00:00.000Z', '2026-08-15T01:00:00.000Z'],
    ['2026-10-24T12:00:00.000Z', '2026-10-24T01:00:00.000Z'],
    ['2026-10-25T12:00:00.000Z', '2026-10-25T02:00:00.000Z'],
    ['2026-03-28T12:00:00.000Z', '2026-03-28T02:00:00.000Z'],
    ['2026-03-29T12:00:00.000Z', '2026-03-29T01:00:00.000Z'],
  ])('T16: at %s the last one was at %s, 03:00 on the wall in every season', (now, cut) => {
    const cutMs = lastNightlyCut(Date.parse(now), '03:00')
    expect(new Date(cutMs).toISOString()).toBe(cut)
    expect(civilTimeOf(cutMs).minutes).toBe(180)
  })

  test('T16: those inside get one exit at that hour, also when it is written later, and the next a day after', () => {
    const ledger = createGateLedger('vg-0100', null)
    ledger.add(at('10:00'), passage('in'))
    const morning = Date.parse('2026-08-16T07:00:00.000Z')
    const cutMs = everybodyOutDue(ledger.rows, morning, '03:00')
    if (cutMs === null) throw new Error('somebody is inside')
    expect(new Date(cutMs).toISOString()).toBe('2026-08-16T01:00:00.000Z')
    expect(everybodyOutDue(ledger.rows, Date.parse(at('23:00')), '03:00')).toBeNull()
    ledger.add(new Date(cutMs).toISOString(), { kind: 'everybody-out' })
    expect(everybodyOutDue(ledger.rows, morning, '03:00')).toBeNull()
    ledger.add('2026-08-16T08:00:00.000Z', passage('in'))
    expect(occupancyOf(ledger.rows, { ...terms, nowMs: morning }).inside).toBe(1)
    expect(everybodyOutDue(ledger.rows, Date.parse('2026-08-17T01:00:00.000Z'), '03:00')).toBe(cutMs + 86_400_000)
  })

  test('T17: none is written where nobody is inside, or whoever is came in after the cut', () => {
    const ledger = createGateLedger('vg-0100', null)
    const morning = Date.parse('2026-08-16T07:00:00.000Z')
    expect(everybodyOutDue([], morning, '03:00')).toBeNull()
    ledger.add(at('10:00'), passage('in'))
    ledger.add(at('11:00'), passage('out'))
    ledger.add('2026-08-16T01:00:01.000Z', passage('in'))
    expect(everybodyOutDue(ledger.rows, morning, '03:00')).toBeNull()
  })
})
