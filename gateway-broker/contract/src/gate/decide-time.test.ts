import { createTrialGate } from '@vigie/tests/fixtures/trial-gate'
import { TRIAL_DAY, TRIAL_TYPES, trialCatalogue, trialFlags, trialPayload } from '@vigie/tests/fixtures/trial-tickets'
import { at, code, dayTicket, on, plain, tripod, wide, withRule } from '@vigie/tests/fixtures/trial-visit'
import { describe, expect, test } from 'vitest'
import type { Rule } from './rule.ts'

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
    expect(gate.scan(tour, on('2026-08-16', '15:00'))).toMatchObject({ detail: 'over' })
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
    expect(never.scan(dayTicket(), at('11:00'))).toMatchObject({ outcome: 'rules', detail: 'rule-not-met' })
    expect(never.scan(dayTicket(), at('11:01'), { direction: 'out' }).outcome).toBe('ok')
    expect(createTrialGate({ catalogue: withRule({ rule: 'always' }) }).scan(dayTicket(), at('11:00')).outcome).toBe(
      'ok',
    )
  })

  test('T04: at most three entries, exits not counted', () => {
    const gate = createTrialGate({ catalogue: withRule({ rule: 'compare', what: 'entries', is: '<', value: 3 }) })
    const ways = ['in', 'out', 'in', 'out', 'in', 'out', 'in'] as const
    const outcomes = ways.map((direction, index) => gate.scan(dayTicket(), at(`11:0${index}`), { direction }).outcome)
    expect(outcomes).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'rules'])
  })

  test('T05: only who is outside', () => {
    const gate = createTrialGate({ catalogue: withRule({ rule: 'compare', what: 'inside', is: '=', value: 0 }) })
    const ways = ['in', 'in', 'out', 'in'] as const
    const outcomes = ways.map((direction, index) => gate.scan(dayTicket(), at(`11:0${index}`), { direction }).outcome)
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
    const ticket = dayTicket({ days: 7 })
    const times = ['2026-08-15 11:00', '2026-08-15 15:00', '2026-08-17 11:00', '2026-08-17 12:00', '2026-08-18 11:00']
    const outcomes = times.map((time) => gate.scan(ticket, on(time.slice(0, 10), time.slice(11))).outcome)
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
    expect(gate.scan(dayTicket(), at('11:00')).outcome).toBe('ok')
    expect(gate.scan(dayTicket(), at(time)).outcome).toBe(outcome)
  })

  test.each([
    ['14:00', 'ok'],
    ['14:01', 'rules'],
  ])('T08: within three hours of the first entry, at %s: %s', (time, outcome) => {
    const within: Rule = { rule: 'compare', what: 'minutes-since-first-entry', is: '<=', value: 180 }
    const gate = createTrialGate({ catalogue: withRule(within) })
    expect(gate.scan(dayTicket(), at('11:00')).outcome).toBe('ok')
    expect(gate.scan(dayTicket(), at(time)).outcome).toBe(outcome)
  })
})
