import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  delivered,
  doneSteps,
  entered,
  type Journey,
  joined,
  journeyOf,
  left,
  nextOutgoing,
  type Outgoing,
  refused,
  spent,
  withOutgoing,
} from './journey.ts'

const entry = (at: number, text = 'x', isDone = false) => ({ entered: { text }, isDone, at })
const begun = (): Journey => ({ ...journeyOf('here', 0), commissioning: 'there' })
/** What stands first in the line. */
const first = (journey: Journey): Outgoing => nextOutgoing(journey) ?? expect.fail('nothing waits')
const beginning: Outgoing = { kind: 'beginning', site: 'col-d-allos', unit: 'vg-0001' }

describe('what was entered', () => {
  test('is told again when its step is left, with the time that it took, and not once the record is closed', () => {
    const aimed = entered(begun(), 'aim', entry(1, 'x', true))
    const told = delivered(aimed, first(aimed))
    const timed = left(spent(spent(told, 'aim', 5), 'aim', 2.5), 'aim')
    expect([timed.seconds.aim, nextOutgoing(timed)]).toEqual([7.5, { kind: 'step', step: 'aim' }])
    expect(nextOutgoing(left(spent(told, 'masks', 5), 'masks'))).toBeNull()
    const closed = { ...told, entries: { ...told.entries, report: entry(9, 'x', true) } }
    expect(nextOutgoing(left(closed, 'aim'))).toBeNull()
  })

  test('waits once for each step, however often it was changed', () => {
    const twice = entered(entered(begun(), 'site', entry(1)), 'site', entry(2, 'y'))
    expect(twice.outgoing).toEqual([{ kind: 'step', step: 'site' }])
    expect(twice.entries.site?.entered).toEqual({ text: 'y' })
  })

  test('waits still when it was changed while it was being sent', () => {
    const sent = entered(begun(), 'site', entry(1))
    const changed = entered(sent, 'site', entry(1, 'y'))
    expect(delivered(changed, first(sent)).outgoing).toHaveLength(1)
    expect(delivered(changed, first(changed)).outgoing).toHaveLength(0)
  })

  test('does not undo that a step was done', () => {
    const done = entered(entered(begun(), 'aim', entry(1, 'x', true)), 'aim', entry(2))
    expect([...doneSteps(done)]).toEqual(['aim'])
  })

  test('is not replaced by what the cloud heard before it', () => {
    const here = entered(begun(), 'masks', entry(5, 'here'))
    const told = [{ step: 'masks' as const, entry: entry(4, 'there'), seconds: 60 }]
    expect(joined(here, told).entries.masks?.entered).toEqual({ text: 'here' })
    expect(joined(delivered(here, first(here)), told).entries.masks?.entered).toEqual({ text: 'here' })
    expect(joined(begun(), told).entries.masks?.entered).toEqual({ text: 'there' })
    expect(joined(begun(), told).seconds.masks).toBe(60)
  })
})

describe('the line to the cloud', () => {
  test('sends the beginning before the steps, and photos last', () => {
    let journey = entered(journeyOf('here', 0), 'unit', entry(1))
    journey = withOutgoing(journey, { kind: 'photo', photo: 'p', caption: '', takenAt: 0 })
    expect(nextOutgoing(journey)).toBe(null)
    journey = withOutgoing(journey, beginning)
    expect(nextOutgoing(journey)).toEqual(beginning)
    journey = { ...delivered(journey, beginning), commissioning: 'there' }
    expect(first(journey).kind).toBe('step')
    expect(first(delivered(journey, first(journey))).kind).toBe('photo')
  })

  test('goes on past what was refused, keeps the refusal to be read, and forgets it with a new try', () => {
    const binding: Outgoing = { kind: 'binding', claim: 'x', site: 'col-d-allos' }
    const no = refused(withOutgoing(withOutgoing(begun(), binding), beginning), {
      outgoing: binding,
      status: 409,
      detail: 'used',
    })
    expect(nextOutgoing(no)).toEqual(beginning)
    expect(no.refusals).toHaveLength(1)
    expect(withOutgoing(no, { ...binding, claim: 'y' }).refusals).toEqual([])
  })

  test('ends empty, with the newest of each step delivered, whatever came in between', () => {
    const steps = ['unit', 'site', 'masks'] as const
    const doing = fc.oneof(fc.constantFrom(...steps), fc.constant('send' as const))
    fc.assert(
      fc.property(fc.array(doing, { maxLength: 60 }), (doings) => {
        let journey = begun()
        const cloud = new Map<string, unknown>()
        const send = () => {
          const next = nextOutgoing(journey)
          if (next?.kind !== 'step') return false
          cloud.set(next.step, journey.entries[next.step]?.entered)
          journey = delivered(journey, next)
          return true
        }
        for (const [at, what] of doings.entries()) {
          if (what === 'send') send()
          else journey = entered(journey, what, entry(at, `${at}`))
        }
        while (send());
        for (const step of steps) expect(cloud.get(step)).toEqual(journey.entries[step]?.entered)
      }),
    )
  })
})
