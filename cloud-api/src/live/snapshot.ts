import type { Clock } from '@vigie/contract/clock'
import { type SiteNow, type WebcamNow, webcamsOf } from './feature.ts'
import { createTextBody, type TextBody } from './text-body.ts'

/** All webcams at one moment, ready to be sent to any number of clients. */
export type Snapshot = {
  /** Wall time for which ages and freshness were computed. */
  at: number
  /** The newest live event that was there when the store was read: everything up to it is in here. */
  seq: number
  webcams: ReadonlyMap<string, WebcamNow & { json: string }>
  /** The body of GET /api/v1/webcams. */
  listing: TextBody
}

export type Snapshots = {
  /** The webcams as they are now, at most a second old. Callers at the same time share one reading of the store. */
  current(): Promise<Snapshot>
  /** Something changed: what was read before is not given out any more. */
  outdate(): void
}

/** Ages are in whole seconds: after this long a snapshot says them wrong. */
const SNAPSHOT_LIVES_MS = 1_000

type Deps = {
  /** The sites, and the newest live event read before them. */
  readSites: () => Promise<{ seq: number; sites: readonly SiteNow[] }>
  clock: Clock
}

/** The work of a storm of viewers is one reading a second, whatever their number. */
export function createSnapshots({ readSites, clock }: Deps): Snapshots {
  let generation = 0
  let newest: { generation: number; startedMs: number; snapshot: Promise<Snapshot> } | null = null

  async function read(): Promise<Snapshot> {
    const { seq, sites } = await readSites()
    return takeSnapshot(seq, sites, clock.now())
  }

  return {
    current: async () => {
      const nowMs = clock.monotonicMs()
      if (newest?.generation === generation && nowMs - newest.startedMs < SNAPSHOT_LIVES_MS) return newest.snapshot
      const reading = { generation, startedMs: nowMs, snapshot: read() }
      newest = reading
      reading.snapshot.catch(() => {
        if (newest === reading) newest = null
      })
      return reading.snapshot
    },
    outdate: () => {
      generation += 1
    },
  }
}

function takeSnapshot(seq: number, sites: readonly SiteNow[], at: number): Snapshot {
  const all = sites.flatMap((site) => webcamsOf(site, at)).map((now) => ({ ...now, json: JSON.stringify(now.webcam) }))
  const generatedAt = new Date(at).toISOString()
  const listing = createTextBody(
    `{"type":"FeatureCollection","generatedAt":"${generatedAt}","lastEventId":"${seq}",` +
      `"features":[${all.map(({ json }) => json).join(',')}]}`,
  )
  return { at, seq, webcams: new Map(all.map((one) => [one.webcam.id, one])), listing }
}
