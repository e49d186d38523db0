import { createTrialGate } from '@vigie/tests/fixtures/trial-gate'
import {
  TRIAL_DAY,
  TRIAL_TYPES,
  trialCatalogue,
  trialCode,
  trialFlags,
  trialKey,
  trialPayload,
  trialTicketKey,
  trialTypes,
} from '@vigie/tests/fixtures/trial-tickets'
import { admitted, at, code, plain, saysOfTicket, tripod, wide } from '@vigie/tests/fixtures/trial-visit'
import { describe, expect, test } from 'vitest'
import type { FeedEntry } from './feed.ts'
import type { ForeignHash } from './ticket-code.ts'

describe('how a ticket stands', () => {
  test.each([
    ['S01', 'canceled', 'canceled', true],
    ['S02', 'canceled', 'canceled', true],
    ['S03', 'unpaid', 'unpaid', true],
    ['S07', 'unapproved', 'unapproved', false],
    ['S08', 'blocked', 'blocked', true],
    ['K04', 'revoked', 'revoked', true],
  ] as const)(
    '%s: %s is refused as %s, without an entry; that staff may let in all the same: %j',
    (_, status, outcome, canBeForced) => {
      const gate = createTrialGate({ feed: [saysOfTicket(status)] })
      expect(gate.scan(plain, at('11:00'))).toMatchObject({ outcome, canBeForced, persons: 0, type: 1 })
      expect(admitted(gate.ledger.rows)).toEqual([])
    },
  )

  test('S04: an unpaid one is let in where its type may be and the staff says so', () => {
    const types = trialTypes.map((type) => ({ ...type, mayEnterUnpaid: type.number === 1 }))
    const unpaid = [saysOfTicket('unpaid')]
    const may = createTrialGate({ catalogue: trialCatalogue({ types }), feed: unpaid })
    expect(may.scan(plain, at('11:00'))).toMatchObject({ outcome: 'unpaid' })
    expect(may.scan(plain, at('11:01'), { ignoreUnpaid: true })).toMatchObject({ outcome: 'ok', attention: ['unpaid'] })
    expect(createTrialGate({ feed: unpaid }).scan(plain, at('11:00'), { ignoreUnpaid: true }).outcome).toBe('unpaid')
  })

  test('K05: blocked is refused, and let in after it is unblocked, by the feed or by the staff on the spot', () => {
    const feed = [saysOfTicket('blocked', { at: at('10:00') })]
    const gate = createTrialGate({ feed })
    expect(gate.scan(plain, at('11:00')).outcome).toBe('blocked')
    gate.ledger.add(at('11:05'), { kind: 'status', ticket: trialPayload().id, status: 'valid', by: 'person-1' })
    expect(gate.scan(plain, at('11:06')).outcome).toBe('ok')
    const later = createTrialGate({ feed: [...feed, saysOfTicket('valid', { n: 2, at: at('11:05') })] })
    expect(later.scan(plain, at('11:06')).outcome).toBe('ok')
  })

  test('S01: cancelled on the spot is refused, until the feed says something newer', () => {
    const gate = createTrialGate()
    gate.ledger.add(at('11:00'), { kind: 'status', ticket: trialPayload().id, status: 'canceled', by: 'person-1' })
    expect(gate.scan(plain, at('11:01')).outcome).toBe('canceled')
    const newer = createTrialGate({ feed: [saysOfTicket('valid', { at: at('11:30') })] }, gate.ledger)
    expect(newer.scan(plain, at('11:31')).outcome).toBe('ok')
  })

  test('S12: a ticket without a right to the lane is told which one is its own', () => {
    const gate = createTrialGate()
    const wheelchair = code({ type: TRIAL_TYPES.wheelchair, lanes: 2 })
    expect(gate.scan(wheelchair, at('11:00'))).toMatchObject({
      outcome: 'product',
      detail: 'other-lane',
      fix: { kind: 'lane', bits: 2 },
    })
    expect(gate.scan(wheelchair, at('11:00'), { lane: wide }).outcome).toBe('ok')
  })

  test('S17: a ticket of the other museum is told which', () => {
    expect(createTrialGate().scan(code({ museums: 2 }), at('11:00'))).toMatchObject({
      outcome: 'product',
      detail: 'other-museum',
      fix: { kind: 'museum', name: 'Musée de Préhistoire' },
    })
  })

  test('a barcode of another seller is let in by what the seller told, and unknown it is invalid', () => {
    const hash = '0123456789abcdef0123456789abcdef' as ForeignHash // 32 hexadecimal digits
    const presented = { medium: 'foreign' as const, hash }
    const told: FeedEntry = {
      n: 1,
      ticket: null,
      hash,
      seller: 'billetweb',
      status: 'valid',
      type: 1,
      firstDay: TRIAL_DAY,
    }
    const gate = createTrialGate({ feed: [told] })
    expect(gate.scan('4006381333931', at('11:00'), { presented })).toMatchObject({ outcome: 'ok', ticket: hash })
    expect(gate.scan('4006381333931', at('11:01'), { presented }).outcome).toBe('already_redeemed')
    const stranger = createTrialGate()
    expect(stranger.scan('4006381333931', at('11:00'), { presented })).toMatchObject({
      outcome: 'invalid',
      detail: 'not-known-here',
    })
  })
})

describe('the seal and the key', () => {
  test('K01: a good signature is enough, though the ticket is in no list', () => {
    const gate = createTrialGate({ feed: [] })
    expect(gate.scan(plain, at('11:00'))).toMatchObject({ outcome: 'ok', medium: 'signed' })
    expect(gate.ledger.rows).toHaveLength(1)
  })

  test('K02: a forged code is invalid, and touches the history of no ticket', () => {
    const gate = createTrialGate()
    const forged = trialCode(trialPayload(), trialTicketKey(66).privateKey)
    expect(gate.scan(forged, at('11:00'))).toMatchObject({ outcome: 'invalid', detail: 'seal-wrong', ticket: null })
    expect(gate.scan(plain, at('11:01')).outcome).toBe('ok')
  })

  test('K06: a type that is not in the catalogue is an error, without an entry', () => {
    const gate = createTrialGate()
    expect(gate.scan(code({ type: 999 }), at('11:00'))).toMatchObject({ outcome: 'error', detail: 'type-unknown' })
    expect(admitted(gate.ledger.rows)).toEqual([])
  })

  test('K07: a key that the catalogue has not, or has for another season, does not let in', () => {
    const without = createTrialGate({ catalogue: trialCatalogue({ keys: [{ ...trialKey, id: 8 }] }) })
    expect(without.scan(plain, at('11:00'))).toMatchObject({ outcome: 'invalid', detail: 'key-unknown' })
    const over = createTrialGate({ catalogue: trialCatalogue({ keys: [{ ...trialKey, until: '2026-08-15' }] }) })
    expect(over.scan(plain, at('11:00')).outcome).toBe('ok')
    expect(over.scan(code({ days: 2, serial: 2 }), at('11:00'))).toMatchObject({
      outcome: 'invalid',
      detail: 'key-over',
    })
  })

  test('K12: a test ticket opens no lane that visitors use, and a lane on trial takes nothing else', () => {
    const gate = createTrialGate()
    const trial = code({ kind: 'test' })
    expect(gate.scan(trial, at('11:00'))).toMatchObject({ outcome: 'invalid', detail: 'test-ticket' })
    const lane = { ...tripod, isOnTrial: true }
    expect(gate.scan(trial, at('11:01'), { lane }).outcome).toBe('ok')
    expect(gate.scan(code({ serial: 9 }), at('11:02'), { lane }).outcome).toBe('invalid')
    const testKey = createTrialGate({ catalogue: trialCatalogue({ keys: [{ ...trialKey, test: true }] }) })
    expect(testKey.scan(plain, at('11:00'))).toMatchObject({ outcome: 'invalid', detail: 'test-ticket' })
  })

  test('K13: a ticket that a till sold while it was cut off is let in by its signature', () => {
    const sold = code({ serial: 4_000_000_000, flags: trialFlags({ soldAtTill: true }) })
    expect(createTrialGate().scan(sold, at('11:00')).outcome).toBe('ok')
  })
})
