import type { ItemId } from '@vigie/contract/ids'
import type { ReceiptItem } from '@vigie/contract/receipt'
import type { State } from '@vigie/contract/state'
import type { LanePlan } from './lane-plan.ts'
import type { Stamp } from './stamp.ts'

/** Tells the cloud how the gateway and its lanes are: when that changes, and every quarter of an hour. */
export type StateReports = {
  /** To be called often: says it when it is time. */
  look(): Promise<void>
  /** Gives for how long the state of which this is the receipt was under way; null when it is of none. */
  receipted(items: readonly ReceiptItem[]): number | null
}

type ReportDeps = {
  lanesNow: () => NonNullable<State['lanes']>
  plan: Pick<LanePlan, 'reported'>
  stamp: Stamp
  say(state: State): Promise<void>
  monotonicMs: () => number
}

const EVERY_MS = 15 * 60_000
/** On a rush every lane changes each few seconds; the cloud's picture of it may be so old. */
const AT_MOST_EVERY_MS = 10_000

/** One for each connection. A state that is lost is followed by a newer one: none is sent twice. */
export function createStateReports({ lanesNow, plan, stamp, say, monotonicMs }: ReportDeps): StateReports {
  let last: { id: ItemId; text: string; saidMs: number } | null = null
  return {
    async look() {
      const nowMs = monotonicMs()
      const agoMs = last === null ? Number.POSITIVE_INFINITY : nowMs - last.saidMs
      if (agoMs < AT_MOST_EVERY_MS) return
      const configuration = plan.reported()
      const content = { cameras: [], lanes: lanesNow(), ...(configuration === null ? {} : { configuration }) }
      const text = JSON.stringify(content)
      if (text === last?.text && agoMs < EVERY_MS) return
      const envelope = stamp('state')
      last = { id: envelope.id, text, saidMs: nowMs }
      await say({ ...envelope, kind: 'state', ...content })
    },
    receipted: (items) =>
      last !== null && items.some(({ id }) => id === last?.id) ? monotonicMs() - last.saidMs : null,
  }
}
