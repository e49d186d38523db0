import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { readBoardProfiles, readReaderProfiles } from '@vigie/config-schema/documents'
import type { ItemId } from '@vigie/contract/ids'
import { openBoard } from '@vigie/edge-agent/lane/board/open-board'
import { createLaneAtWork, type LaneAtWork } from '@vigie/edge-agent/lane/lane-at-work'
import type { LaneReport } from '@vigie/edge-agent/lane/lane-life'
import { runReader } from '@vigie/edge-agent/lane/reader/run-reader'
import { openLine, portBehind } from '@vigie/edge-agent/lane/serial-line'
import { runTogether } from '@vigie/edge-agent/together'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createNetworkReader } from '../fakes/gate/network-reader.ts'
import { createNetworkTripod } from '../fakes/gate/network-tripod.ts'
import { openTerminalPair } from '../fakes/gate/pseudo-terminal.ts'
import { type RunningTripod, reasonForNoTripod, startTripod } from '../fakes/gate/tripod.ts'
import { trialLane } from '../fixtures/trial-lane.ts'
import { until } from '../fixtures/until.ts'

const reason = reasonForNoTripod()
if (reason !== null) console.log(`no tripod is opened: ${reason}`)

const time = {
  now: Date.now,
  monotonicMs: () => performance.now(),
  wait: (ms: number, signal: AbortSignal) => setTimeout(ms, undefined, { signal }),
}
const folder = (of: string) => fileURLToPath(new URL(`../../firmware-config/profiles/${of}`, import.meta.url))
const boards = readBoardProfiles(folder('boards'))
const readerProfile = readReaderProfiles(folder('readers')).get('generic-serial')
const profile = boards.get('waveshare-modbus-rtu-relay-d')
if (profile === undefined || readerProfile === undefined) throw new Error('no profile')
const decision = '01J0000000000000000000000A' as ItemId // of the contract's pattern
const oneIn = { decision, direction: 'in', persons: 1, of: 'grant' } as const

describe.skipIf(reason !== null)('a lane with a tripod behind a board on a line', () => {
  let pair: Awaited<ReturnType<typeof openTerminalPair>>
  let tripod: RunningTripod
  let lane: LaneAtWork
  let running: Promise<void>
  let stop: AbortController
  let reports: LaneReport[]
  const isNow = (mode: string) => until(() => lane.state().mode === mode)

  beforeEach(async () => {
    pair = await openTerminalPair()
    tripod = await startTripod(pair.far, { freeS: 3 })
    stop = new AbortController()
    reports = []
    const facts = trialLane({ timings: { pulseMs: 100, grantS: 3 } })
    const at = { profile, port: pair.near, address: 1, wiring: facts.board.wiring }
    lane = createLaneAtWork(facts, {
      ...{ time, openBoard: () => openBoard(at, { time }) },
      report: (report) => void reports.push(report),
    })
    running = lane.run(stop.signal)
    await isNow('locked')
    reports.length = 0
  })
  afterEach(async () => {
    stop.abort()
    await running
    await tripod.stop()
    await pair.unplug()
  })

  test('G03: lets in who was granted, counts the passage, and locks', async () => {
    expect(lane.canTakeGrant('in')).toBe(true)
    lane.grant(oneIn)
    await until(() => tripod.has('released', { way: 'A' }))
    tripod.tell({ do: 'push' })
    await isNow('rotating')
    await isNow('locked')
    expect(reports).toEqual([{ kind: 'passage', direction: 'in', decision, of: 'grant' }])
    tripod.tell({ do: 'push' })
    await until(() => tripod.has('blocked'))
  })

  test('whose order was heard and the answer lost: the passage uses the grant up, and no second person gets through', async () => {
    tripod.tell({ do: 'hush' })
    await until(() => tripod.has('done', { do: 'hush' }))
    lane.grant(oneIn)
    await until(() => tripod.has('released', { way: 'A' }))
    tripod.tell({ do: 'push' })
    await until(() => reports.length > 0)
    expect(reports).toEqual([{ kind: 'passage', direction: 'in', decision, of: 'grant' }])
    expect(tripod.news.filter(({ event }) => event === 'released')).toHaveLength(1)
  })

  test('lets a group through by one order for each person', async () => {
    lane.grant({ ...oneIn, persons: 3 })
    for (const person of [1, 2, 3]) {
      await until(() => tripod.news.filter(({ event }) => event === 'released').length === person)
      tripod.tell({ do: 'push', takes: 0.2 })
    }
    await isNow('locked')
    expect(reports.map(({ kind }) => kind)).toEqual(['passage', 'passage', 'passage'])
  })

  test('gives back what was granted to somebody who turns back in the arm, and to somebody who does not come', async () => {
    lane.grant(oneIn)
    await until(() => tripod.has('released'))
    tripod.tell({ do: 'turn-back' })
    await until(() => reports.length === 1)
    lane.grant(oneIn)
    await until(() => reports.length === 2)
    expect(reports).toEqual(['turned-back', 'no-show'].map((why) => ({ kind: 'returned', decision, persons: 1, why })))
  })

  test('G06: counts who got through without a grant as forced, with an alarm and its lamp', async () => {
    tripod.tell({ do: 'force', way: 'A' })
    await until(() => reports.length === 2)
    expect(reports).toEqual([
      { kind: 'passage', direction: 'in', decision: null, of: 'forced' },
      { kind: 'lane', state: 'locked', cause: 'forced' },
    ])
    await until(() => tripod.has('coil', { coil: 3, on: true }))
  })

  test('G13: a cut wire of the fire detection is a fire: open, told, and over when it is mended', async () => {
    tripod.tell({ do: 'cut', contact: 'fire' })
    await isNow('fire')
    await until(() => tripod.has('released', { way: 'A' }))
    expect(reports).toEqual([{ kind: 'lane', state: 'fire' }])
    lane.setRest({ rest: { name: 'out-of-service' }, by: 'alix' })
    expect(lane.state().mode).toBe('fire')
    lane.setRest({ rest: { name: 'locked' } })
    tripod.tell({ do: 'mend', contact: 'fire' })
    await isNow('locked')
  })

  test('G14: in a fire the arm turns while the board is silent, and who leaves is counted once it answers', async () => {
    tripod.tell({ do: 'mute', is: true })
    await isNow('fault')
    expect(lane.state().fault).toBe('board-silent')
    tripod.tell({ do: 'fire', is: true })
    tripod.tell({ do: 'push', way: 'A' })
    await until(() => tripod.has('passed', { way: 'A' }))
    tripod.tell({ do: 'mute', is: false })
    await isNow('fire')
    tripod.tell({ do: 'push', way: 'B' })
    await until(() => reports.some((report) => report.kind === 'passage' && report.of === 'fire'))
  })

  test('told to stop while somebody is let in, takes nobody else, and counts them before it ends', async () => {
    lane.grant(oneIn)
    await until(() => tripod.has('released'))
    stop.abort()
    expect(lane.canTakeGrant('in')).toBe(false)
    tripod.tell({ do: 'push' })
    await running
    expect(reports).toEqual([{ kind: 'passage', direction: 'in', decision, of: 'grant' }])
  })

  test('takes loss of power for no passage, gives the grant back, and goes on when it is lit again', async () => {
    lane.grant(oneIn)
    await until(() => tripod.has('released'))
    tripod.tell({ do: 'power', is: false })
    await isNow('fault')
    expect(lane.state().fault).toBe('tripod-unpowered')
    tripod.tell({ do: 'power', is: true })
    await isNow('locked')
    expect(reports.map(({ kind }) => kind)).toEqual(['returned', 'lane', 'lane'])
  })

  test('gives the grant back when the board is unplugged, and knows it again when it is back', async () => {
    lane.grant(oneIn)
    await until(() => tripod.has('released'))
    await isNow('granted')
    await tripod.stop()
    await isNow('fault')
    expect(reports.find(({ kind }) => kind === 'returned')).toMatchObject({ why: 'fault' })
    tripod = await startTripod(pair.far)
    await isNow('locked')
  })

  test('G15: turns freely while the staff say so, and counts', async () => {
    lane.setRest({ rest: { name: 'free', direction: 'both', untilMs: null }, by: 'alix', reason: 'classe' })
    await until(() => tripod.has('released'))
    tripod.tell({ do: 'push' })
    await until(() => reports.length === 2)
    expect(reports).toEqual([
      { kind: 'lane', state: 'free', by: 'alix', reason: 'classe' },
      { kind: 'passage', direction: 'in', decision: null, of: 'free' },
    ])
    await until(() => tripod.news.filter(({ event }) => event === 'released').length >= 2)
  })
})

test('a lane with a tripod and a reader on a network needs no terminal: shown a code, it lets one in', async () => {
  const [tripod, reader] = [await createNetworkTripod(), await createNetworkReader()]
  const board = boards.get('generic-modbus-tcp')
  if (board === undefined) throw new Error('no profile')
  const stop = new AbortController()
  const reports: LaneReport[] = []
  const facts = trialLane({ timings: { pulseMs: 100 } })
  const lane = createLaneAtWork(facts, {
    time,
    openBoard: () => openBoard({ profile: board, port: tripod.port, address: 1, wiring: facts.board.wiring }, { time }),
    report: (report) => void reports.push(report),
  })
  const running = runTogether(stop.signal, [
    lane.run,
    (signal) =>
      runReader(
        { profile: readerProfile, port: reader.port },
        {
          ...{ time, openLine, portBehind, listPorts: async () => [] },
          onScan: (scan) => scan.ok && lane.grant(oneIn),
          ...{ onCondition: () => undefined, onOddity: () => undefined },
        },
        signal,
      ),
  ])
  await until(() => lane.canTakeGrant('in') && reader.show('BILLET-00001'))
  await until(() => tripod.isFree('A'))
  expect(tripod.isLit(2)).toBe(true)
  expect(await tripod.push('A', 300)).toBe(true)
  await until(() => reports.length === 2)
  expect(reports.at(-1)).toEqual({ kind: 'passage', direction: 'in', decision, of: 'grant' })
  expect(await tripod.push('A')).toBe(false)
  stop.abort()
  await running
  await Promise.all([tripod.stop(), reader.stop()])
})
