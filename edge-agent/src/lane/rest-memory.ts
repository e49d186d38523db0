import type { Row } from '@vigie/contract/gate/row'
import type { Rest } from './lane-life.ts'
import type { LaneLedger } from './ledger/lane-ledger.ts'

/** What the staff set a lane to stands in its ledger, and a power cut does not undo it. */
const READ_BACK = 1_000

/**
 * What a lane does when nothing is under way, as it was set before this start; null: nothing else than to be locked.
 * `since`: the row that says so.
 */
export function restBefore(
  ledger: Pick<LaneLedger, 'own' | 'ends'>,
  { unit, lane }: { unit: string; lane: string },
  time: { now(): number; monotonicMs(): number },
): { rest: Rest; row: Row } | null {
  const end = ledger.ends().find(({ origin }) => origin === unit)?.seq ?? 0
  const rows = ledger.own(Math.max(0, end - READ_BACK), READ_BACK)
  for (const row of rows.toReversed()) {
    const { body } = row
    if (row.lane !== lane || body.kind !== 'lane') continue
    if (body.state === 'out-of-service') return { rest: { name: 'out-of-service' }, row }
    if (body.state === 'locked') return null
    if (body.state !== 'free') continue
    const leftMs = body.until === undefined ? null : Date.parse(body.until) - time.now()
    if (leftMs !== null && leftMs <= 0) return null
    const untilMs = leftMs === null ? null : time.monotonicMs() + leftMs
    const { until } = body
    return { rest: { name: 'free', direction: 'both', untilMs, ...(until !== undefined && { until }) }, row }
  }
  return null
}
