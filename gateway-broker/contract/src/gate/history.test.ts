import { createGateLedger } from '@vigie/tests/fixtures/gate-ledger'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ItemId } from '../ids.ts'
import { grantsOf } from './grant.ts'
import { ticketHistory } from './history.ts'
import { inOrder } from './order.ts'
import type { Right } from './row.ts'
import type { TicketId } from './ticket-code.ts'

const ticket = '00c0ffee0000d00d' as TicketId // 16 hexadecimal digits
const family: Right = { entries: 1, persons: 4, reentry: true }
const at = (time: string, day = 15) => `2026-08-${day}T${time}:00.000Z`

describe('a grant', () => {
  test('G03: is held at the decision, used at the passage', () => {
    const ledger = createGateLedger('vg-0101')
    const { id } = ledger.decide(at('10:00'), ticket)
    expect(grantsOf(ledger.rows)).toMatchObject([{ open: 1, held: 1, passed: 0 }])
    ledger.add(at('10:00'), { kind: 'passage', direction: 'in', decision: id, of: 'grant' })
    expect(grantsOf(ledger.rows)).toMatchObject([{ open: 0, held: 1, passed: 1 }])
  })

  test('is given back where nobody went through, and only what was not used', () => {
    const ledger = createGateLedger('vg-0101')
    const { id } = ledger.decide(at('10:00'), ticket, { persons: 4, right: family })
    ledger.add(at('10:00'), { kind: 'passage', direction: 'in', decision: id, of: 'grant' })
    ledger.add(at('10:01'), { kind: 'returned', decision: id, persons: 4, why: 'no-show' })
    expect(grantsOf(ledger.rows)).toMatchObject([{ open: 0, held: 1, passed: 1, returned: 3 }])
  })

  test('F10: that is undone counts for nothing, and nothing is taken from the ledger', () => {
    const ledger = createGateLedger('vg-0100', null)
    const { id } = ledger.decide(at('10:00'), ticket, { by: 'person-1' })
    ledger.add(at('10:00'), { kind: 'undo', decision: id, by: 'person-1' })
    expect(ticketHistory(ledger.rows, [])).toMatchObject({ entries: [], inside: 0 })
    expect(ticketHistory(ledger.rows, []).decisions).toHaveLength(1)
  })

  test('where no lane is named is used at once', () => {
    const ledger = createGateLedger('vg-0100', null)
    ledger.decide(at('10:00'), ticket, { persons: 4, right: family })
    expect(grantsOf(ledger.rows)).toMatchObject([{ open: 0, held: 4, passed: 4 }])
  })

  test('G06: a passage without a grant, or on one that was refused, uses up no ticket', () => {
    const ledger = createGateLedger('vg-0101')
    const refused = ledger.decide(at('10:00'), ticket, { outcome: 'already_redeemed', persons: 0 })
    ledger.add(at('10:00'), { kind: 'passage', direction: 'in', decision: refused.id, of: 'forced' })
    ledger.add(at('10:01'), { kind: 'passage', direction: 'in', decision: null, of: 'forced' })
    expect(ticketHistory(ledger.rows, []).entries).toEqual([])
  })

  test('is never negative and never more than was granted, whatever is said of it, in any order and however often', () => {
    const said = fc.array(
      fc.record({
        kind: fc.constantFrom('passage' as const, 'returned' as const, 'undo' as const),
        about: fc.nat({ max: 3 }),
        persons: fc.integer({ min: 1, max: 255 }),
        minute: fc.integer({ min: 10, max: 59 }),
      }),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(said, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 4 }), (words, granted) => {
        const ledger = createGateLedger('vg-0101')
        const ids = granted.map((persons) => ledger.decide(at('10:30'), ticket, { persons, right: family }).id)
        for (const { kind, about, persons, minute } of words) {
          const decision = ids[about] as ItemId // four ids, about is 0 to 3
          if (kind === 'passage') ledger.add(at(`10:${minute}`), { kind, direction: 'in', decision, of: 'grant' })
          if (kind === 'returned') ledger.add(at(`10:${minute}`), { kind, decision, persons, why: 'no-show' })
          if (kind === 'undo') ledger.add(at(`10:${minute}`), { kind, decision, by: 'person-1' })
        }
        for (const grant of grantsOf(inOrder(ledger.rows))) {
          const { persons } = grant.row.body
          expect(grant.open).toBeGreaterThanOrEqual(0)
          expect(grant.held).toBeGreaterThanOrEqual(grant.isUndone ? 0 : grant.passed)
          expect(grant.held).toBeLessThanOrEqual(persons)
          if (!grant.isUndone) expect(grant.passed + grant.returned + grant.open).toBe(persons)
        }
        const history = ticketHistory(ledger.rows, [])
        expect(history.inside).toBeGreaterThanOrEqual(0)
        expect(history.away).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('the history of a ticket', () => {
  test('R12: entry, exit, exit leaves it outside', () => {
    const ledger = createGateLedger('vg-0101')
    ledger.decide(at('10:00'), ticket)
    ledger.decide(at('11:00'), ticket, { direction: 'out' })
    ledger.decide(at('11:05'), ticket, { direction: 'out' })
    expect(ticketHistory(ledger.rows, [])).toMatchObject({ inside: 0, away: 1 })
  })

  test('those of a family who went out come in again, the others use up no more', () => {
    const ledger = createGateLedger('vg-0101')
    ledger.decide(at('10:00'), ticket, { persons: 4, right: family })
    ledger.decide(at('11:00'), ticket, { direction: 'out', persons: 2 })
    ledger.decide(at('12:00'), ticket, { persons: 2, right: family })
    const history = ticketHistory(ledger.rows, [])
    expect(history).toMatchObject({ inside: 4, away: 0 })
    expect(history.entries.map(({ using, beyond }) => [using, beyond])).toEqual([
      [4, 0],
      [0, 0],
    ])
  })

  test('coming in again is for the day on which one went out', () => {
    const ledger = createGateLedger('vg-0101')
    const right: Right = { entries: 10, persons: 1, reentry: true }
    ledger.decide(at('10:00'), ticket, { right })
    ledger.decide(at('11:00'), ticket, { direction: 'out' })
    ledger.decide(at('10:00', 16), ticket, { right })
    expect(ticketHistory(ledger.rows, []).entries.map(({ using }) => using)).toEqual([1, 1])
  })

  test('T16: a night on which everybody was counted out leaves nobody of it inside', () => {
    const ledger = createGateLedger('vg-0101')
    ledger.decide(at('10:00'), ticket, { persons: 4, right: family })
    expect(ticketHistory(ledger.rows, [at('01:00', 15), at('01:00', 16)])).toMatchObject({ inside: 0 })
    expect(ticketHistory(ledger.rows, [at('01:00', 15)])).toMatchObject({ inside: 4 })
    ledger.decide(at('10:00', 16), ticket, { persons: 1, right: { entries: 0, persons: 4 } })
    expect(ticketHistory(ledger.rows, [at('01:00', 16)])).toMatchObject({ inside: 1 })
  })

  test('keeps what the staff set last, by its time', () => {
    const ledger = createGateLedger('vg-0100', null)
    ledger.add(at('10:05'), { kind: 'status', ticket, status: 'valid', by: 'person-1' })
    ledger.add(at('10:00'), { kind: 'status', ticket, status: 'blocked', by: 'person-1' })
    expect(ticketHistory(ledger.rows, []).status).toEqual({ status: 'valid', at: at('10:05') })
  })
})
