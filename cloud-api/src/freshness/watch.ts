import type { Clock } from '@vigie/contract/clock'
import { isPresetId } from '@vigie/contract/ids'
import type { Logger } from 'pino'
import type { Fault } from '../faults.ts'
import type { Snapshot, Snapshots } from '../live/snapshot.ts'
import { regularly } from '../regularly.ts'
import type { LiveEventStore, ViewFreshness } from '../store/live-events.ts'
import { storeFaultOf } from '../store/store-fault.ts'

type Deps = {
  snapshots: Snapshots
  events: Pick<LiveEventStore, 'tellFreshness'>
  /** Called when an event was written. */
  ring: () => void
  clock: Clock
  log: Logger
}

/** A change of freshness is told this late at most, in milliseconds. */
const WATCH_EVERY_MS = 1_000

export type FreshnessWatch = {
  /** Looks once. @returns the views whose freshness was told as new */
  look(): Promise<ViewFreshness[]>
  /** Looks each second until the signal aborts. */
  run(signal: AbortSignal): Promise<void>
}

/**
 * Notices what changes with time alone: a picture that grows late, a unit that falls silent. Nobody writes that down, so
 * the watch does, as live events. Each instance looks; the store takes a change once. An instance tells only what has
 * changed in its own eyes: two whose clocks differ by a second would else contradict each other for that second.
 */
export function createFreshnessWatch({ snapshots, events, ring, clock, log }: Deps): FreshnessWatch {
  let seen: ReadonlyMap<string, ViewFreshness> = new Map()

  async function look(): Promise<ViewFreshness[]> {
    const now = viewsIn(await snapshots.current())
    const changed = [...now].flatMap(([name, view]) => (seen.get(name)?.freshness === view.freshness ? [] : [view]))
    const told = changed.length === 0 ? [] : await events.tellFreshness(changed, clock.now())
    seen = now
    if (told.length > 0) ring()
    return told
  }

  return {
    look,
    run: async (signal) => {
      const onFault = (fault: Fault | null) => {
        if (fault === null) log.info({ event: 'freshness.watched-again' })
        else log.warn({ event: 'freshness.unwatched', fault: fault.code, detail: fault.message })
      }
      const work = async () => {
        for (const { site, camera, preset, freshness } of await look()) {
          log.debug({ event: 'freshness.changed', site, camera, preset, freshness })
        }
      }
      await regularly(WATCH_EVERY_MS, work, { faultOf: storeFaultOf, onFault }, signal)
    },
  }
}

function viewsIn({ webcams }: Snapshot): Map<string, ViewFreshness> {
  const views = [...webcams.values()].flatMap(({ site, camera, webcam }) =>
    webcam.properties.presets.flatMap(({ id, freshness }): [string, ViewFreshness][] =>
      isPresetId(id) ? [[`${webcam.id} ${id}`, { site, camera, preset: id, freshness }]] : [],
    ),
  )
  return new Map(views)
}
