import type { SiteId, UnitId } from '@vigie/contract/ids'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Bearer, type Found, type IdentityEvent, type IdentityState, renewalMs, step } from './identity-step.ts'

const DAY_MS = 86_400_000
const bearer = (serial: string): Bearer => ({
  unit: 'vg-0001' as UnitId, // of the contract's pattern
  site: 'col-d-allos' as SiteId, // likewise
  ...{ serial, startMs: 0, endMs: 180 * DAY_MS },
})
const held = bearer('AA')
const nothing: Found = { hasKey: false, hasClaim: false, current: null, next: null }
const begun = (found: Partial<Found> = {}): IdentityEvent => ({ is: 'begun', found: { ...nothing, ...found } })
const random = () => 0.5

/** What comes of events, one after the other, from a start with what lies in the folder. */
function live(...events: IdentityEvent[]) {
  let turn = step({ name: 'unclaimed' }, events[0] ?? begun(), random)
  for (const event of events.slice(1)) turn = step(turn.state, event, random)
  return turn
}

describe('a box', () => {
  test('fresh from the shelf makes its key, asks with its claim, waits for its technician, and proves what it gets', () => {
    const events: IdentityEvent[] = [
      begun({ hasClaim: true }),
      { is: 'key-made' },
      { is: 'not-yet', retryInMs: 5_000 },
      { is: 'granted', got: held },
      { is: 'proved' },
      { is: 'adopted' },
    ]
    const deeds = events.map((_, index) => live(...events.slice(0, index + 1)).deed)
    expect(deeds).toMatchObject([
      { do: 'make-key' },
      { do: 'enrol', inMs: 0 },
      { do: 'enrol', inMs: 5_000 },
      { do: 'prove' },
      { do: 'adopt' },
      { do: 'renew', atMs: renewalMs(held) },
    ])
  })

  test('without a claim makes its key and waits for one', () => {
    expect(live(begun()).deed).toEqual({ do: 'make-key' })
    expect(live(begun({ hasKey: true })).deed).toEqual({ do: 'await-claim' })
    expect(live(begun({ hasKey: true }), { is: 'claim-found' }).deed).toEqual({ do: 'enrol', inMs: 0 })
  })

  test('whose first certificate its broker does not take throws it away and asks again, minutes later', () => {
    const { state, deed } = live(
      begun({ hasKey: true, hasClaim: true }),
      { is: 'granted', got: held },
      { is: 'disproved' },
      { is: 'dropped' },
    )
    expect(state.name).toBe('asking')
    expect(deed).toEqual({ do: 'enrol', inMs: 5 * 60_000 })
  })
})

describe('a unit with a certificate', () => {
  test('renews at two thirds of its life, and a twentieth sooner at most, each at its own time', () => {
    const times = ['000000', '7FFFFF', 'FFFFFF'].map((serial) => renewalMs(bearer(serial)) / DAY_MS)
    expect(times[0]).toBeCloseTo(120, 3)
    expect(times[1]).toBeCloseTo(115.5, 3)
    expect(times[2]).toBeCloseTo(111, 3)
  })

  test('whose renewed one its broker does not take goes on with the old one, and asks ever more seldom', () => {
    let turn = live(begun({ current: held }))
    const waits: number[] = []
    for (let round = 0; round < 8; round += 1) {
      turn = step(turn.state, { is: 'granted', got: bearer('BB') }, random)
      turn = step(turn.state, { is: 'disproved' }, random)
      turn = step(turn.state, { is: 'dropped' }, random)
      expect(turn.state).toMatchObject({ name: 'current', holds: held })
      waits.push(turn.deed.do === 'renew' ? turn.deed.inMs : 0)
    }
    expect(waits.slice(0, 3)).toEqual([300_000, 600_000, 1_200_000])
    expect(waits.at(-1)).toBe(3 * 3_600_000)
  })

  test('that is given a new claim asks with a new key, and keeps its own if the claim is not taken', () => {
    const asked = live(begun({ current: held }), { is: 'claim-found' }, { is: 'key-made' })
    expect(asked.state).toMatchObject({ name: 'asking', holds: held })
    const refused = step(asked.state, { is: 'refused' }, random)
    expect(refused.deed).toEqual({ do: 'forget-claim' })
    expect(step(refused.state, { is: 'claim-forgotten' }, random).state).toMatchObject({ name: 'current', holds: held })
  })

  test('goes on proving what a power cut left unproved', () => {
    expect(live(begun({ current: held, next: bearer('BB') })).deed).toEqual({ do: 'prove' })
  })
})

test('no order of events takes the certificate in use away, but the adoption of one that was proved', () => {
  const event = fc.oneof(
    ...(['key-made', 'claim-found', 'refused', 'unanswered', 'disproved', 'dropped', 'claim-forgotten'] as const).map(
      (is) => fc.constant<IdentityEvent>({ is }),
    ),
    fc.constant<IdentityEvent>({ is: 'not-yet', retryInMs: 1 }),
    fc.stringMatching(/^[0-9A-F]{2,6}$/).map((serial): IdentityEvent => ({ is: 'granted', got: bearer(serial) })),
  )
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      let state: IdentityState = live(begun({ current: held })).state
      for (const next of events) state = step(state, next, random).state
      expect('holds' in state && state.holds).toEqual(held)
    }),
  )
})
