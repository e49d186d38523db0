import { statfs } from 'node:fs/promises'
import type { SteadyClock } from './clock/steady-clock.ts'
import { Fault } from './faults.ts'
import type { HealthCheck } from './health-watch.ts'
import type { Intake } from './intake/intake.ts'
import type { Retention } from './retention/retention.ts'
import type { SeriesStore } from './series/series-store.ts'
import type { Store } from './store/store.ts'

type Deps = {
  store: Pick<Store, 'check'>
  series: Pick<SeriesStore, 'check'>
  intake: Pick<Intake, 'condition'>
  retention: Pick<Retention, 'condition'>
  /** Of our own certificates and those that are shown to us. */
  certificates: HealthCheck
  dataFolder: string
  clock: SteadyClock
}

/** A day of 41 webcams is about 12 GB of pictures; with less than this free, somebody should look. */
const LEAST_FREE_BYTES = 1_000_000_000

/** What /health asks: each part by the noun that an operator of the cloud knows. */
export function healthChecks({
  store,
  series,
  intake,
  retention,
  certificates,
  dataFolder,
  clock,
}: Deps): Record<string, HealthCheck> {
  return {
    database: async () => {
      await store.check()
      return { works: true }
    },
    series: async () => {
      await series.check()
      return { works: true }
    },
    broker: async () => {
      const { connectedSince } = intake.condition()
      return connectedSince === null
        ? { works: false, detail: 'broker-unreachable' }
        : { works: true, detail: `connected for ${Math.round((clock.now() - connectedSince) / 1000)} s` }
    },
    intake: async () => {
      const { failing, waiting, counts } = intake.condition()
      const figures = Object.entries({ ...counts, waiting: waiting.items }).map(([name, count]) => `${name} ${count}`)
      const faults = failing.map(({ part, fault, since }) => `${part}: ${fault} since ${new Date(since).toISOString()}`)
      return { works: failing.length === 0, detail: [...faults, ...figures].join(', ') }
    },
    retention: async () => {
      const { failing, overduePictures, waitsUntil } = retention.condition()
      const waits =
        waitsUntil === null ? [] : [`waits until ${new Date(waitsUntil).toISOString()}: is the clock right?`]
      const detail = [...(failing === null ? [] : [failing]), ...waits, `${overduePictures} pictures overdue`].join(
        ', ',
      )
      return { works: failing === null && waitsUntil === null && overduePictures === 0, detail }
    },
    clock: async () => {
      const doubt = clock.doubt()
      if (doubt === null) return { works: true }
      const seconds = Math.round(Math.abs(doubt.aheadMs) / 1000)
      const side = doubt.aheadMs > 0 ? 'ahead' : 'back'
      throw new Fault('clock-jumped', { detail: `${seconds} s ${side} since ${new Date(doubt.since).toISOString()}` })
    },
    certificates,
    disk: async () => {
      const { bavail, bsize } = await statfs(dataFolder)
      const free = bavail * bsize
      return { works: free >= LEAST_FREE_BYTES, detail: `${Math.round(free / 1e9)} GB free` }
    },
  }
}
