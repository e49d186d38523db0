import { grantsOf } from '@vigie/contract/gate/grant'
import type { Row } from '@vigie/contract/gate/row'
import type { TicketRef } from '@vigie/contract/gate/ticket-code'
import type { LaneId, UnitId } from '@vigie/contract/ids'
import type { Grant, LeftOpen } from './lane-life.ts'
import type { LaneLedger, Written } from './ledger/lane-ledger.ts'

/** A grant is open for seconds: what is older than these rows has long been settled. */
const READ_BACK = 1_000
/** From the row to the end of the order, by which the arm is freed. */
const ORDER_MS = 1_000

export type GrantsLeftOpen = {
  /** Those that may still be used, by lane: who was let in is before the arm, or in it. */
  standing: Map<LaneId, LeftOpen & { ticket: TicketRef | null }>
  /** What is to be written of the others: nobody was seen to go through, so that the ticket is good for another try. */
  over: Written[]
}

type Deps = {
  ledger: Pick<LaneLedger, 'own' | 'ends'>
  unit: UnitId
  time: { now(): number; monotonicMs(): number }
  /** How long a grant stands at a lane, in milliseconds; null: this box does not drive it any more. */
  windowOf(lane: LaneId): number | null
}

/** The grants of this box that were open when its agent ended. A clock that was set back meanwhile makes them old ones. */
export function grantsLeftOpen({ ledger, unit, time, windowOf }: Deps): GrantsLeftOpen {
  const end = ledger.ends().find(({ origin }) => origin === unit)?.seq ?? 0
  const rows = ledger.own(Math.max(0, end - READ_BACK), READ_BACK)
  const left: GrantsLeftOpen = { standing: new Map(), over: [] }
  // The newest first: a lane stands open for one at a time.
  for (const { row, open } of grantsOf(rows).toReversed()) {
    const { lane, body, id } = row
    if (lane === null || open === 0) continue
    const forMs = stillForMs(row, rows, windowOf(lane) ?? 0, time.now())
    if (forMs <= 0 || left.standing.has(lane)) {
      left.over.push({ lane, body: { kind: 'returned', decision: id, persons: open, why: 'unseen' } })
      continue
    }
    const { direction, ticket, persons, by } = body
    const grant: Grant = { decision: id, direction, persons, of: by === undefined ? 'grant' : 'staff' }
    left.standing.set(lane, { grant, left: open, untilMs: time.monotonicMs() + forMs, ticket })
  }
  return left
}

/** How much longer the arm may be free for a grant, since the last person on it. */
function stillForMs(grant: Row, rows: readonly Row[], windowMs: number, nowMs: number): number {
  const last = rows.findLast(({ body }) => body.kind === 'passage' && body.decision === grant.id) ?? grant
  const sinceMs = nowMs - Date.parse(last.at)
  return windowMs === 0 || sinceMs < 0 ? 0 : windowMs + ORDER_MS - sinceMs
}
