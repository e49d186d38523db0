import type { ItemId } from '@vigie/contract/ids'
import { after, both, decision, grant, live, passIn, ready, type Timed, way } from '@vigie/tests/fixtures/lived-lane'
import { trialLane } from '@vigie/tests/fixtures/trial-lane'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  atFirst,
  canTakeGrant,
  faultOf,
  type LaneEffect,
  type LaneEvent,
  type LaneState,
  modeOf,
  rulesOf,
} from './lane-life.ts'
import { step } from './lane-step.ts'

describe('a lane', () => {
  test('G03: releases its arm at a grant, and a passage consumes it', () => {
    const granted = live(way, grant())
    expect(granted).toMatchObject({ mode: 'granted', releases: 1, reports: [] })
    expect(live(way, grant(), { name: 'released', order: 1 }, ...passIn.slice(0, 1)).mode).toBe('rotating')
    expect(live(way, grant(), ...passIn)).toMatchObject({
      mode: 'locked',
      reports: [{ kind: 'passage', direction: 'in', decision: decision(1), of: 'grant' }],
    })
  })

  test('gives the grant back when nobody comes, and the next one is taken', () => {
    const { mode, reports, state } = live(way, grant(), after(5_499), after(1))
    expect({ mode, reports }).toEqual({
      mode: 'locked',
      reports: [{ kind: 'returned', decision: decision(1), persons: 1, why: 'no-show' }],
    })
    expect(canTakeGrant(state, 'in')).toBe(true)
  })

  test('gives it back when the person turns back in the arm, and takes a passage whose word comes a moment late', () => {
    const half: LaneEvent[] = [grant(), { name: 'ready', is: false }]
    expect(live(way, ...half, after(6_000), { name: 'ready', is: true }, after(1_000)).reports).toEqual([
      { kind: 'returned', decision: decision(1), persons: 1, why: 'turned-back' },
    ])
    expect(
      live(way, ...half, after(6_000), { name: 'ready', is: true }, { ...after(900) }, ...passIn.slice(1, 3)).reports,
    ).toMatchObject([{ kind: 'passage', of: 'grant' }])
  })

  test('lets a group through by one code, a release for each, and gives back who did not come', () => {
    const { reports, releases, mode } = live(way, grant(4), ...passIn, ...passIn, ...passIn, after(5_500))
    expect(releases).toBe(4)
    expect(reports.map(({ kind }) => kind)).toEqual(['passage', 'passage', 'passage', 'returned'])
    expect(reports.at(-1)).toMatchObject({ persons: 1, why: 'no-show' })
    expect(mode).toBe('locked')
  })

  test('waits with the release until the arm of the person before is at rest', () => {
    const { releases, mode } = live(way, grant(), ...passIn.slice(0, 3), grant(1, { decision: decision(2) }))
    expect({ releases, mode }).toEqual({ releases: 1, mode: 'granted' })
    expect(live(way, { name: 'ready', is: false }, grant(), after(5_000), { name: 'ready', is: true }).releases).toBe(1)
  })

  const leftOpen: Timed = {
    ...{ name: 'left-open', left: 1, untilMs: 3_000 },
    grant: { decision: decision(1), direction: 'in', persons: 1, of: 'grant' },
  }
  /** A lane that starts in the middle of a grant. */
  const woken = (...events: Timed[]) => {
    let [state, nowMs] = [atFirst(), 0]
    const effects: LaneEffect[] = []
    for (const event of [leftOpen, ...events]) {
      nowMs += event.afterMs ?? 0
      const turn = step(state, event, nowMs, way)
      state = turn.state
      effects.push(...turn.effects)
    }
    const reports = effects.flatMap((effect) => (effect.do === 'report' ? [effect.report] : []))
    return { reports: reports.filter(({ kind }) => kind !== 'lane'), effects, mode: modeOf(state) }
  }

  test('goes on with what stood open when its agent died, frees nothing a second time, and counts who comes through', () => {
    expect(woken(...ready).mode).toBe('granted')
    const { reports, effects, mode } = woken(...ready, ...passIn)
    expect(reports).toEqual([{ kind: 'passage', direction: 'in', decision: decision(1), of: 'grant' }])
    expect(effects.filter((effect) => effect.do === 'release')).toEqual([])
    expect(mode).toBe('locked')
    // Somebody was in the arm as it woke up.
    expect(woken({ name: 'board', is: true }, { name: 'ready', is: false }, ...passIn.slice(1)).reports).toMatchObject([
      { kind: 'passage' },
    ])
  })

  test('says unseen when nobody came who was seen, since somebody may have gone through while it was dead', () => {
    const unseen = [{ kind: 'returned', decision: decision(1), persons: 1, why: 'unseen' }]
    expect(woken(...ready, after(3_000)).reports).toEqual(unseen)
    expect(woken(after(3_000)).reports).toEqual(unseen)
    // The end of a passage that nobody saw begin looks like somebody who turned back.
    const endOfPassage: Timed[] = [
      { name: 'board', is: true },
      { name: 'ready', is: false },
      { name: 'ready', is: true },
    ]
    expect(woken(...endOfPassage, after(3_000)).reports).toEqual(unseen)
    expect(woken(...ready, { name: 'fire', is: true }).reports).toEqual(unseen)
  })

  test('G08: takes no second grant while it is open, and gives that one back', () => {
    expect(live(way, grant(), grant(2, { decision: decision(2) })).reports).toEqual([
      { kind: 'returned', decision: decision(2), persons: 2, why: 'fault' },
    ])
  })

  test('G06: counts a passage without a grant as forced, with an alarm, and no ticket is consumed', () => {
    expect(live(way, ...passIn).reports).toEqual([
      { kind: 'passage', direction: 'in', decision: null, of: 'forced' },
      { kind: 'lane', state: 'locked', cause: 'forced' },
    ])
    const wrongWay: LaneEvent = { name: 'pass', direction: 'out' }
    expect(live(way, grant(), wrongWay, after(5_500)).reports.map(({ kind }) => kind)).toEqual([
      'passage',
      'lane',
      'returned',
    ])
  })

  test('counts who leaves where nobody is asked at the way out', () => {
    const free = rulesOf(trialLane({ direction: 'both' }))
    expect(live(free, { name: 'pass', direction: 'out' }).reports).toEqual([
      { kind: 'passage', direction: 'out', decision: null, of: 'free' },
    ])
    expect(live(rulesOf(both), { name: 'pass', direction: 'out' }).reports[0]).toMatchObject({ of: 'forced' })
  })

  test('G09: tells a rotation of ten seconds, calls one of thirty a fault, and goes on when it ends', () => {
    const turning: LaneEvent[] = [grant(), { name: 'ready', is: false }]
    const long = live(way, ...turning, after(10_000), after(5_000))
    expect(long).toMatchObject({ mode: 'rotating', reports: [{ kind: 'lane', state: 'rotating', cause: 'too-long' }] })
    const stuck = live(way, ...turning, after(10_000), after(20_000))
    expect(stuck.mode).toBe('fault')
    expect(stuck.reports.at(-1)).toMatchObject({ kind: 'lane', state: 'fault', cause: 'arm-stuck' })
    const ended = live(way, ...turning, after(10_000), after(20_000), ...passIn.slice(1))
    expect(ended.mode).toBe('locked')
    expect(ended.reports.filter(({ kind }) => kind === 'passage')).toHaveLength(1)
  })

  test('opened by the staff counts the person as let in by them', () => {
    expect(live(way, grant(1, { of: 'staff' }), ...passIn).reports).toMatchObject([{ kind: 'passage', of: 'staff' }])
  })

  test('that is wide waits longer, and takes the companion along where it is told to', () => {
    const wide = rulesOf(trialLane({ kind: 'wide', companion: true }))
    const { reports, mode } = live(wide, grant(), after(14_000), ...passIn, after(14_000), ...passIn)
    expect(reports).toMatchObject([
      { kind: 'passage', of: 'grant' },
      { kind: 'passage', of: 'free', decision: null },
    ])
    expect(mode).toBe('locked')
    expect(live(wide, grant(), ...passIn, after(15_500)).reports).toHaveLength(1)
  })
})

describe('in a fire', () => {
  const fire: LaneEvent = { name: 'fire', is: true }

  test('G13: the contact, or its cut wire, opens the lane, gives back what was granted, and is told', () => {
    expect(live(rulesOf(both), grant(), fire)).toMatchObject({
      mode: 'fire',
      releases: 3,
      reports: [
        { kind: 'returned', why: 'fault', persons: 1 },
        { kind: 'lane', state: 'fire' },
      ],
    })
  })

  test('those who leave are counted, and the lane is released again and again', () => {
    const { reports, releases } = live(way, fire, { name: 'pass', direction: 'out' }, after(5_500))
    expect(reports.at(-1)).toEqual({ kind: 'passage', direction: 'out', decision: null, of: 'fire' })
    expect(releases).toBe(2)
  })

  test('nothing but the contact ends it, whatever anybody says and whatever fails', () => {
    const event = eventsOf().filter((one) => one.name !== 'fire')
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        expect(live(rulesOf(both), fire, ...events).mode).toBe('fire')
      }),
    )
    expect(live(way, fire, { name: 'fire', is: false }).mode).toBe('locked')
  })
})

describe('what fails', () => {
  test('an order that the board does not take gives the grant back', () => {
    expect(live(way, grant(), { name: 'not-released', order: 1 })).toMatchObject({
      mode: 'locked',
      reports: [{ kind: 'returned', why: 'fault' }],
    })
  })

  test('a late answer belongs to its own order: the next person keeps the grant, and its window', () => {
    const second: Timed[] = [grant(2), ...passIn]
    for (const name of ['not-released', 'unanswered', 'released'] as const) {
      const late = live(way, ...second, { name, order: 1 }, ...passIn)
      expect(late.reports.map(({ kind }) => kind)).toEqual(['passage', 'passage'])
      const window = live(way, ...second, after(5_000), { name, order: 1 }, after(500)).reports.at(-1)
      expect(window).toMatchObject({ kind: 'returned', why: 'no-show' })
    }
    const freed: LaneEvent = { name: 'rest', rest: { name: 'free', direction: 'in', untilMs: null } }
    const locked: LaneEvent = { name: 'rest', rest: { name: 'locked' } }
    expect(live(way, freed, locked, grant(), { name: 'not-released', order: 1 }).mode).toBe('granted')
  })

  test('an order that is never answered may have opened: it is no second order, a passage consumes it, else it comes back', () => {
    const asked: Timed[] = [grant(), { name: 'unanswered', order: 1 }]
    expect(live(way, ...asked)).toMatchObject({ mode: 'granted', releases: 1, reports: [] })
    expect(live(way, ...asked, ...passIn).reports).toMatchObject([{ kind: 'passage', of: 'grant' }])
    expect(live(way, ...asked, after(5_500)).reports).toMatchObject([{ kind: 'returned', persons: 1, why: 'fault' }])
  })

  test('a board that falls silent under a grant leaves it until its time, and it goes on if the board is back by then', () => {
    const silent: LaneEvent = { name: 'board', is: false }
    const gone = live(way, grant(), silent, after(5_500))
    expect(gone.reports.at(-1)).toMatchObject({ kind: 'returned', why: 'fault' })
    expect(gone.mode).toBe('fault')
    expect(faultOf(gone.state)).toBe('board-silent')
    expect(live(way, grant(), silent, after(2_000), ...ready, ...passIn).reports.at(-1)).toMatchObject({ of: 'grant' })
    expect(live(way, grant(), { name: 'ready', is: false }, silent, after(30_000)).reports.at(-1)).toMatchObject({
      ...{ kind: 'returned', why: 'fault' },
    })
  })

  test('a tripod without power is no passage and no grant', () => {
    const dark = live(way, grant(), { name: 'power', is: false })
    expect(dark.reports).toMatchObject([
      { kind: 'returned', why: 'fault' },
      { kind: 'lane', state: 'fault', cause: 'tripod-unpowered' },
    ])
    expect(live(way, { name: 'power', is: false }, grant()).reports.at(-1)).toMatchObject({ kind: 'returned' })
  })

  test('out of service nobody is let in, and a passage is still counted as forced', () => {
    const out: LaneEvent = { name: 'rest', rest: { name: 'out-of-service' }, by: 'alix', reason: 'bras plié' }
    const { mode, reports } = live(way, out, grant(), ...passIn)
    expect(mode).toBe('out-of-service')
    expect(reports.map((report) => (report.kind === 'passage' ? report.of : report.kind))).toEqual([
      ...['lane', 'returned', 'forced', 'lane'],
    ])
  })
})

function eventsOf(): fc.Arbitrary<Timed> {
  const direction = fc.constantFrom('in' as const, 'out' as const)
  const is = fc.boolean()
  return fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 12_000 }).map(after) },
    {
      weight: 3,
      arbitrary: fc
        .record({ n: fc.integer({ min: 1, max: 9_999 }), persons: fc.integer({ min: 1, max: 5 }), direction })
        .map(({ n, persons, direction }) => grant(persons, { decision: decision(n), direction })),
    },
    { weight: 4, arbitrary: direction.map((direction): LaneEvent => ({ name: 'pass', direction })) },
    { weight: 2, arbitrary: direction.map((direction): LaneEvent => ({ name: 'pass-began', direction })) },
    direction.map((direction): LaneEvent => ({ name: 'pass-void', direction })),
    { weight: 4, arbitrary: is.map((is): LaneEvent => ({ name: 'ready', is })) },
    is.map((is): LaneEvent => ({ name: 'alarm', is })),
    is.map((is): LaneEvent => ({ name: 'power', is })),
    is.map((is): LaneEvent => ({ name: 'fire', is })),
    is.map((is): LaneEvent => ({ name: 'board', is })),
    is.map((is): LaneEvent => ({ name: 'revoked', is })),
    fc
      .tuple(fc.constantFrom('released' as const, 'not-released' as const, 'unanswered' as const), fc.nat({ max: 30 }))
      .map(([name, order]): LaneEvent => ({ name, order })),
    fc.constant<LaneEvent>({ name: 'refusal' }),
    fc
      .constantFrom<LaneState['rest']>(
        { name: 'locked' },
        { name: 'out-of-service' },
        { name: 'free', direction: 'in', untilMs: null },
      )
      .map((rest): LaneEvent => ({ name: 'rest', rest })),
  )
}

test('in whatever order things happen: of each grant exactly its persons pass, are given back or are still waited for', () => {
  const rules = fc.constantFrom(way, rulesOf(both), rulesOf(trialLane({ kind: 'wide', companion: true })))
  fc.assert(
    fc.property(rules, fc.array(eventsOf(), { maxLength: 120 }), fc.nat({ max: 3 }), (rules, events, left) => {
      const open = new Map<ItemId, number>()
      let state = atFirst()
      // What stood open when the agent ended.
      const before = { decision: decision(0), direction: 'in' as const, persons: 3, of: 'grant' as const }
      if (left > 0) {
        open.set(before.decision, left)
        state = step(state, { name: 'left-open', grant: before, left, untilMs: 4_000 }, 0, rules).state
      }
      let nowMs = 0
      // Each decision has its own id, as each row of a ledger has.
      const once = events.filter(
        (event, index) =>
          event.name !== 'grant' ||
          events.findIndex((one) => one.name === 'grant' && one.grant.decision === event.grant.decision) === index,
      )
      for (const event of [...ready, ...once]) {
        nowMs += event.afterMs ?? 0
        if (event.name === 'grant') open.set(event.grant.decision, event.grant.persons)
        const turn = step(state, event, nowMs, rules)
        state = turn.state
        for (const effect of turn.effects) {
          if (effect.do !== 'report') continue
          const { report } = effect
          if (report.kind === 'passage' && report.decision !== null) {
            open.set(report.decision, (open.get(report.decision) ?? 0) - 1)
          }
          if (report.kind === 'returned') open.set(report.decision, (open.get(report.decision) ?? 0) - report.persons)
        }
        const { life } = state
        const waitedFor = 'grant' in life ? life.left : 0
        for (const [decision, persons] of open) {
          expect(persons).toBe('grant' in life && life.grant.decision === decision ? waitedFor : 0)
        }
      }
    }),
    { numRuns: process.env['VIGIE_SOAK'] === '1' ? 20_000 : 500 },
  )
})
