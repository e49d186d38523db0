import { createGateLedger } from '@vigie/tests/fixtures/gate-ledger'
import { createTrialGate } from '@vigie/tests/fixtures/trial-gate'
import { presentTrial, trialCatalogue, trialFlags, trialPayload } from '@vigie/tests/fixtures/trial-tickets'
import { at, code, on, plain, saysOfTicket } from '@vigie/tests/fixtures/trial-visit'
import fc from 'fast-check'
import { Compile } from 'typebox/compile'
import { describe, expect, test } from 'vitest'
import { CHECKS } from './checks.ts'
import { mergeLedgers } from './merge.ts'
import { OUTCOMES } from './outcome.ts'
import { Row } from './row.ts'

describe('the order of reasons', () => {
  test('is a table, in which each outcome is one that is known', () => {
    expect(CHECKS.map(({ outcome, alsoOut, canBeForced }) => [outcome, alsoOut, canBeForced])).toEqual([
      ['duplicate_read', true, false],
      ['lane_closed', true, false],
      ['invalid', true, false],
      ['error', false, false],
      ['revoked', false, true],
      ['blocked', false, true],
      ['canceled', false, true],
      ['unpaid', false, true],
      ['unapproved', false, false],
      ['product', false, false],
      ['invalid_time', false, false],
      ['lane_closed', false, false],
      ['rules', false, true],
      ['already_redeemed', false, true],
      ['capacity', false, true],
      ['incomplete', false, true],
    ])
    for (const { outcome } of CHECKS) expect(OUTCOMES).toContain(outcome)
  })

  test('gives the first of several: wrong museum before wrong day, wrong day before used up', () => {
    const gate = createTrialGate({ feed: [saysOfTicket('valid')] })
    gate.scan(plain, at('11:00'))
    expect(gate.scan(plain, on('2026-08-16', '11:00')).outcome).toBe('invalid_time')
    expect(gate.scan(code({ museums: 2 }), on('2026-08-16', '11:00')).outcome).toBe('product')
    const canceled = createTrialGate({ feed: [saysOfTicket('canceled')] })
    expect(canceled.scan(code({ museums: 2 }), on('2026-08-16', '11:00')).outcome).toBe('canceled')
  })
})

describe('whatever is scanned at gates that hear of one another', () => {
  const scans = fc.array(
    fc.record({
      gate: fc.nat({ max: 2 }),
      direction: fc.constantFrom('in' as const, 'in' as const, 'out' as const),
      through: fc.nat({ max: 4 }),
      isUndone: fc.boolean(),
    }),
    { maxLength: 25 },
  )
  const rights = fc.record({
    entries: fc.integer({ min: 1, max: 3 }),
    persons: fc.integer({ min: 1, max: 4 }),
    reentry: fc.boolean(),
  })

  test('nobody is let in beyond the right, and every row is one that the schema knows', () => {
    const row = Compile(Row)
    fc.assert(
      fc.property(scans, rights, (deeds, { entries, persons, reentry }) => {
        const ledgers = [createGateLedger('vg-0101'), createGateLedger('vg-0102'), createGateLedger('vg-0100', null)]
        const gates = ledgers.map((ledger) => createTrialGate({}, ledger))
        const text = code({ entries, persons, flags: trialFlags({ reentry }) })
        for (const [minute, { gate: index, direction, through, isUndone }] of deeds.entries()) {
          const gate = gates[index]
          const ledger = ledgers[index]
          if (gate === undefined || ledger === undefined) throw new Error('three gates')
          const time = new Date(Date.parse(at('11:00')) + minute * 60_000).toISOString()
          const before = ledger.rows.length
          const decision = gate.scan(text, time, { direction })
          const granted = ledger.rows[before]
          if (granted === undefined) throw new Error('a row')
          for (let person = 0; person < Math.min(through, decision.persons); person += 1) gate.pass(time)
          const left = decision.persons - through
          if (left > 0) ledger.add(time, { kind: 'returned', decision: granted.id, persons: left, why: 'no-show' })
          if (isUndone) ledger.add(time, { kind: 'undo', decision: granted.id, by: 'person-1' })
          for (const other of gates) if (other !== gate) other.hear(ledger.rows.slice(before))
        }
        const rows = ledgers.flatMap((ledger) => ledger.rows)
        for (const one of rows) expect(row.Check(one)).toBe(true)
        const { conflicts, tickets } = mergeLedgers(rows)
        expect(conflicts).toEqual([])
        const history = tickets.get(trialPayload().id)
        expect((history?.entries ?? []).reduce((sum, { using }) => sum + using, 0)).toBeLessThanOrEqual(
          entries * persons,
        )
        if (!reentry)
          expect((history?.entries ?? []).reduce((sum, one) => sum + one.persons, 0)).toBeLessThanOrEqual(
            entries * persons,
          )
      }),
    )
  })

  test('the same question is answered alike wherever and whenever it is asked', () => {
    const presented = presentTrial(plain, trialCatalogue())
    const ask = () => createTrialGate().scan(plain, at('11:00'), { presented })
    expect(ask()).toEqual(ask())
  })
})
