import { after, both, decision, grant, live, passIn, way } from '@vigie/tests/fixtures/lived-lane'
import { describe, expect, test } from 'vitest'
import { type LaneEvent, rulesOf } from './lane-life.ts'

describe('free rotation', () => {
  const free = {
    name: 'rest',
    rest: { name: 'free', direction: 'both', untilMs: 60_000, until: '2026-07-14T10:00:00.000Z' },
    ...{ by: 'alix', reason: 'classe de CM2' },
  } as const satisfies LaneEvent

  test('G15: counts passages by their direction, says who wanted it and why, and ends at its time', () => {
    const { mode, reports } = live(rulesOf(both), free, ...passIn, { name: 'pass', direction: 'out' })
    expect(mode).toBe('free')
    expect(reports).toMatchObject([
      { kind: 'lane', state: 'free', by: 'alix', reason: 'classe de CM2', until: '2026-07-14T10:00:00.000Z' },
      { kind: 'passage', direction: 'in', of: 'free' },
      { kind: 'passage', direction: 'out', of: 'free' },
    ])
    const ended = live(rulesOf(both), free, after(60_000))
    expect(ended.mode).toBe('locked')
    expect(ended.reports.at(-1)).toMatchObject({ kind: 'lane', state: 'locked' })
  })

  test('says until when also as it goes on after a fault, so that a power cut makes no end of it the later', () => {
    const { reports } = live(rulesOf(both), free, { name: 'board', is: false }, { name: 'board', is: true })
    expect(reports.at(-1)).toEqual({ kind: 'lane', state: 'free', until: '2026-07-14T10:00:00.000Z' })
  })

  test('lights its lamps as it is whenever the board is there again, and no others', () => {
    const back: LaneEvent = { name: 'board', is: true }
    expect(live(rulesOf(both), free, { name: 'board', is: false }, back).signals.at(-1)).toBe('open')
    expect(live(way, { name: 'fire', is: true }, back).signals.at(-1)).toBe('open')
    expect(live(way).signals).toEqual(['none'])
  })

  test('releases both ways again and again, since an order is good for one person', () => {
    expect(live(rulesOf(both), free).releases).toBe(2)
    expect(live(rulesOf(both), free, ...passIn).releases).toBeGreaterThanOrEqual(4)
    expect(live(rulesOf(both), free, after(5_500), after(5_500)).releases).toBe(6)
  })

  test('that the staff asks for, ends or prolongs while something hides it is told at once, once', () => {
    const longer = { ...free, rest: { ...free.rest, untilMs: 90_000, until: '2026-07-14T11:00:00.000Z' } } as const
    const out: LaneEvent = { name: 'rest', rest: { name: 'out-of-service' }, by: 'alix' }
    const locked: LaneEvent = { name: 'rest', rest: { name: 'locked' }, by: 'alix' }
    const said = (...events: LaneEvent[]) => live(rulesOf(both), ...events).reports.slice(1)
    const fire: LaneEvent = { name: 'fire', is: true }
    expect(said(fire, out, out)).toEqual([{ kind: 'lane', state: 'fire', rest: 'out-of-service', by: 'alix' }])
    expect(said({ name: 'board', is: false }, free, locked)).toMatchObject([
      { state: 'fault', cause: 'board-silent', rest: 'free', until: free.rest.until, by: 'alix' },
      { state: 'fault', cause: 'board-silent', rest: 'locked', by: 'alix' },
    ])
    expect(said(free, longer, longer)).toEqual([
      { kind: 'lane', state: 'free', until: longer.rest.until, by: 'alix', reason: 'classe de CM2' },
    ])
    expect(said({ name: 'revoked', is: true }, out)).toMatchObject([
      { state: 'out-of-service', cause: 'revoked', rest: 'out-of-service', by: 'alix' },
    ])
    expect(live(way, grant(), out).reports).toEqual([{ kind: 'lane', state: 'out-of-service', by: 'alix' }])
  })

  test('begins when the grant that is under way has ended', () => {
    expect(live(way, grant(), free).mode).toBe('granted')
    expect(live(way, grant(), free, ...passIn).mode).toBe('free')
  })
})

describe('Y11: a lane whose box was revoked', () => {
  const revoked: LaneEvent = { name: 'revoked', is: true }
  const free: LaneEvent = { name: 'rest', rest: { name: 'free', direction: 'both', untilMs: null } }

  test('is out of service and says why: whoever is in the arm goes through, and nobody after', () => {
    expect(live(way, revoked)).toMatchObject({
      mode: 'out-of-service',
      reports: [{ kind: 'lane', state: 'out-of-service', cause: 'revoked' }],
    })
    const within = live(way, grant(), revoked, ...passIn, grant(1, { decision: decision(2) }))
    expect(within.releases).toBe(1)
    expect(within.reports).toMatchObject([
      { kind: 'lane', state: 'out-of-service', cause: 'revoked' },
      { kind: 'passage', decision: decision(1) },
      { kind: 'returned', decision: decision(2) },
    ])
  })

  test('turns freely no more, whatever the staff had set, and does again when it is trusted again', () => {
    expect(live(way, revoked, free, after(60_000))).toMatchObject({ mode: 'out-of-service', releases: 0 })
    const again = live(way, free, revoked, { name: 'revoked', is: false })
    expect(again.mode).toBe('free')
    expect(again.reports.at(-1)).toMatchObject({ state: 'free' })
  })

  test('opens for a fire, and still lets out who is inside', () => {
    expect(live(way, revoked, { name: 'fire', is: true })).toMatchObject({ mode: 'fire', releases: 1 })
    expect(live(rulesOf(both), revoked, grant(1, { direction: 'out' }))).toMatchObject({ mode: 'granted', releases: 1 })
    const closed: LaneEvent = { name: 'rest', rest: { name: 'out-of-service' } }
    expect(live(rulesOf(both), revoked, closed, grant(1, { direction: 'out' })).releases).toBe(0)
  })
})
