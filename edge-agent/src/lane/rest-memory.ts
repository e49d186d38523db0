import type { Row } from '@vigie/contract/gate/row'
import type { Rest } from './lane-life.ts'
import type { LaneLedger } from './ledger/lane-ledger.ts'

const READ_AT_ONCE = 500
/** Some days of an August, read in half a second. Beyond, a lane wakes up locked. */
const READ_BACK_MAX = 20_000

/**
 * What a lane does when nothing is under way, as the staff set it before this start: it stands in the ledger, and a power
 * cut does not undo it. Null: nothing else than to be locked.
 * `since`: the row that says so.
 */
export function restBefore(
  ledger: Pick<LaneLedger, 'own' | 'ends'>,
  { unit, lane }: { unit: string; lane: string },
  time: { now(): number; monotonicMs(): number },
): { rest: Rest; row: Row } | null {
  for (const row of rowsBackwards(ledger, unit)) {
    const { body } = row
    if (row.lane !== lane || body.kind !== 'lane') continue
    // That the box was revoked is no wish of the staff: it ends with the box's new certificate.
    const told = body.rest ?? (body.cause === 'revoked' ? null : body.state)
    if (told === 'out-of-service') return { rest: { name: 'out-of-service' }, row }
    if (told === 'locked') return null
    if (told !== 'free') continue
    const leftMs = body.until === undefined ? null : Date.parse(body.until) - time.now()
    if (leftMs !== null && leftMs <= 0) return null
    const untilMs = leftMs === null ? null : time.monotonicMs() + leftMs
    // With its end in the words of the ledger: the rows to come say it again, for the power cut after this one.
    const until = body.until === undefined ? {} : { until: body.until }
    return { rest: { name: 'free', direction: 'both', untilMs, ...until }, row }
  }
  return null
}

/** The rows of this box, the newest first. */
function* rowsBackwards(ledger: Pick<LaneLedger, 'own' | 'ends'>, unit: string): Generator<Row> {
  const last = ledger.ends().find(({ origin }) => origin === unit)?.seq ?? 0
  for (let end = last; end > Math.max(0, last - READ_BACK_MAX); end -= READ_AT_ONCE) {
    const from = Math.max(0, end - READ_AT_ONCE)
    yield* ledger.own(from, end - from).toReversed()
  }
}
