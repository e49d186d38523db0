import { createGateLedger } from '@vigie/tests/fixtures/gate-ledger'
import { createTrialGate } from '@vigie/tests/fixtures/trial-gate'
import {
  presentTrial,
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
import fc from 'fast-check'
import { Compile } from 'typebox/compile'
import { describe, expect, test } from 'vitest'
import type { LaneId } from '../ids.ts'
import type { Catalogue } from './catalogue.ts'
import { CHECKS } from './checks.ts'
import type { FeedEntry } from './feed.ts'
import { mergeLedgers } from './merge.ts'
import { OUTCOMES } from './outcome.ts'
import { Row } from './row.ts'
import type { Rule } from './rule.ts'
import type { ForeignHash, TicketPayload } from './ticket-code.ts'
import type { TicketStatus } from './ticket-status.ts'

/** Times are those of Paris in summer, two hours ahead of UTC. */
const on = (date: string, time: string) => `${date}T${time}:00.000+02:00`
const utc = (local: string) => new Date(local).toISOString()
const at = (time: string) => utc(on('2026-08-15', time))
const code = (change: Partial<TicketPayload> = {}) => trialCode(trialPayload(change))
const plain = code()
const decisions = (rows: readonly Row[]) => rows.filter(({ body }) => body.kind === 'decision')
const admitted = (rows: readonly Row[]) =>
  decisions(rows).filter(({ body }) => body.kind === 'decision' && body.outcome === 'ok')
const saysOfTicket = (status: TicketStatus, change: Partial<FeedEntry> = {}): FeedEntry => ({
  n: 1,
  ticket: trialPayload().id,
  hash: null,
  status,
  ...change,
})
const withRule = (rule: Rule): Catalogue =>
  trialCatalogue({ types: trialTypes.map((type) => (type.number === 6 ? { ...type, rule } : type)) })
const day = (change: Partial<TicketPayload> = {}) => code({ type: TRIAL_TYPES.day, entries: 0, ...change })
const wide = { id: 'wide1' as LaneId, bits: 2, isInService: true, openFor: null }
const tripod = { id: 'tripod1' as LaneId, bits: 1, isInService: true, openFor: null }

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
      const { outcome } = here.scan(card, utc(on(`2026-08-${15 + index}`, '11:00')))
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
    expect(gate.scan(daily, utc(on('2026-08-16', '11:00'))).outcome).toBe('ok')
  })
})

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

describe('days, slots and hours', () => {
  const seconds = (local: string) => new Date(local).toISOString()

  test.each([
    ['S10', '2026-08-14T23:59:59+02:00', 'invalid_time', 'not-yet'],
    ['S10', '2026-08-15T00:00:00+02:00', 'ok', null],
    ['S09', '2026-08-16T23:59:59+02:00', 'ok', null],
    ['S09', '2026-08-17T00:00:00+02:00', 'invalid_time', 'over'],
  ])('%s: a ticket for two days at %s is %s', (_, local, outcome, detail) => {
    const { museum } = trialCatalogue()
    const gate = createTrialGate({ catalogue: trialCatalogue({ museum: { ...museum, opening: [] } }) })
    expect(gate.scan(code({ days: 2 }), seconds(local))).toMatchObject({ outcome, detail })
  })

  test.each([
    ['K03', '13:44:59', 'invalid_time'],
    ['K03', '13:45:00', 'ok'],
    ['K03', '14:29:59', 'ok'],
    ['K03', '14:30:00', 'invalid_time'],
  ])('%s: a tour of 14:00 for half an hour, a quarter before, at %s is %s', (_, time, outcome) => {
    const tour = code({ type: TRIAL_TYPES.tour, slotStart: 840, toleranceMin: 15 })
    expect(createTrialGate().scan(tour, seconds(`2026-08-15T${time}+02:00`)).outcome).toBe(outcome)
  })

  test('S14: another slot is refused with the right one named, today or the next day', () => {
    const tour = code({ type: TRIAL_TYPES.tour, slotStart: 840, toleranceMin: 15, days: 2 })
    const gate = createTrialGate()
    expect(gate.scan(tour, at('11:00'))).toMatchObject({
      outcome: 'invalid_time',
      detail: 'other-slot',
      fix: { kind: 'from', day: TRIAL_DAY, minutes: 840, isToday: true },
    })
    expect(gate.scan(tour, at('15:00'))).toMatchObject({
      fix: { kind: 'from', day: TRIAL_DAY + 1, minutes: 840, isToday: false },
    })
    expect(gate.scan(tour, utc(on('2026-08-16', '15:00')))).toMatchObject({ detail: 'over' })
  })

  test('S15: a ticket without a slot is good at any time of any of its days', () => {
    const gate = createTrialGate()
    const open = code({ days: 255, entries: 0 })
    for (const date of ['2026-08-15', '2026-10-31', '2027-04-26']) {
      const winter = date > '2026-10-25' && date < '2027-03-28' ? '+01:00' : '+02:00'
      expect(gate.scan(open, seconds(`${date}T10:00:00${winter}`)).outcome, date).toBe('ok')
    }
  })

  test('G22: out of hours the opening time is told, and who is inside may go out', () => {
    const gate = createTrialGate()
    const two = code({ days: 2 })
    expect(gate.scan(two, at('09:59'))).toMatchObject({
      outcome: 'lane_closed',
      detail: 'before-opening',
      fix: { kind: 'opens', day: TRIAL_DAY, minutes: 600, isToday: true },
    })
    expect(gate.scan(two, at('19:00'))).toMatchObject({
      outcome: 'lane_closed',
      detail: 'after-closing',
      fix: { kind: 'opens', day: TRIAL_DAY + 1, minutes: 600, isToday: false },
    })
    expect(gate.scan(two, at('19:30'), { direction: 'out' }).outcome).toBe('ok')
    const christmas = code({ firstDay: TRIAL_DAY + 132 })
    expect(gate.scan(christmas, seconds('2026-12-25T11:00:00+01:00'))).toMatchObject({
      outcome: 'lane_closed',
      fix: { day: TRIAL_DAY + 133 },
    })
  })

  test('G22: a lane out of service says so to everybody', () => {
    const lane = { ...tripod, isInService: false }
    expect(createTrialGate().scan(plain, at('11:00'), { lane })).toMatchObject({
      outcome: 'lane_closed',
      detail: 'out-of-service',
    })
  })

  test('with a clock that does not know the time, nothing is refused for its time, and the decision is marked', () => {
    const tour = code({ type: TRIAL_TYPES.tour, slotStart: 840 })
    const gate = createTrialGate()
    expect(gate.scan(tour, '1970-01-01T00:00:00.000Z', { clock: 'unknown' })).toMatchObject({
      outcome: 'ok',
      attention: ['clock-unknown'],
    })
    expect(gate.scan(tour, '1970-01-01T00:01:00.000Z', { clock: 'unknown' }).outcome).toBe('already_redeemed')
  })
})

describe('force', () => {
  const force = { by: 'person-1', reason: 'vu à la caisse' }

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

describe('the lane and the house', () => {
  test('G08: the same code again while the lane stands open for it is no second scan', () => {
    const gate = createTrialGate()
    gate.scan(plain, at('11:00'))
    const lane = { ...tripod, openFor: trialPayload().id }
    expect(gate.scan(plain, at('11:00'), { lane })).toMatchObject({ outcome: 'duplicate_read', persons: 0 })
  })

  test('G17: at the limit nobody else is let in, near it the staff is told, and an exit makes room', () => {
    const gate = createTrialGate()
    const occupancy = (inside: number) => ({ inside, isEstimate: false })
    expect(gate.scan(plain, at('11:00'), { occupancy: occupancy(300) })).toMatchObject({
      outcome: 'capacity',
      detail: 'full',
    })
    expect(gate.scan(plain, at('11:00'), { occupancy: occupancy(300), direction: 'out' }).outcome).toBe('ok')
    expect(gate.scan(plain, at('11:01'), { occupancy: occupancy(299) })).toMatchObject({
      outcome: 'ok',
      attention: ['crowded'],
    })
    const family = code({ type: TRIAL_TYPES.family, persons: 4, serial: 2 })
    expect(createTrialGate().scan(family, at('11:00'), { occupancy: occupancy(297) }).outcome).toBe('capacity')
    expect(createTrialGate().scan(family, at('11:00'), { occupancy: occupancy(200) })).toMatchObject({
      outcome: 'ok',
      attention: [],
    })
  })

  test('G17: a museum without a limit warns alone', () => {
    const { museum } = trialCatalogue()
    const capacity = { ...museum.capacity, refuseAt: null }
    const gate = createTrialGate({ catalogue: trialCatalogue({ museum: { ...museum, capacity } }) })
    expect(gate.scan(plain, at('11:00'), { occupancy: { inside: 5000, isEstimate: true } })).toMatchObject({
      outcome: 'ok',
      attention: ['crowded'],
    })
  })

  test('a proof to be shown and a companion call the staff, and the companion goes in on the same code', () => {
    const gate = createTrialGate()
    const flags = trialFlags({ proof: true, companion: true })
    const decision = gate.scan(code({ type: TRIAL_TYPES.wheelchair, lanes: 2, flags }), at('11:00'), { lane: wide })
    expect(decision).toMatchObject({ outcome: 'ok', persons: 2, attention: ['proof', 'companion'] })
  })
})

describe('rules of a type', () => {
  test('T01: a rule that is never met refuses entries and no exits; one that always is lets in', () => {
    const never = createTrialGate({ catalogue: withRule({ rule: 'never' }) })
    expect(never.scan(day(), at('11:00'))).toMatchObject({ outcome: 'rules', detail: 'rule-not-met' })
    expect(never.scan(day(), at('11:01'), { direction: 'out' }).outcome).toBe('ok')
    expect(createTrialGate({ catalogue: withRule({ rule: 'always' }) }).scan(day(), at('11:00')).outcome).toBe('ok')
  })

  test('T04: at most three entries, exits not counted', () => {
    const gate = createTrialGate({ catalogue: withRule({ rule: 'compare', what: 'entries', is: '<', value: 3 }) })
    const ways = ['in', 'out', 'in', 'out', 'in', 'out', 'in'] as const
    const outcomes = ways.map((direction, index) => gate.scan(day(), at(`11:0${index}`), { direction }).outcome)
    expect(outcomes).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'rules'])
  })

  test('T05: only who is outside', () => {
    const gate = createTrialGate({ catalogue: withRule({ rule: 'compare', what: 'inside', is: '=', value: 0 }) })
    const ways = ['in', 'in', 'out', 'in'] as const
    const outcomes = ways.map((direction, index) => gate.scan(day(), at(`11:0${index}`), { direction }).outcome)
    expect(outcomes).toEqual(['ok', 'rules', 'ok', 'ok'])
  })

  test('T07: two days of one’s choice, as often as wanted on each', () => {
    const twoDays: Rule = {
      rule: 'any',
      of: [
        { rule: 'compare', what: 'entries-today', is: '>', value: 0 },
        { rule: 'compare', what: 'days-entered', is: '<', value: 2 },
      ],
    }
    const gate = createTrialGate({ catalogue: withRule(twoDays) })
    const ticket = day({ days: 7 })
    const times = ['2026-08-15 11:00', '2026-08-15 15:00', '2026-08-17 11:00', '2026-08-17 12:00', '2026-08-18 11:00']
    const outcomes = times.map((time) => gate.scan(ticket, utc(`${time.replace(' ', 'T')}:00+02:00`)).outcome)
    expect(outcomes).toEqual(['ok', 'ok', 'ok', 'ok', 'rules'])
  })

  test.each([
    ['13:59', 'rules'],
    ['14:00', 'ok'],
  ])('T08: three hours after the last entry, at %s: %s', (time, outcome) => {
    const wait: Rule = {
      rule: 'any',
      of: [
        { rule: 'compare', what: 'minutes-since-last-entry', is: '=', value: -1 },
        { rule: 'compare', what: 'minutes-since-last-entry', is: '>=', value: 180 },
      ],
    }
    const gate = createTrialGate({ catalogue: withRule(wait) })
    expect(gate.scan(day(), at('11:00')).outcome).toBe('ok')
    expect(gate.scan(day(), at(time)).outcome).toBe(outcome)
  })

  test.each([
    ['14:00', 'ok'],
    ['14:01', 'rules'],
  ])('T08: within three hours of the first entry, at %s: %s', (time, outcome) => {
    const within: Rule = { rule: 'compare', what: 'minutes-since-first-entry', is: '<=', value: 180 }
    const gate = createTrialGate({ catalogue: withRule(within) })
    expect(gate.scan(day(), at('11:00')).outcome).toBe('ok')
    expect(gate.scan(day(), at(time)).outcome).toBe(outcome)
  })
})

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
    ])
    for (const { outcome } of CHECKS) expect(OUTCOMES).toContain(outcome)
  })

  test('gives the first of several: wrong museum before wrong day, wrong day before used up', () => {
    const gate = createTrialGate({ feed: [saysOfTicket('valid')] })
    gate.scan(plain, at('11:00'))
    expect(gate.scan(plain, utc(on('2026-08-16', '11:00'))).outcome).toBe('invalid_time')
    expect(gate.scan(code({ museums: 2 }), utc(on('2026-08-16', '11:00'))).outcome).toBe('product')
    const canceled = createTrialGate({ feed: [saysOfTicket('canceled')] })
    expect(canceled.scan(code({ museums: 2 }), utc(on('2026-08-16', '11:00'))).outcome).toBe('canceled')
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
