import { createGateLedger } from '@vigie/tests/fixtures/gate-ledger'
import { createTrialGate } from '@vigie/tests/fixtures/trial-gate'
import { TRIAL_DAY, TRIAL_TYPES, trialCatalogue, trialFlags, trialPayload } from '@vigie/tests/fixtures/trial-tickets'
import { admitted, at, code, on, plain, saysOfTicket } from '@vigie/tests/fixtures/trial-visit'
import { describe, expect, test } from 'vitest'

describe('once, twice, many times', () => {
  test('R01: a paid ticket is let in the first time, with exactly one row', () => {
    const gate = createTrialGate()
    expect(gate.scan(plain, at('11:00'))).toMatchObject({ outcome: 'ok', persons: 1, detail: null, fix: null })
    expect(gate.ledger.rows).toHaveLength(1)
  })

  test('R03: an unknown code is invalid, and is written down by its hash without an entry', () => {
    const gate = createTrialGate()
    const text = 'f'.repeat(32)
    const decision = gate.scan('https://example.org/', at('11:00'), { text })
    expect(decision).toMatchObject({ outcome: 'invalid', detail: 'unreadable', persons: 0, ticket: null })
    expect(gate.ledger.rows).toMatchObject([{ body: { kind: 'decision', outcome: 'invalid', ticket: null, text } }])
  })

  test('R04: the same ticket again is already redeemed, and time and gate of its entry are told', () => {
    const gate = createTrialGate()
    gate.scan(plain, at('11:00'))
    gate.pass(at('11:00'))
    expect(gate.scan(plain, at('11:30'))).toMatchObject({
      outcome: 'already_redeemed',
      detail: 'used-up',
      persons: 0,
      firstEntry: { at: at('11:00'), lane: 'tripod1', origin: 'vg-0101' },
      fix: { kind: 'entered', at: at('11:00'), lane: 'tripod1' },
    })
    expect(admitted(gate.ledger.rows)).toHaveLength(1)
  })

  test('R05: a second scan is refused from the gate’s own ledger alone, whatever the age of its list', () => {
    const gate = createTrialGate()
    const listAge = { feed: 0, seconds: null }
    expect(gate.scan(plain, at('11:00'), { listAge })).toMatchObject({ outcome: 'ok' })
    expect(gate.scan(plain, at('11:01'), { listAge })).toMatchObject({ outcome: 'already_redeemed' })
  })

  test('R05: what another gate of the house let in is refused once it is heard of', () => {
    const [one, other] = [createTrialGate(), createTrialGate({}, createGateLedger('vg-0102', 'tripod2'))]
    one.scan(plain, at('11:00'))
    other.hear(one.ledger.rows)
    expect(other.scan(plain, at('11:00'))).toMatchObject({
      outcome: 'already_redeemed',
      firstEntry: { origin: 'vg-0101' },
    })
  })

  test('R07: a ticket for several entries is let in as often, with a row each', () => {
    const gate = createTrialGate()
    const twice = code({ entries: 2 })
    expect([1, 2, 3].map((hour) => gate.scan(twice, at(`1${hour}:00`)).outcome)).toEqual([
      'ok',
      'ok',
      'already_redeemed',
    ])
    expect(admitted(gate.ledger.rows)).toHaveLength(2)
  })

  test('R08: the same question twice has the same answer and one row', () => {
    const gate = createTrialGate()
    const first = gate.scan(plain, at('11:00'), { nonce: 'the-same-question' })
    const again = gate.scan(plain, at('11:02'), { nonce: 'the-same-question' })
    expect(again).toMatchObject({ outcome: 'ok', persons: 1, repeats: gate.ledger.rows[0]?.id })
    expect(first.repeats).toBeNull()
    expect(gate.ledger.rows).toHaveLength(1)
  })

  test('R11: an exit before the first entry uses up nothing', () => {
    const gate = createTrialGate()
    expect(gate.scan(plain, at('11:00'), { direction: 'out' })).toMatchObject({ outcome: 'ok' })
    expect(gate.scan(plain, at('11:05'))).toMatchObject({ outcome: 'ok' })
  })

  test('a card that let in more than a row can name lets out as many as that, and the rest after them', () => {
    const gate = createTrialGate()
    const card = code({ entries: 0, persons: 150 })
    for (const when of ['10:00', '10:10']) {
      gate.scan(card, at(when))
      for (let person = 0; person < 150; person += 1) gate.pass(at(when))
    }
    expect(gate.scan(card, at('11:00'), { direction: 'out' })).toMatchObject({ outcome: 'ok', persons: 255 })
    expect(gate.scan(card, at('11:10'), { direction: 'out' })).toMatchObject({ outcome: 'ok', persons: 45 })
  })

  test('R12: entry, exit, exit are all let through', () => {
    const gate = createTrialGate()
    const ways = ['in', 'out', 'out'] as const
    expect(ways.map((direction, index) => gate.scan(plain, at(`11:0${index}`), { direction }).outcome)).toEqual([
      'ok',
      'ok',
      'ok',
    ])
  })

  test('R13: who went out comes in again where the ticket allows it, and not a second time', () => {
    const gate = createTrialGate()
    const again = code({ flags: trialFlags({ reentry: true }) })
    const ways = ['in', 'out', 'in', 'in'] as const
    const answers = ways.map((direction, index) => gate.scan(again, at(`11:0${index}`), { direction }))
    expect(answers.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok', 'already_redeemed'])
    expect(answers.at(-1)).toMatchObject({ detail: 'still-inside' })
  })

  test('R14: who went out stays out where the ticket does not allow it', () => {
    const gate = createTrialGate()
    const ways = ['in', 'out', 'in'] as const
    const outcomes = ways.map((direction, index) => gate.scan(plain, at(`11:0${index}`), { direction }).outcome)
    expect(outcomes).toEqual(['ok', 'ok', 'already_redeemed'])
    expect(admitted(gate.ledger.rows)).toHaveLength(2)
  })

  test('R14: and where the museum lets nobody in again, whatever the ticket says', () => {
    const { museum } = trialCatalogue()
    const gate = createTrialGate({ catalogue: trialCatalogue({ museum: { ...museum, reentry: false } }) })
    const again = code({ flags: trialFlags({ reentry: true }) })
    const ways = ['in', 'out', 'in'] as const
    expect(ways.map((direction, index) => gate.scan(again, at(`11:0${index}`), { direction }).outcome)).toEqual([
      'ok',
      'ok',
      'already_redeemed',
    ])
  })

  test('a family goes in on one code, and who of it did not go through may come later', () => {
    const gate = createTrialGate()
    const family = code({ type: TRIAL_TYPES.family, persons: 4 })
    const { persons } = gate.scan(family, at('11:00'))
    expect(persons).toBe(4)
    for (let person = 0; person < 3; person += 1) gate.pass(at('11:00'))
    const decision = gate.ledger.rows[0]?.id
    if (decision === undefined) throw new Error('a row')
    gate.ledger.add(at('11:01'), { kind: 'returned', decision, persons: 1, why: 'no-show' })
    expect(gate.scan(family, at('11:05'))).toMatchObject({ outcome: 'ok', persons: 1 })
    expect(gate.scan(family, at('11:06'))).toMatchObject({ outcome: 'already_redeemed' })
  })

  test('P12: a card for ten entries is let in ten times, over both museums', () => {
    const card = code({ type: TRIAL_TYPES.card, museums: 3, days: 200, entries: 10 })
    const { museum } = trialCatalogue()
    const salagon = createTrialGate()
    const prehistoire = createTrialGate(
      { catalogue: trialCatalogue({ museum: { ...museum, bit: 2, name: 'Musée de Préhistoire' } }) },
      createGateLedger('vg-0111'),
    )
    const outcomes = Array.from({ length: 11 }, (_, index) => {
      const [here, there] = index % 2 === 0 ? [salagon, prehistoire] : [prehistoire, salagon]
      const { outcome } = here.scan(card, on(`2026-08-${15 + index}`, '11:00'))
      there.hear(here.ledger.rows)
      return outcome
    })
    expect(outcomes).toEqual([...Array(10).fill('ok'), 'already_redeemed'])
  })

  test('P12: a right that is counted by the day is there again the next day', () => {
    const gate = createTrialGate()
    const daily = code({ days: 3, flags: trialFlags({ perDay: true }) })
    expect(gate.scan(daily, at('11:00')).outcome).toBe('ok')
    expect(gate.scan(daily, at('12:00'))).toMatchObject({ outcome: 'already_redeemed', detail: 'used-up-today' })
    expect(gate.scan(daily, on('2026-08-16', '11:00')).outcome).toBe('ok')
  })
})

describe('force', () => {
  const force = { by: 'person-1', reason: 'vu au guichet' }

  test('F01: a second entry is let in, and its row says by whom, why and against what', () => {
    const gate = createTrialGate()
    gate.scan(plain, at('11:00'))
    expect(gate.scan(plain, at('11:05'), { force, by: 'person-1' })).toMatchObject({
      outcome: 'ok',
      attention: ['forced'],
    })
    expect(admitted(gate.ledger.rows).at(-1)?.body).toMatchObject({ forced: { ...force, instead: 'already_redeemed' } })
  })

  test.each([
    ['F03', 'canceled'],
    ['F04', 'unpaid'],
    ['F05', 'revoked'],
  ] as const)('%s: %s is let in, on its own ticket, and marked', (_, status) => {
    const gate = createTrialGate({ feed: [saysOfTicket(status)] })
    expect(gate.scan(plain, at('11:00'), { force })).toMatchObject({ outcome: 'ok', ticket: trialPayload().id })
    expect(gate.ledger.rows[0]?.body).toMatchObject({ forced: { instead: status }, ticket: trialPayload().id })
  })

  test.each([
    ['F07', 'the other museum', { museums: 2 }, 'product'],
    ['F07', 'another day', { firstDay: TRIAL_DAY + 1 }, 'invalid_time'],
    ['F07', 'a type that is not known', { type: 999 }, 'error'],
  ])('%s: %s is refused all the same', (_, __, change, outcome) => {
    const gate = createTrialGate()
    expect(gate.scan(code(change), at('11:00'), { force })).toMatchObject({ outcome, persons: 0, canBeForced: false })
    expect(admitted(gate.ledger.rows)).toEqual([])
  })

  test('S07: an order that nobody approved is not let in by force', () => {
    expect(createTrialGate({ feed: [saysOfTicket('unapproved')] }).scan(plain, at('11:00'), { force }).outcome).toBe(
      'unapproved',
    )
  })

  test('F01: force that was not needed leaves no mark', () => {
    expect(createTrialGate().scan(plain, at('11:00'), { force })).toMatchObject({
      outcome: 'ok',
      forced: null,
      attention: [],
    })
  })
})
