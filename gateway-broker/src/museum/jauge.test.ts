import { occupancyOf } from '@vigie/contract/gate/occupancy'
import type { Row } from '@vigie/contract/gate/row'
import { createTrialLane } from '@vigie/tests/fixtures/museum/trial-lane'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createJauge } from './jauge.ts'

const NOON = Date.parse('2026-08-12T10:00:00.000Z')
const MINUTE_MS = 60_000

const deed = fc.record({
  what: fc.constantFrom('in', 'in', 'in', 'out', 'out', 'counted', 'wait', 'wait', 'wait'),
  /** Rows of a lane that was away come late. */
  lateMin: fc.oneof(fc.constant(0), fc.constant(0), fc.integer({ min: 0, max: 90 })),
  minutes: fc.integer({ min: 1, max: 25 }),
})

test.each([true, false])('the jauge equals the ledger, whenever it is asked (exits counted: %s)', (areExitsCounted) => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 60 }), (deeds) => {
      let nowMs = NOON
      const lane = createTrialLane('vg-tripod1', { now: () => nowMs })
      const rows: Row[] = []
      const listeners: ((rows: readonly Row[]) => void)[] = []
      const terms = { capacity: { warnAt: 0, refuseAt: null, stayMinutes: 45 }, nightlyOut: '03:00' }
      const jauge = createJauge({
        ledger: { nights: () => [], append: () => [], onRows: (one) => void listeners.push(one) },
        recent: { since: (fromMs) => rows.filter(({ at }) => Date.parse(at) >= fromMs) },
        terms: () => terms as never,
        areExitsCounted: () => areExitsCounted,
        ...{ areAllHere: () => true, now: () => nowMs },
      })
      for (const { what, lateMin, minutes } of deeds) {
        if (what === 'wait') nowMs += minutes * MINUTE_MS
        else {
          const atMs = nowMs - lateMin * MINUTE_MS
          const body =
            what === 'counted'
              ? ({ kind: 'correction', inside: minutes, by: 'p', reason: 'r' } as const)
              : ({ kind: 'passage', direction: what === 'in' ? 'in' : 'out', decision: null, of: 'free' } as const)
          const row = lane.write(body, atMs)
          rows.push(row)
          for (const listener of listeners) listener([row])
        }
        const wanted = occupancyOf(rows, { nowMs, stayMinutes: 45, areExitsCounted })
        expect([jauge.inside().persons, jauge.inside().isEstimate]).toEqual([wanted.inside, wanted.isEstimate])
      }
    }),
  )
})
