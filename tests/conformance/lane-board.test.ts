import { setTimeout } from 'node:timers/promises'
import type { BoardProfile } from '@vigie/config-schema/lane-profiles'
import { openBoard } from '@vigie/edge-agent/lane/board/open-board'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openTerminalPair } from '../fakes/gate/pseudo-terminal.ts'
import { type RunningTripod, reasonForNoTripod, startTripod } from '../fakes/gate/tripod.ts'
import { trialLane } from '../fixtures/trial-lane.ts'
import { until } from '../fixtures/until.ts'

const reason = reasonForNoTripod()
if (reason !== null) console.log(`no board is asked: ${reason}`)

const time = {
  now: Date.now,
  monotonicMs: () => performance.now(),
  wait: (ms: number, signal: AbortSignal) => setTimeout(ms, undefined, { signal }),
}
const { wiring } = trialLane().board
const board = (protocol: BoardProfile['protocol'], isTimed: boolean): BoardProfile => ({
  ...{ id: 'essai', maker: 'essai', model: 'essai', source: 'this test', protocol },
  ...{ outputs: 8, inputs: 8, confirmsPassage: true },
  ...(isTimed && { pulse: { base: 512, unitMs: 100 } }),
})
const fault = (code: string) => ({ name: 'LaneFault', code })
const AT_REST = [true, true, true, true, true, false, false, false]

const LINES = ['a serial line', 'a network'] as const
describe.skipIf(reason !== null).each(LINES)('a board over %s', (line) => {
  const protocol = line === 'a network' ? 'modbus-tcp' : 'modbus-rtu'
  let pair: Awaited<ReturnType<typeof openTerminalPair>> | null
  let tripod: RunningTripod
  const open = (isTimed = true) =>
    openBoard({ profile: board(protocol, isTimed), port: pair?.near ?? tripod.port, address: 1, wiring }, { time })

  beforeEach(async () => {
    pair = line === 'a network' ? null : await openTerminalPair()
    tripod = await startTripod(pair?.far ?? null)
  })
  afterEach(async () => {
    await tripod.stop()
    await pair?.unplug()
  })

  test('G01: is told by its own frame to close a relay for so long, and opens it again by itself', async () => {
    const one = await open()
    await one.pulse(0, 700)
    await until(() => tripod.has('frame', { pdu: '0502000007' }))
    const wired = pair
    if (wired !== null) await until(() => wired.sent().includes('01 05 02 00 00 07 8d b0'))
    await until(() => tripod.has('coil', { coil: 0, on: false }))
    expect(tripod.news.filter(({ event }) => event === 'frame')).toHaveLength(1)
    await one.close()
  })

  test('that times nothing itself is switched on and off, and is found switched off', async () => {
    const one = await open(false)
    await one.pulse(0, 150)
    await until(() => tripod.has('coil', { coil: 0, on: false }))
    await until(() => tripod.has('released', { way: 'A' }))
    expect(tripod.news.filter(({ event }) => event === 'frame').map(({ pdu }) => pdu)).toEqual([
      ...['0500000000', '050000ff00', '0500000000'],
    ])
    await one.close()
  })

  test('that times nothing itself is left switched off in the middle of an order, and also where its answer was lost', async () => {
    const one = await open(false)
    await one.pulse(0, 60_000)
    await one.close()
    await until(() => tripod.has('coil', { coil: 0, on: false }))
    expect(tripod.news.filter(({ event }) => event === 'coil')).toEqual(
      [true, false].map((on) => expect.objectContaining({ coil: 0, on })),
    )
    const other = await open(false)
    tripod.tell({ do: 'hush' })
    await until(() => tripod.has('done', { do: 'hush' }))
    await expect(other.pulse(1, 100)).rejects.toMatchObject(fault('board-silent'))
    await until(() => tripod.has('coil', { coil: 1, on: false }))
    await other.close()
  })

  test('tells its inputs as they are in one moment, and keeps questions in their order', async () => {
    const one = await open()
    expect(await one.readInputs()).toEqual(AT_REST)
    tripod.tell({ do: 'cut', contact: 'fire' })
    await until(() => tripod.has('done'))
    const [cut, , lit] = await Promise.all([one.readInputs(), one.set(2, true), one.readInputs()])
    expect([cut, lit]).toEqual([1, 2].map(() => AT_REST.with(4, false)))
    await until(() => tripod.has('coil', { coil: 2, on: true }))
    await one.close()
  })

  test('that has not what it is asked for refuses, and goes on answering', async () => {
    const one = await open()
    await expect(one.set(9, true)).rejects.toMatchObject(fault('board-refused'))
    expect(await one.readInputs()).toEqual(AT_REST)
    await one.close()
  })

  test('that says nothing is silent within a second, and answers again when it can', async () => {
    const one = await open()
    tripod.tell({ do: 'mute', is: true })
    await until(() => tripod.has('done'))
    await expect(one.readInputs()).rejects.toMatchObject(fault('board-silent'))
    await expect(one.pulse(0, 700)).rejects.toMatchObject(fault('board-silent'))
    expect(tripod.has('coil')).toBe(false)
    tripod.tell({ do: 'mute', is: false })
    await until(() => tripod.news.filter(({ event }) => event === 'done').length === 2)
    expect(await one.readInputs()).toEqual(AT_REST)
    await one.close()
  })

  test('that goes away leaves nobody waiting, and one that is not there is silent', async () => {
    const one = await open()
    tripod.tell({ do: 'mute', is: true })
    await until(() => tripod.has('done'))
    const silent = expect(one.readInputs()).rejects.toMatchObject(fault('board-silent'))
    await tripod.stop()
    await pair?.unplug()
    await silent
    await expect(one.readInputs()).rejects.toMatchObject(fault('board-silent'))
    await one.close()
    await expect(open()).rejects.toMatchObject(fault('board-silent'))
  })
})
