import { createGateLedger } from '@vigie/tests/fixtures/gate-ledger'
import { createTrialGate, type TrialGate } from '@vigie/tests/fixtures/trial-gate'
import { TRIAL_DAY, TRIAL_TYPES, trialCatalogue, trialFlags, trialPayload } from '@vigie/tests/fixtures/trial-tickets'
import { code, dayTicket, on, withRule } from '@vigie/tests/fixtures/trial-visit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Catalogue } from './catalogue.ts'
import type { FeedEntry } from './feed.ts'
import { ticketHistory } from './history.ts'
import { type UsedElsewhere, usedAt } from './used-elsewhere.ts'

const { id: ticket } = trialPayload()
const card = code({ type: TRIAL_TYPES.card, museums: 3, days: 200, entries: 10 })
const { museum } = trialCatalogue()
const ofPrehistoire = (catalogue = trialCatalogue()): Catalogue => ({
  ...catalogue,
  museum: { ...museum, bit: 2, name: 'Musée de Préhistoire' },
  others: [{ bit: 1, name: 'Musée de Salagon' }],
})

/** Two museums that hear of one another by the cloud alone, when it is told to. */
function bothMuseums(catalogue = trialCatalogue()) {
  const ofSalagon: FeedEntry[] = []
  const ofOther: FeedEntry[] = []
  const salagon = createTrialGate({ catalogue, feed: ofSalagon })
  const prehistoire = createTrialGate(
    { catalogue: ofPrehistoire(catalogue), feed: ofOther },
    createGateLedger('vg-0111'),
  )
  const sides = [
    { gate: salagon, feed: ofSalagon, bit: 1 },
    { gate: prehistoire, feed: ofOther, bit: 2 },
  ] as const
  const useOf = ({ gate, bit }: { gate: TrialGate; bit: number }) => usedAt(bit, ticketHistory(gate.ledger.rows, []))
  let n = 0
  /** What the cloud would say to one museum of the other. */
  const tell = (to: 0 | 1) => {
    const use = useOf(sides[to === 0 ? 1 : 0])
    n += 1
    sides[to].feed.push({ n, ticket, hash: null, status: 'valid', ...(use !== null && { elsewhere: [use] }) })
  }
  return { salagon, prehistoire, sides, tell, usedOf: (side: 0 | 1) => useOf(sides[side])?.persons ?? 0 }
}

const deeds = fc.array(
  fc.record({
    side: fc.constantFrom(0, 1),
    what: fc.constantFrom('scan', 'scan', 'scan', 'scan', 'pass', 'no-show', 'undo'),
    isTold: fc.boolean(),
  }),
  { maxLength: 60 },
)

type Deed = { side: 0 | 1; what: 'scan' | 'pass' | 'no-show' | 'undo' }

function happens({ side, what }: Deed, { sides }: ReturnType<typeof bothMuseums>, when: string): void {
  const { gate } = sides[side]
  const last = gate.ledger.rows.findLast(({ body }) => body.kind === 'decision' && body.outcome === 'ok')
  if (what === 'scan') gate.scan(card, when)
  else if (last === undefined) return
  else if (what === 'pass') gate.ledger.add(when, { kind: 'passage', direction: 'in', decision: last.id, of: 'grant' })
  else if (what === 'undo') gate.ledger.add(when, { kind: 'undo', decision: last.id, by: 'person-1' })
  else gate.ledger.add(when, { kind: 'returned', decision: last.id, persons: 1, why: 'no-show' })
}

describe('what was used at another museum', () => {
  test('P12: a card for ten entries lets in ten over both, as far as each has heard, and never fewer for what was given back', () => {
    fc.assert(
      fc.property(deeds, fc.boolean(), (all, isAlwaysTold) => {
        const both = bothMuseums()
        const heard = [0, 0]
        all.forEach((deed, minute) => {
          const side = deed.side as 0 | 1 // a constant above
          if (deed.isTold || isAlwaysTold) {
            both.tell(side)
            heard[side] = both.usedOf(side === 0 ? 1 : 0)
          }
          const known = both.usedOf(side) + (heard[side] ?? 0)
          const { rows } = both.sides[side].gate.ledger
          happens({ ...deed, side }, both, on('2026-08-15', `1${Math.floor(minute / 10)}:0${minute % 10}`))
          if (deed.what === 'scan')
            expect(rows.at(-1)?.body).toMatchObject({ outcome: known < 10 ? 'ok' : 'already_redeemed' })
          if (isAlwaysTold) expect(both.usedOf(0) + both.usedOf(1)).toBeLessThanOrEqual(10)
        })
      }),
    )
  })

  test('is the same in whatever order its rows came and however often, and never negative', () => {
    const rows = deeds.map((all) => {
      const both = bothMuseums()
      for (const { side, what } of all) happens({ side: side as 0 | 1, what }, both, on('2026-08-15', '11:00'))
      return both.salagon.ledger.rows
    })
    const sides = rows.chain((own) =>
      fc.record({
        own: fc.constant(own),
        some: fc.shuffledSubarray([...own, ...own], { minLength: own.length * 2 }),
      }),
    )
    fc.assert(
      fc.property(sides, ({ own, some }) => {
        const use = usedAt(1, ticketHistory(own, []))
        expect(usedAt(1, ticketHistory(some, []))).toEqual(use)
        if (use === null) return
        expect(use.uses.every(({ persons }) => persons >= 0)).toBe(true)
        expect(use.persons).toBe(use.uses.reduce((sum, { persons }) => sum + persons, 0))
        expect(use.entries).toBe(use.uses.reduce((sum, { entries = 1 }) => sum + entries, 0))
      }),
    )
  })

  test('R04: a refusal says at which museum it was used, and when', () => {
    const both = code({ museums: 3, days: 30, entries: 1 })
    const { salagon, prehistoire, tell } = bothMuseums()
    prehistoire.scan(both, on('2026-08-15', '11:05'))
    tell(0)
    const fix = { kind: 'entered-elsewhere', at: on('2026-08-15', '11:05'), museum: 'Musée de Préhistoire' }
    expect(salagon.scan(both, on('2026-08-15', '12:00'))).toMatchObject({
      ...{ outcome: 'already_redeemed', detail: 'used-up', firstEntry: null },
      fix: { ...fix, day: null },
    })
    expect(salagon.scan(both, on('2026-08-16', '10:00'))).toMatchObject({ fix: { ...fix, day: TRIAL_DAY } })
  })

  test('R04: where its own entries used it up, a gate tells of those', () => {
    const { salagon, prehistoire, tell } = bothMuseums()
    const both = code({ museums: 3, entries: 1 })
    salagon.scan(both, on('2026-08-15', '11:00'))
    prehistoire.scan(both, on('2026-08-15', '11:05'))
    tell(0)
    expect(salagon.scan(both, on('2026-08-15', '12:00'))).toMatchObject({ fix: { kind: 'entered' } })
  })

  test('P12: a right that is counted by the day is used up by an entry there on the same day alone', () => {
    const { salagon, prehistoire, tell } = bothMuseums()
    const daily = code({ museums: 3, days: 30, flags: trialFlags({ perDay: true }) })
    prehistoire.scan(daily, on('2026-08-15', '11:00'))
    tell(0)
    expect(salagon.scan(daily, on('2026-08-15', '15:00'))).toMatchObject({ detail: 'used-up-today' })
    expect(salagon.scan(daily, on('2026-08-16', '11:00')).outcome).toBe('ok')
  })

  test('P12: a rule that counts days counts those at both museums, and a day at both once', () => {
    const rule = {
      rule: 'any',
      of: [
        { rule: 'compare', what: 'days-entered', is: '<', value: 2 },
        { rule: 'compare', what: 'entries-today', is: '>', value: 0 },
      ],
    } as const
    const { salagon, prehistoire, tell } = bothMuseums(withRule({ ...rule, of: [...rule.of] }))
    const ofDays = dayTicket({ museums: 3, days: 30 })
    const days = ['2026-08-15', '2026-08-15', '2026-08-16', '2026-08-16', '2026-08-17']
    const outcomes = days.map((day, index) => {
      tell(index % 2 === 0 ? 0 : 1)
      return (index % 2 === 0 ? salagon : prehistoire).scan(ofDays, on(day, '11:00')).outcome
    })
    expect(outcomes).toEqual(['ok', 'ok', 'ok', 'ok', 'rules'])
  })

  test('P12: a right to forty entries a day is used up by forty there, and a second day counts anew', () => {
    const { salagon, prehistoire, tell } = bothMuseums()
    const daily = code({ museums: 3, days: 30, entries: 40, flags: trialFlags({ perDay: true }) })
    const minute = (count: number) => `1${Math.floor(count / 30)}:${10 + (count % 30)}`
    for (const day of ['2026-08-15', '2026-08-16']) {
      for (let count = 0; count < 39; count += 1) prehistoire.scan(daily, on(day, minute(count)))
      tell(0)
      expect(salagon.scan(daily, on(day, '15:00')).outcome).toBe('ok')
      expect(salagon.scan(daily, on(day, '15:01'))).toMatchObject({ detail: 'used-up-today' })
    }
  })

  test('is never counted of the own museum, whose ledger says it', () => {
    const uses = [{ at: on('2026-08-15', '11:00'), persons: 1 }]
    const own: UsedElsewhere = { museum: 1, entries: 1, persons: 1, uses }
    const gate = createTrialGate({ feed: [{ n: 1, ticket, hash: null, status: 'valid', elsewhere: [own] }] })
    expect(gate.scan(code({ museums: 3 }), on('2026-08-15', '12:00')).outcome).toBe('ok')
  })
})
