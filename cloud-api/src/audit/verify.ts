import type { AuditRow, AuditStore } from '../store/audit.ts'
import { CHAIN_START, hashOfRow } from './chain.ts'
import { rowsInOrder } from './export.ts'

export type AuditEnd = { seq: number; hash: string }

/** What is wrong with the trail, at the first place where it is. */
export type AuditFlaw =
  | { kind: 'missing'; from: number; to: number }
  | { kind: 'altered'; seq: number; at: number }
  | { kind: 'beyond-end'; seq: number }
  | { kind: 'not-the-known-one'; seq: number }

export type AuditVerdict = { rows: number; end: AuditEnd | null; flaw: AuditFlaw | null }

/**
 * Goes along the chain until something is wrong. A row that was changed, or put in, does not fit its hash; one that was
 * taken out leaves a gap in the numbers, and the end that is kept beside the trail tells when it was the last. Whoever
 * can write to the database could make a whole new chain: `known`, an end that was written down elsewhere, finds that.
 */
export async function verifyAudit(audit: Pick<AuditStore, 'after' | 'end'>, known?: AuditEnd): Promise<AuditVerdict> {
  let end: AuditEnd = { seq: 0, hash: CHAIN_START }
  let isKnownMet = known === undefined || known.seq === 0
  const verdict = (flaw: AuditFlaw | null): AuditVerdict => ({ rows: end.seq, end: end.seq === 0 ? null : end, flaw })
  const noted = await audit.end()
  for await (const row of rowsInOrder(audit)) {
    if (row.seq !== end.seq + 1) return verdict({ kind: 'missing', from: end.seq + 1, to: row.seq - 1 })
    if (hashOfRow(end.hash, row) !== row.hash) return verdict({ kind: 'altered', seq: row.seq, at: row.at })
    if (noted === null || row.seq > noted.seq) {
      // Somebody may have written a row since the end was read; then the end has moved as well.
      const now = await audit.end()
      if (now === null || row.seq > now.seq) return verdict({ kind: 'beyond-end', seq: row.seq })
    }
    if (known?.seq === row.seq) {
      if (known.hash !== row.hash) return verdict({ kind: 'not-the-known-one', seq: row.seq })
      isKnownMet = true
    }
    end = endOf(row)
  }
  const last = Math.max(noted?.seq ?? 0, isKnownMet ? 0 : (known?.seq ?? 0))
  if (last > end.seq) return verdict({ kind: 'missing', from: end.seq + 1, to: last })
  if (noted !== null && noted.seq === end.seq && noted.hash !== end.hash)
    return verdict({ kind: 'altered', seq: end.seq, at: 0 })
  return verdict(null)
}

const endOf = ({ seq, hash }: AuditRow): AuditEnd => ({ seq, hash })
