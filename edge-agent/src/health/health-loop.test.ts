import type { BootId, CameraId, ItemId, SiteId, UnitId } from '@vigie/contract/ids'
import { decodeTelemetryItem, type TelemetryItem } from '@vigie/contract/telemetry-batch'
import { createFakeTime, knownTime } from '@vigie/tests/fakes/time'
import { monotonicFactory } from 'ulid'
import { expect, test } from 'vitest'
import { forEachClass } from '../outbox/class-rules.ts'
import { createStamp } from '../stamp.ts'
import { runHealthLoop } from './health-loop.ts'
import { createHealthReports } from './health-reports.ts'
import { createTraffic } from './traffic.ts'
import { createUnitState } from './unit-state.ts'

const MINUTE = 60_000
const T = 1_800_000_000_000
const who = { site: 'allos' as SiteId, unit: 'vg-0001' as UnitId } // of the contract's patterns
const newId = monotonicFactory() as () => ItemId // a ULID is what an ItemId is

type Machine = { temperatureC: number | null; diskFreeBytes: number }
/** Lets so many minutes pass on a unit; `each` may change the machine or the orders before each sample. */
async function pass(minutes: number, each: (minute: number, machine: Machine, orders: { isWatched: boolean }) => void) {
  const hands = createFakeTime({ nowMs: T })
  const time = { ...knownTime(hands), offsetMs: () => 0 }
  const stop = new AbortController()
  const machine: Machine = { temperatureC: 40, diskFreeBytes: 5e9 }
  const orders = { isWatched: false }
  let samples = 0
  const reports = createHealthReports(who, {
    ...{ time, stamp: createStamp({ unit: who.unit, boot: newId() as string as BootId }, { time, newId }) },
    ...{ outbox: { backlog: () => forEachClass(() => ({ items: 0, bytes: 0 })) }, traffic: createTraffic() },
    unitState: createUnitState(['cam1' as CameraId], time), // of the contract's pattern
    async readMachine() {
      each(samples++, machine, orders)
      return { ...machine, diskTotalBytes: 8e9, memoryBytes: 9e7, memoryFreeBytes: 4e8 }
    },
  })
  const telemetry: (TelemetryItem & { sentMs: number })[] = []
  let states = 0
  const wait: typeof hands.wait = async (ms, signal) => {
    if (hands.now() + ms > T + minutes * MINUTE) stop.abort()
    await hands.wait(ms, signal)
  }
  await runHealthLoop(
    who.unit,
    {
      ...{ reports, time: { ...time, wait }, isWatched: () => orders.isWatched },
      async keep(item) {
        if (item.class === 'state') states++
        else {
          const decoded = decodeTelemetryItem(item.payload)
          if (!decoded.ok) throw new Error(decoded.detail)
          telemetry.push({ ...decoded.value, sentMs: hands.now() })
        }
      },
    },
    stop.signal,
  )
  return { telemetry, states, samples, sizes: telemetry.map((item) => item.samples.length) }
}

test('samples each minute, sends the first at once and then ten together, and keeps the rest when it is stopped', async () => {
  const { telemetry, sizes, samples, states } = await pass(125, () => undefined)
  expect(sizes.slice(0, -1)).toEqual([1, ...Array(12).fill(10)])
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(samples)
  expect(states).toBeLessThanOrEqual(4)
  const times = telemetry.flatMap(({ at, samples: taken }) => taken.map(({ agoMs }) => Date.parse(at) - agoMs))
  const steps = times.slice(1).map((ms, index) => ms - (times[index] ?? 0))
  expect(new Set(steps)).toEqual(new Set([MINUTE]))
  // What a kill would take with it is never older than this.
  for (const {
    sentMs,
    at,
    samples: [oldest],
  } of telemetry) {
    expect(sentMs - (Date.parse(at) - (oldest?.agoMs ?? 0))).toBeLessThanOrEqual(10 * MINUTE)
  }
})

test('sends each sample when it is taken, while somebody watches closely', async () => {
  const { sizes } = await pass(40, (minute, _machine, orders) => {
    orders.isWatched = minute >= 15 && minute < 25
  })
  expect(sizes).toEqual([1, 10, 5, ...Array(9).fill(1), 10, 5])
})

test.each<[string, Partial<Machine>]>([
  ['the disk is nearly full', { diskFreeBytes: 3e8 }],
  ['it is too hot', { temperatureC: 91 }],
  ['it is too cold', { temperatureC: -25 }],
])('tells at once, and once, that %s', async (_what, change) => {
  const { sizes, telemetry } = await pass(14, (minute, machine) => {
    if (minute === 4) Object.assign(machine, change)
  })
  expect(sizes).toEqual([1, 4, 9])
  expect(telemetry[1]?.sentMs).toBe(Date.parse(telemetry[1]?.at ?? ''))
})

test('says once in ten samples what moves no further than anybody looks', async () => {
  const { telemetry } = await pass(14, (minute, machine) => {
    machine.diskFreeBytes = 5_000_900_000 - minute * 4096
    machine.temperatureC = 40.9 + minute / 100
  })
  const ten = telemetry[1]?.samples ?? []
  expect(ten).toHaveLength(10)
  expect(new Set(ten.map(({ temperatureC }) => temperatureC))).toEqual(new Set([41]))
  expect(new Set(ten.map(({ diskFreeBytes }) => diskFreeBytes))).toEqual(new Set([5_000_000_000]))
})
