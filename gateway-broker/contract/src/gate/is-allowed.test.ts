import { createGateLedger } from '@vigie/tests/fixtures/gate-ledger'
import { TRIAL_DAY, TRIAL_TYPES, trialCatalogue, trialPayload, trialTypes } from '@vigie/tests/fixtures/trial-tickets'
import { Compile } from 'typebox/compile'
import { describe, expect, test } from 'vitest'
import type { LaneId } from '../ids.ts'
import { civilTimeOf } from './civil-time.ts'
import { type Entitlement, entitlementOf } from './entitlement.ts'
import { NO_HISTORY, type TicketHistory, ticketHistory } from './history.ts'
import { isAllowed } from './is-allowed.ts'
import { type Measure, Rule } from './rule.ts'
import { type UsedElsewhere, usedAt } from './used-elsewhere.ts'

const catalogue = trialCatalogue()
const [key] = catalogue.keys
if (key === undefined) throw new Error('a key')

function entitled(change: Parameters<typeof trialPayload>[0] = {}): Entitlement {
  const presented = {
    medium: 'signed' as const,
    payload: trialPayload(change),
    seal: 'good' as const,
    key: catalogue.keys[0] ?? key,
  }
  const entitlement = key === undefined ? null : entitlementOf({ ...presented, key }, null, { types: trialTypes })
  if (entitlement === null) throw new Error('a type of the catalogue')
  return entitlement
}

type Facts = {
  at?: string
  lane?: string | null
  ticket?: Entitlement
  history?: TicketHistory
  isTimeKnown?: boolean
  bit?: number
  elsewhere?: UsedElsewhere[]
}

function allows(
  rule: Rule,
  {
    at = '2026-08-15T09:00:00Z',
    lane = 'tripod1',
    ticket = entitled(),
    history = NO_HISTORY,
    isTimeKnown = true,
    bit = 1,
    elsewhere = [],
  }: Facts = {},
) {
  const nowMs = Date.parse(at)
  const museum = { ...catalogue.museum, bit }
  const facts = {
    entitlement: ticket,
    history,
    lane: lane as LaneId | null,
    museum,
    elsewhere,
    nowMs,
    now: civilTimeOf(nowMs),
    isTimeKnown,
  }
  return isAllowed(rule, facts)
}

/** Entries at these times, each of one person. */
function entered(...times: string[]): TicketHistory {
  const ledger = createGateLedger('vg-0101')
  for (const at of times)
    ledger.decide(new Date(at).toISOString(), trialPayload().id, { right: { entries: 0, persons: 1 } })
  return ticketHistory(ledger.rows, [])
}

describe('a rule', () => {
  test('T02: asks for product, type, lane or museum', () => {
    expect(allows({ rule: 'one-of', what: 'product', values: ['visit', 'tour'] })).toBe(true)
    expect(allows({ rule: 'one-of', what: 'product', values: ['tour'] })).toBe(false)
    expect(allows({ rule: 'one-of', what: 'type', values: [TRIAL_TYPES.adult] })).toBe(true)
    expect(allows({ rule: 'one-of', what: 'type', values: [TRIAL_TYPES.tour] })).toBe(false)
    expect(allows({ rule: 'one-of', what: 'lane', values: ['tripod1'] })).toBe(true)
    expect(allows({ rule: 'one-of', what: 'lane', values: ['wide1'] })).toBe(false)
    expect(allows({ rule: 'one-of', what: 'museum', values: [2] })).toBe(false)
    expect(allows({ rule: 'one-of', what: 'museum', values: [2] }, { bit: 2 })).toBe(true)
  })

  test('T03: that asks for a lane is not met where there is none', () => {
    expect(allows({ rule: 'one-of', what: 'lane', values: ['tripod1'] }, { lane: null })).toBe(false)
  })

  test('is put together of all and any, two levels deep', () => {
    const [yes, no] = [{ rule: 'always' as const }, { rule: 'never' as const }]
    expect(allows({ rule: 'all', of: [yes, no] })).toBe(false)
    expect(allows({ rule: 'any', of: [no, yes] })).toBe(true)
    expect(allows({ rule: 'any', of: [{ rule: 'all', of: [yes, no] }, no] })).toBe(false)
    expect(allows({ rule: 'all', of: [{ rule: 'any', of: [no, yes] }, yes] })).toBe(true)
  })

  test.each([
    ['<', [true, false, false]],
    ['<=', [true, true, false]],
    ['=', [false, true, false]],
    ['>=', [false, true, true]],
    ['>', [false, false, true]],
  ] as const)('T04: compares by %s', (is, expected) => {
    const history = entered('2026-08-15T08:00:00Z', '2026-08-15T08:10:00Z')
    const answers = [3, 2, 1].map((value) => allows({ rule: 'compare', what: 'entries', is, value }, { history }))
    expect(answers).toEqual(expected)
  })

  test('T08: counts whole minutes, and -1 where there was no entry', () => {
    const rule = (what: 'minutes-since-first-entry' | 'minutes-since-last-entry', value: number): Rule => ({
      rule: 'compare',
      what,
      is: '=',
      value,
    })
    const history = entered('2026-08-15T06:00:00Z', '2026-08-15T08:00:01Z')
    expect(allows(rule('minutes-since-first-entry', 180), { history })).toBe(true)
    expect(allows(rule('minutes-since-last-entry', 59), { history })).toBe(true)
    expect(allows(rule('minutes-since-last-entry', -1))).toBe(true)
    expect(allows(rule('minutes-since-first-entry', -1))).toBe(true)
  })

  test('T09: counts entries and days since a moment, itself included, or before it', () => {
    const count = (
      what: 'entries' | 'days',
      side: 'since' | 'before',
      moment: Extract<Rule, { rule: 'count' }>['moment'],
      value: number,
    ) => allows({ rule: 'count', what, side, moment, is: '=', value }, { history })
    // 10:00 and 11:00 on the 14th, 10:00 on the 15th, in Paris.
    const history = entered('2026-08-14T08:00:00Z', '2026-08-14T09:00:00Z', '2026-08-15T08:00:00Z')
    expect(count('entries', 'since', { at: 'date', date: '2026-08-15' }, 1)).toBe(true)
    expect(count('entries', 'before', { at: 'date', date: '2026-08-15' }, 2)).toBe(true)
    expect(count('days', 'before', { at: 'date', date: '2026-08-15' }, 1)).toBe(true)
    expect(count('days', 'since', { at: 'date', date: '2026-08-14', time: '11:00' }, 2)).toBe(true)
    expect(count('entries', 'since', { at: 'time-of-day', time: '10:00' }, 1)).toBe(true)
    expect(count('entries', 'since', { at: 'time-of-day', time: '10:01' }, 0)).toBe(true)
    expect(count('entries', 'since', { at: 'date-time', time: '2026-08-14T11:00:00+02:00' }, 2)).toBe(true)
    expect(count('entries', 'before', { at: 'date-time', time: '2026-08-14T09:00:00Z' }, 1)).toBe(true)
  })

  test('T09: counts what another museum says as if it had been here, however often that was', () => {
    const days = Array.from({ length: 20 }, (_, index) => `2026-08-${index + 10}`)
    const often = entered(...days.flatMap((day) => ['08', '09', '10'].map((hour) => `${day}T${hour}:00:00Z`)))
    const there = usedAt(2, often)
    if (there === null) throw new Error('it was used there')
    const elsewhere = [there]
    expect(there.uses.length).toBeLessThan(often.entries.length)
    const compares = (what: Measure, value: number): Rule => ({ rule: 'compare', what, is: '=', value })
    const counts = (what: 'entries' | 'days', side: 'since' | 'before', value: number): Rule => {
      const moment = { at: 'date' as const, date: '2026-08-12' }
      return { rule: 'count', what, side, moment, is: '=', value }
    }
    const at = '2026-08-29T11:00:00Z'
    const rules = [
      compares('entries', 60),
      compares('entries-today', 3),
      compares('days-entered', 20),
      compares('minutes-since-first-entry', 19 * 1440 + 180),
      compares('minutes-since-last-entry', 60),
      ...[counts('entries', 'before', 6), counts('days', 'before', 2)],
      ...[counts('entries', 'since', 54), counts('days', 'since', 18)],
    ]
    for (const rule of rules) {
      expect([rule, allows(rule, { at, history: often })]).toEqual([rule, true])
      expect([rule, allows(rule, { at, elsewhere })]).toEqual([rule, true])
    }
  })

  // The tour of 14:00 is half an hour long and may be entered a quarter before; 14:00 in Paris is 12:00 UTC in August.
  const tour = entitled({ type: TRIAL_TYPES.tour, slotStart: 840, toleranceMin: 15 })
  const sharp = entitled({ type: TRIAL_TYPES.tour, slotStart: 840, toleranceMin: 0 })

  test.each([
    ['after admission, ten minutes early', 'after', 'admission', 10, tour, '11:34:59', '11:35:00'],
    ['after admission without one, as after the start', 'after', 'admission', 10, sharp, '11:49:59', '11:50:00'],
    ['after the start, no tolerance', 'after', 'start', undefined, tour, '11:59:59', '12:00:00'],
  ] as const)('T10: %s, is met from its minute on', (_, is, at, toleranceMin, ticket, just, then) => {
    const rule: Rule = { rule: 'time', is, moment: { at }, ...(toleranceMin === undefined ? {} : { toleranceMin }) }
    expect(allows(rule, { ticket, at: `2026-08-15T${just}Z` })).toBe(false)
    expect(allows(rule, { ticket, at: `2026-08-15T${then}Z` })).toBe(true)
  })

  test('T10: before the end and ten minutes, is met until its minute', () => {
    const rule: Rule = { rule: 'time', is: 'before', moment: { at: 'end' }, toleranceMin: 10 }
    expect(allows(rule, { ticket: tour, at: '2026-08-15T12:39:59Z' })).toBe(true)
    expect(allows(rule, { ticket: tour, at: '2026-08-15T12:40:00Z' })).toBe(false)
  })

  test('T10: of a ticket without a slot, means the hours of the museum', () => {
    const opened: Rule = { rule: 'time', is: 'after', moment: { at: 'start' } }
    const lastHour: Rule = { rule: 'time', is: 'before', moment: { at: 'end' } }
    expect([allows(opened, { at: '2026-08-15T07:59:59Z' }), allows(opened, { at: '2026-08-15T08:00:00Z' })]).toEqual([
      false,
      true,
    ])
    expect([
      allows(lastHour, { at: '2026-08-15T16:59:59Z' }),
      allows(lastHour, { at: '2026-08-15T17:00:00Z' }),
    ]).toEqual([true, false])
  })

  test.each([
    ['2026-08-15T11:59:59Z', false],
    ['2026-08-15T12:00:00Z', true],
    ['2026-12-15T12:59:59Z', false],
    ['2026-12-15T13:00:00Z', true],
  ])('T11: a time of day is the one on the wall, in both seasons: 14:00 at %s is %s', (at, expected) => {
    expect(allows({ rule: 'time', is: 'after', moment: { at: 'time-of-day', time: '14:00' } }, { at })).toBe(expected)
  })

  test.each([
    ['2026-12-01T08:59:59Z', false],
    ['2026-12-01T09:00:00Z', true],
  ])('T11: a date and time with its offset is that moment: at %s %s', (at, expected) => {
    const moment = { at: 'date-time' as const, time: '2026-12-01T10:00:00+01:00' }
    expect(allows({ rule: 'time', is: 'after', moment }, { at })).toBe(expected)
  })

  test.each([
    ['2026-08-14T21:59:59Z', false],
    ['2026-08-14T22:00:00Z', true],
    ['2026-08-16T21:59:59Z', true],
    ['2026-08-16T22:00:00Z', false],
  ])('T12: the week-end is that of Paris: at %s %s', (at, expected) => {
    expect(allows({ rule: 'one-of', what: 'weekday', values: [6, 7] }, { at })).toBe(expected)
  })

  test('that asks for the time is met where nobody knows it', () => {
    expect(
      allows({ rule: 'time', is: 'after', moment: { at: 'date', date: '2099-01-01' } }, { isTimeKnown: false }),
    ).toBe(true)
    expect(allows({ rule: 'one-of', what: 'weekday', values: [1] }, { isTimeKnown: false })).toBe(true)
    expect(allows({ rule: 'never' }, { isTimeKnown: false })).toBe(false)
  })

  test('in a word that is not of the language is refused by its schema', () => {
    const rule = Compile(Rule)
    expect(rule.Check({ rule: 'any', of: [{ rule: 'compare', what: 'entries', is: '<', value: 3 }] })).toBe(true)
    for (const wrong of [
      { rule: 'script', code: 'process.exit()' },
      { rule: 'compare', what: 'constructor', is: '<', value: 3 },
      { rule: 'compare', what: 'entries', is: '<', value: 3, more: true },
      { rule: 'any', of: [] },
      { rule: 'any', of: [{ rule: 'any', of: [{ rule: 'any', of: [{ rule: 'always' }] }] }] },
    ]) {
      expect(rule.Check(wrong), JSON.stringify(wrong)).toBe(false)
    }
  })
})

test('the trial tickets are of the day that the tests speak of', () => {
  expect(civilTimeOf(Date.parse('2026-08-15T09:00:00Z')).day).toBe(TRIAL_DAY)
})
