import { grantsOf } from '@vigie/contract/gate/grant'
import type { UnitId } from '@vigie/contract/ids'
import type { LaneLedger, Written } from './ledger/lane-ledger.ts'

/** A grant is open for seconds: what is older than these rows has long been settled. */
const READ_BACK = 1_000

/**
 * What is to be written of the grants of this box that were open when it died: nobody was seen to go through, so that the
 * ticket is good for another try.
 */
export function grantsLeftOpen(ledger: Pick<LaneLedger, 'own' | 'ends'>, unit: UnitId): Written[] {
  const end = ledger.ends().find(({ origin }) => origin === unit)?.seq ?? 0
  return grantsOf(ledger.own(Math.max(0, end - READ_BACK), READ_BACK))
    .filter(({ row, open }) => row.lane !== null && open > 0)
    .map(({ row, open }) => ({
      lane: row.lane,
      body: { kind: 'returned', decision: row.id, persons: open, why: 'fault' },
    }))
}
