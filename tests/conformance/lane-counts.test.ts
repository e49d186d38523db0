import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { readBoardProfiles } from '@vigie/config-schema/documents'
import type { ItemId } from '@vigie/contract/ids'
import { openBoard } from '@vigie/edge-agent/lane/board/open-board'
import { createLaneAtWork, type LaneAtWork } from '@vigie/edge-agent/lane/lane-at-work'
import type { LaneReport } from '@vigie/edge-agent/lane/lane-life'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createNetworkTripod } from '../fakes/gate/network-tripod.ts'
import { trialLane } from '../fixtures/trial-lane.ts'
import { until } from '../fixtures/until.ts'

const time = {
  now: Date.now,
  monotonicMs: () => performance.now(),
  wait: (ms: number, signal: AbortSignal) => setTimeout(ms, undefined, { signal }),
}
const boards = readBoardProfiles(fileURLToPath(new URL('../../firmware-config/profiles/boards', import.meta.url)))
const profile = boards.get('moxa-iologik-e1214-counting')
if (profile === undefined) throw new Error('no profile')
const decision = '01J0000000000000000000000A' as ItemId // of the contract's pattern
const PASSAGE = { kind: 'passage', direction: 'in', decision, of: 'grant' }

describe('a lane whose board counts passages', () => {
  let tripod: Awaited<ReturnType<typeof createNetworkTripod>>
  let lane: LaneAtWork
  let running: Promise<void>
  let stop: AbortController
  let reports: LaneReport[]

  beforeEach(async () => {
    tripod = await createNetworkTripod(0, { passMs: 1 })
    stop = new AbortController()
    reports = []
    const facts = trialLane({ timings: { pulseMs: 100, grantS: 3 } })
    const at = { profile, port: tripod.port, address: 1, wiring: facts.board.wiring }
    lane = createLaneAtWork(facts, {
      ...{ time, openBoard: () => openBoard(at, { time }) },
      report: (report) => void (report.kind !== 'lane' && reports.push(report)),
    })
    running = lane.run(stop.signal)
    await until(() => lane.canTakeGrant('in'))
    lane.grant({ decision, direction: 'in', persons: 1, of: 'grant' })
    await until(() => tripod.isFree('A'))
  })
  afterEach(async () => {
    stop.abort()
    await running
    await tripod.stop()
  })

  test('G03: uses up the grant by a PASS that is over before anybody could have seen it', async () => {
    await tripod.push('A', 200)
    await until(() => reports.length > 0)
    expect(reports).toEqual([PASSAGE])
  })

  test('uses it up by a PASS that was while the line was cut', async () => {
    tripod.cutLine()
    await tripod.push('A', 1)
    await until(() => reports.length > 0)
    expect(reports).toEqual([PASSAGE])
  })

  test('takes power that comes back for no passage', async () => {
    tripod.set('powered', false)
    await until(() => lane.state().fault === 'tripod-alarm')
    tripod.set('powered', true)
    await until(() => lane.state().fault === null)
    await until(() => reports.length > 0)
    expect(reports).toMatchObject([{ kind: 'returned', persons: 1 }])
  })
})
