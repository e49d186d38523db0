import { trialLane } from '@vigie/tests/fixtures/trial-lane'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LaneEvent } from '../lane-life.ts'
import { createContactWatch } from './contact-watch.ts'

const [PASS_A, PASS_B, READY, ALARM, FIRE] = [0, 1, 2, 3, 4]
const REST = [true, true, true, true, true, false, false, false]
const moved = (...inputs: number[]) => REST.map((is, input) => (inputs.includes(input) ? !is : is))
const DARK = moved(PASS_A, PASS_B, READY, ALARM)

/** The events of inputs that are seen so, each for so long, by a poll every 20 ms. */
function watch(looks: [closed: boolean[], forMs: number][], lane = trialLane({ direction: 'both' })): LaneEvent[] {
  const look = createContactWatch(lane)
  let nowMs = 0
  return looks.flatMap(([closed, forMs]) => {
    const events: LaneEvent[] = []
    for (const endMs = nowMs + forMs; nowMs < endMs; nowMs += 20) events.push(...look(closed, nowMs))
    return events
  })
}
const names = (events: LaneEvent[]) =>
  events.map((event) =>
    'is' in event
      ? `${event.name} ${event.is}`
      : 'direction' in event
        ? `${event.name} ${event.direction}`
        : event.name,
  )
const BEGUN = ['fire false', 'power true', 'alarm false', 'ready true']

describe('the contacts of a tripod', () => {
  test('are told once as they are, and then when they change', () => {
    expect(names(watch([[REST, 200]]))).toEqual(BEGUN)
    expect(
      names(
        watch([
          [REST, 40],
          [moved(ALARM), 40],
          [REST, 40],
        ]),
      ).slice(4),
    ).toEqual(['alarm true', 'alarm false'])
  })

  test('G03: PASS for a tenth of a second is a passage, by its way, when it ends', () => {
    const seen = watch([
      [REST, 200],
      [moved(READY), 400],
      [moved(READY, PASS_A), 100],
      [moved(READY), 60],
      [REST, 60],
    ])
    expect(names(seen).slice(4)).toEqual(['ready false', 'pass-began in', 'pass in', 'ready true'])
    expect(
      names(
        watch([
          [REST, 200],
          [moved(PASS_B), 100],
          [REST, 60],
        ]),
      ).slice(4),
    ).toEqual(['pass-began out', 'pass out'])
  })

  test('A is the way out of a lane for those who leave', () => {
    const out = trialLane({ direction: 'out' })
    expect(
      names(
        watch(
          [
            [REST, 200],
            [moved(PASS_A), 100],
            [REST, 60],
          ],
          out,
        ),
      ).slice(4),
    ).toEqual(['pass-began out', 'pass out'])
  })

  test('falling together are loss of power and no passage, also in the middle of one, also when power comes back unevenly', () => {
    expect(
      names(
        watch([
          [REST, 200],
          [DARK, 500],
          [moved(PASS_A, PASS_B), 60],
          [REST, 60],
        ]),
      ).slice(4),
    ).toEqual([...['power false', 'ready false', 'power true', 'ready true']])
    expect(
      names(
        watch([
          [REST, 200],
          [moved(PASS_A), 40],
          [DARK, 100],
          [REST, 60],
        ]),
      ).slice(4),
    ).toEqual([...['pass-began in', 'power false', 'pass-void in', 'ready false', 'power true', 'ready true']])
  })

  test('a PASS that hangs, that bounces, or that nobody saw begin is no passage', () => {
    const passes = (looks: [boolean[], number][]) => names(watch(looks)).filter((name) => name === 'pass in').length
    expect(
      passes([
        [REST, 200],
        [moved(PASS_A), 3_000],
        [REST, 200],
      ]),
    ).toBe(0)
    expect(
      passes([
        [REST, 200],
        [moved(PASS_A), 100],
        [REST, 40],
        [moved(PASS_A), 40],
        [REST, 200],
      ]),
    ).toBe(1)
    expect(
      passes([
        [moved(PASS_A), 100],
        [REST, 200],
      ]),
    ).toBe(0)
    expect(
      passes([
        [REST, 200],
        [moved(PASS_A), 100],
        [REST, 500],
        [moved(PASS_A), 100],
        [REST, 200],
      ]),
    ).toBe(2)
  })

  test('G13: the loop of the fire detection that opens is a fire, by whatever it opens', () => {
    expect(
      names(
        watch([
          [REST, 40],
          [moved(FIRE), 40],
        ]),
      ).slice(4),
    ).toEqual(['fire true'])
  })

  test('that rest open are understood the other way round', () => {
    const lane = trialLane()
    lane.board.wiring.atRest = { fire: 'open', pass: 'open' }
    const rest = moved(PASS_A, PASS_B, FIRE)
    expect(
      names(
        watch(
          [
            [rest, 200],
            [moved(PASS_B, FIRE), 100],
            [rest, 60],
          ],
          lane,
        ),
      ),
    ).toEqual([...[...BEGUN, 'pass-began in', 'pass in']])
  })
})

test('no sequence of inputs gives more passages than times a PASS contact has moved', () => {
  const inputs = fc.array(fc.boolean(), { minLength: 8, maxLength: 8 })
  fc.assert(
    fc.property(fc.array(fc.tuple(inputs, fc.integer({ min: 1, max: 150 })), { maxLength: 40 }), (steps) => {
      const looks = steps.map(([closed, times]): [boolean[], number] => [closed, times * 20])
      const events = watch([[REST, 200], ...looks])
      for (const [input, direction] of [
        [PASS_A, 'in'],
        [PASS_B, 'out'],
      ] as const) {
        const states = [REST, ...steps.map(([closed]) => closed)].map((closed) => closed[input ?? 0])
        const fallen = states.filter((is, at) => at > 0 && is === false && states[at - 1] === true).length
        const passed = events.filter((event) => event.name === 'pass' && event.direction === direction).length
        expect(passed).toBeLessThanOrEqual(fallen)
      }
    }),
  )
})
