import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ClockState } from '@vigie/contract/clock'
import type { CameraId, ItemId } from '@vigie/contract/ids'
import { createFakeTime } from '@vigie/tests/fakes/time'
import { monotonicFactory } from 'ulid'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AgentFault, type FaultCode } from '../faults.ts'
import { createCommandMemory } from './command-memory.ts'
import { type Doers, done } from './doer.ts'
import { beThrifty, takeFrameNow, watchClosely } from './follow-orders.ts'
import { createOrders, NO_ORDERS } from './orders.ts'
import { refusedAlways } from './refused-always.ts'
import { createCommands } from './take-commands.ts'

const NOW = Date.parse('2026-11-25T18:00:00.000Z')
const newId = monotonicFactory() as () => ItemId // it makes ULIDs
const cam1 = 'cam1' as CameraId // of the contract's pattern
const utc = (ms: number) => new Date(ms).toISOString()
const OTHERS = [
  'reboot-camera',
  'resend-history',
  'find-cameras',
  'look',
  'drill',
  'open-lane',
  'free-rotation',
  'out-of-service',
]
/** What a command does without waiting for the world is told a turn later. */
const aTurn = () => new Promise((resolve) => setImmediate(resolve))
const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-commands-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** One run of an agent's commands on the test's folder. `isHeard` false: no word leaves the unit. */
function start({
  clockState = 'synchronised' as ClockState,
  time = createFakeTime({ nowMs: NOW }),
  isHeard = true,
} = {}) {
  const memory = createCommandMemory(join(folder, 'commands.json'))
  const orders = createOrders(time, memory.read().orders)
  const said: string[] = []
  const asking: Array<(fault: FaultCode | null) => void> = []
  let ordered = 0
  const clock = { ...time, state: () => clockState }
  const plans = {
    ...{
      orders,
      clock: time,
      cameras: new Map([[cam1, { ask: (tell: (typeof asking)[number]) => asking.push(tell) <= 2 }]]),
    },
    onOrder: () => {
      ordered += 1
    },
  }
  const others = Object.fromEntries(OTHERS.map((name) => [name, refusedAlways('lane-absent')])) as Doers // the rest
  const commands = createCommands({
    ...{ memory, orders, clock },
    doers: {
      ...others,
      'frame-now': takeFrameNow(plans),
      'watch-closely': watchClosely(plans),
      thrifty: beThrifty(plans),
      'restart-agent': { endsRun: true, run: () => ({ step: 'returning' }) },
      probe: {
        run: ({ what }) => {
          if (what === 'disk') return Promise.reject(new AgentFault('disk-failing'))
          if (what === 'camera') return Promise.reject(new TypeError('a bug'))
          return done({ of: 'clock', state: clockState, offsetMs: 0, upS: 1 })
        },
      },
    },
    say(_, { step, reason, result }, onSent) {
      said.push([step, ...(reason ? [`: ${reason}`] : []), ...(result ? [` with ${result.of}`] : [])].join(''))
      if (isHeard) onSent()
    },
  })
  const stop = new AbortController()
  const running = commands.run(stop.signal)
  const give = (body: object, { id = newId(), issuedMs = time.now(), livesMs = 120_000 } = {}) => {
    commands.take(bytes({ v: 1, id, issuedAt: utc(issuedMs), expiresAt: utc(issuedMs + livesMs), body }))
    return id
  }
  const end = async () => {
    stop.abort()
    await running
  }
  return { time, orders, said, asking, give, commands, ordered: () => ordered, end, running }
}

const frameNow = { name: 'frame-now', camera: 'cam1' }
const watch = { name: 'watch-closely', minutes: 30 }

describe('a command', () => {
  test('for a frame is accepted, and done once the frame has been taken', async () => {
    const { give, said, asking } = start()
    give(frameNow)
    expect(said).toEqual(['accepted'])
    asking[0]?.(null)
    await aTurn()
    expect(said).toEqual(['accepted', 'done'])
  })

  test('for a frame that fails, or of a camera that is not there, is refused with the reason', async () => {
    const { give, said, asking } = start()
    give(frameNow)
    asking[0]?.('camera-unreachable')
    await aTurn()
    give({ name: 'frame-now', camera: 'cam2' })
    expect(said).toEqual(['accepted', 'refused: camera-unreachable', 'refused: camera-unknown'])
  })

  test('to watch closely holds for its minutes and no longer, whoever sets the wall clock', () => {
    const { give, said, orders, time, ordered } = start()
    give(watch)
    expect(said).toEqual(['accepted', 'done'])
    expect(ordered()).toBe(1)
    time.setWall(0)
    time.pass(30 * 60_000 - 1)
    expect(orders.isWatched()).toBe(true)
    time.pass(1)
    expect(orders.isWatched()).toBe(false)
  })

  test('to watch for no minutes ends the watch', () => {
    const { give, orders } = start()
    give(watch)
    give({ name: 'watch-closely', minutes: 0 })
    expect(orders.isWatched()).toBe(false)
  })

  test('to be thrifty holds until its time, or until told otherwise', () => {
    const { give, orders, time } = start()
    give({ name: 'thrifty', on: true, until: utc(NOW + 3_600_000) })
    expect(orders.isThrifty()).toBe(true)
    time.pass(3_600_000)
    expect(orders.isThrifty()).toBe(false)
    give({ name: 'thrifty', on: true })
    time.pass(200 * 86_400_000)
    expect(orders.isThrifty()).toBe(true)
    give({ name: 'thrifty', on: false })
    expect(orders.isThrifty()).toBe(false)
  })

  test('that came too late is expired, by the unit\u2019s own time, and never done', () => {
    const { give, said, asking } = start()
    give(frameNow, { issuedMs: NOW - 120_000 })
    expect(said).toEqual(['expired'])
    expect(asking).toEqual([])
  })

  test('is refused while the clock is unknown, since nobody can say whether it is too late, and taken when it is sent again', () => {
    const lost = start({ clockState: 'unknown' })
    const id = lost.give(frameNow)
    expect(lost.said).toEqual(['refused: clock-unknown'])
    const found = start()
    found.give(frameNow, { id })
    expect(found.said).toEqual(['accepted'])
  })

  test.each([
    ['of a later version', { name: 'reboot' }],
    ['to watch for five hours', { name: 'watch-closely', minutes: 300 }],
  ])('%s is refused at once, so that nobody waits for it', (_, body) => {
    const { give, said, orders } = start()
    give(body)
    expect(said).toEqual(['refused: command-unknown'])
    expect(orders.isWatched()).toBe(false)
  })

  test.each([
    ['without an id', { v: 1, issuedAt: utc(NOW), expiresAt: utc(NOW + 1), body: { name: 'restart-agent' } }],
    ['no JSON', '{'],
    ['nothing', ''],
  ])('that is %s is not taken', (_, content) => {
    const { commands, said, orders } = start()
    commands.take(bytes(content))
    expect(said).toEqual([])
    expect(orders.isWatched()).toBe(false)
  })

  test('that would live for days is refused', () => {
    const { give, said } = start()
    give(watch, { livesMs: 48 * 3_600_000 })
    expect(said).toEqual(['refused: lives-too-long'])
  })
})

describe('a command that finds something out', () => {
  test('tells it with the end, and again to who asks again', () => {
    const { give, said } = start()
    const id = give({ name: 'probe', what: 'clock' })
    give({ name: 'probe', what: 'clock' }, { id })
    expect(said).toEqual(['accepted', 'done with clock', 'done with clock'])
  })

  test('is refused with the fault that kept it from finding out', async () => {
    const { give, said, end } = start()
    give({ name: 'probe', what: 'disk' })
    await aTurn()
    expect(said).toEqual(['accepted', 'refused: disk-failing'])
    await end()
  })

  test('ends the agent when it comes upon a bug, and is not done again afterwards', async () => {
    const first = start()
    const id = first.give({ name: 'probe', what: 'camera' })
    await expect(first.running).rejects.toThrow('a bug')
    const second = start()
    second.give({ name: 'probe', what: 'camera' }, { id })
    expect(second.said).toEqual(['refused: interrupted', 'refused: interrupted'])
  })
})

describe('the end of the agent', () => {
  test('does not wait for a frame that nobody will take any more', async () => {
    const first = start()
    const id = first.give(frameNow)
    await first.end()
    expect(first.said).toEqual(['accepted'])
    const second = start()
    second.give(frameNow, { id })
    expect(second.said).toEqual(['refused: interrupted', 'refused: interrupted'])
  })
})

describe('what was not told when the agent ended', () => {
  test('is told by the next run with what was found, until a word has left, and never after', async () => {
    const first = start({ isHeard: false })
    first.give({ name: 'probe', what: 'clock' })
    first.give(watch)
    await first.end()
    const second = start({ isHeard: false })
    expect(second.said).toEqual(['done with clock', 'done'])
    await second.end()
    const third = start()
    expect(third.said).toEqual(['done with clock', 'done'])
    await third.end()
    const fourth = start()
    expect(fourth.said).toEqual([])
    await fourth.end()
  })

  test('is told of a command that was cut short: refused, without anybody asking, and once', async () => {
    const first = start()
    first.give(frameNow)
    await first.end()
    const second = start()
    expect(second.said).toEqual(['refused: interrupted'])
    expect(second.asking).toEqual([])
    await second.end()
    const third = start()
    expect(third.said).toEqual([])
    await third.end()
  })

  test('is told of a restart though it was a kill that ended the agent: it is what was asked for', async () => {
    const first = start()
    first.give({ name: 'restart-agent' })
    const second = start()
    expect(second.said).toEqual(['done with restart'])
    await Promise.all([first.end(), second.end()])
  })
})

describe('a restart', () => {
  test('is done when the agent has come back, once, and says how long that took', async () => {
    const first = start()
    const id = first.give({ name: 'restart-agent' })
    expect(first.said).toEqual(['accepted'])
    await first.end()
    first.time.pass(9_000)
    const second = start({ time: first.time })
    second.give({ name: 'restart-agent' }, { id })
    expect(second.said).toEqual(['done with restart', 'done with restart'])
    await second.end()
    const third = start({ time: first.time })
    expect(third.said).toEqual([])
    await third.end()
  })

  test('tells no time away by a clock that is not known', async () => {
    const first = start()
    first.give({ name: 'restart-agent' })
    await first.end()
    const second = start({ clockState: 'unknown' })
    expect(second.said).toEqual(['done'])
    await second.end()
  })
})

describe('a command that comes twice', () => {
  test('is done once; who asks again hears how far it came', async () => {
    const { give, said, asking } = start()
    const id = give(frameNow)
    give(frameNow, { id })
    asking[0]?.(null)
    await aTurn()
    give(frameNow, { id })
    expect(asking).toHaveLength(1)
    expect(said).toEqual(['accepted', 'accepted', 'done', 'done'])
  })

  test('is done once across a restart, and one that the restart cut short is refused, not done again', () => {
    const first = start()
    const done = first.give(watch)
    const cut = first.give(frameNow)
    const second = start()
    second.give(watch, { id: done })
    second.give(frameNow, { id: cut })
    expect(second.said).toEqual(['refused: interrupted', 'done', 'refused: interrupted'])
    expect(second.asking).toEqual([])
  })

  test('is not done when its id cannot be kept', () => {
    const { give, said, asking } = start()
    rmSync(folder, { recursive: true })
    give(frameNow)
    expect(said).toEqual(['refused: disk-failing'])
    expect(asking).toEqual([])
    mkdirSync(folder)
  })
})

describe('what is remembered', () => {
  test('goes on after a restart: what is left of a watch, and being thrifty', () => {
    const first = start()
    first.give(watch)
    first.give({ name: 'thrifty', on: true })
    const later = createFakeTime({ nowMs: NOW + 20 * 60_000 })
    const { orders } = start({ time: later })
    expect([orders.isWatched(), orders.isThrifty()]).toEqual([true, true])
    later.pass(10 * 60_000)
    expect([orders.isWatched(), orders.isThrifty()]).toEqual([false, true])
  })

  test('lasts no longer than ordered when the clock went back to 1970 meanwhile', () => {
    start().give(watch)
    const back = createFakeTime({ nowMs: 0 })
    const { orders } = start({ time: back })
    expect(orders.isWatched()).toBe(true)
    back.pass(30 * 60_000)
    expect(orders.isWatched()).toBe(false)
  })

  test('is bounded: beyond 256 that have not expired the next is refused, and room comes with time', () => {
    const { give, said, time } = start()
    for (let count = 0; count < 256; count += 1) give({ name: 'watch-closely', minutes: 0 })
    give(watch)
    expect(said.at(-1)).toBe('refused: too-many-commands')
    time.pass(2 * 3_600_000)
    give(watch)
    expect(said.at(-1)).toBe('done')
  })

  test.each(['', '{', '{"taken":7}', '\u0000'.repeat(100)])('is nothing when its file is damaged: %j', (content) => {
    writeFileSync(join(folder, 'commands.json'), content)
    expect(createCommandMemory(join(folder, 'commands.json')).read()).toEqual({ taken: [], orders: NO_ORDERS })
    const { give, said } = start()
    give(watch)
    expect(said).toEqual(['accepted', 'done'])
  })
})
