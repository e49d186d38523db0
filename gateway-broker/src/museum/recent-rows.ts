import type { Row } from '@vigie/contract/gate/row'
import type { MuseumLedger } from './ledger/museum-ledger.ts'

/** The rows of the last days, in memory: on a Sunday in August some six thousand, 5 MB. What is shown is read from them. */
export type RecentRows = {
  /** Rows from a time on, by their own clock, in no order. Times before the day before yesterday are not kept. */
  since(fromMs: number): Row[]
}

const KEPT_MS = 2 * 86_400_000
/** Once in an hour is enough to let go of what is old. */
const TIDIED_EVERY_MS = 3_600_000

export function createRecentRows(
  ledger: Pick<MuseumLedger, 'between' | 'onRows'>,
  { now }: { now: () => number },
): RecentRows {
  let tidiedAtMs = now()
  /** A clock that is ahead on a lane is no reason to lose sight of its rows. */
  let rows = ledger.between(tidiedAtMs - KEPT_MS, Number.MAX_SAFE_INTEGER)
  ledger.onRows((fresh) => {
    rows.push(...fresh)
    if (Math.abs(now() - tidiedAtMs) < TIDIED_EVERY_MS) return
    tidiedAtMs = now()
    rows = ledger.between(tidiedAtMs - KEPT_MS, Number.MAX_SAFE_INTEGER)
  })
  return {
    since(fromMs) {
      // Times of one spelling compare as text, which spares reading each.
      const from = new Date(fromMs).toISOString()
      return rows.filter(({ at }) => at >= from)
    },
  }
}
