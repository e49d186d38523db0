import type { Envelope } from '@vigie/contract/envelope'
import { createFeedAsker, type FeedAsker } from '@vigie/contract/feed-asker'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import type { ListRefusal, ListVerdict, SignedLists } from '@vigie/contract/signed-lists'
import { buildTopic } from '@vigie/contract/topics'
import { faultCodeOf } from '../../faults.ts'
import { isDiskFailure } from '../../outbox/disk-failure.ts'
import type { Time } from '../../time.ts'
import type { Doorbell } from '../../uplink/doorbell.ts'
import type { Line } from '../../uplink/line.ts'

/** Follows what the cloud signs for gates, over the uplink while there is one. Decisions go by what has come so far. */
export type ListFollower = {
  /** Takes what came on the unit's `catalogue` or `feed`. */
  take(what: 'catalogue' | 'feed', payload: Uint8Array): void
  /** A ticket was shown that the lists do not settle. */
  want(): void
  run(signal: AbortSignal): Promise<void>
}

type FollowerDeps = {
  site: SiteId
  unit: UnitId
  lists: SignedLists
  line: Pick<Line, 'isOpen' | 'publish'>
  stamp: () => Envelope
  time: Time
  bell: Doorbell
  /** Something that came as the cloud's was kept out. */
  onRefused(why: ListRefusal, detail: string): void
}

const LOOK_EVERY_MS = 1_000

export function createListFollower(deps: FollowerDeps): ListFollower {
  const { site, unit, lists, line, stamp, time, bell } = deps
  const topic = buildTopic({ site, unit, what: 'gate-ask' })
  let asker: FeedAsker | null = null

  const newAsker = (signal: AbortSignal): FeedAsker =>
    createFeedAsker({
      ...{ mark: lists.mark, stamp, monotonicMs: time.monotonicMs },
      say: (ask) => line.publish({ topic, payload: Buffer.from(JSON.stringify(ask)), qos: 0, retain: false }, signal),
    })

  /** Null: the disk takes nothing. A page is asked for again, and the catalogue is retained for the next connection. */
  function verdictOn(what: 'catalogue' | 'feed', payload: Uint8Array): ListVerdict | null {
    try {
      return what === 'catalogue' ? lists.takeCatalogue(payload) : lists.takePage(payload)
    } catch (error) {
      if (!isDiskFailure(error)) throw error
      return null
    }
  }

  return {
    take(what, payload) {
      const verdict = verdictOn(what, payload)
      if (verdict === null) return
      // A page out of its turn answers nothing: what was asked for is still to come.
      if (what === 'feed' && verdict.taken) asker?.answered(lists.isBehind())
      if (!verdict.taken && verdict.why === 'feed-out-of-turn' && lists.isBehind()) asker?.want()
      if (!verdict.taken && verdict.why !== 'feed-out-of-turn') deps.onRefused(verdict.why, verdict.detail)
      bell.ring()
    },
    want: () => asker?.want(),
    async run(signal) {
      while (!signal.aborted) {
        // What was asked on the last connection is not answered on this one.
        asker = line.isOpen() ? (asker ?? newAsker(signal)) : null
        try {
          await asker?.look()
        } catch (error) {
          if (faultCodeOf(error) === null && !signal.aborted) throw error
        }
        await bell.heard(LOOK_EVERY_MS, signal).catch(() => undefined)
      }
    },
  }
}
