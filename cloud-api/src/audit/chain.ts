import { createHash } from 'node:crypto'
import type { AuditTable } from '../store/people-tables.ts'

/** What the first row stands on. */
export const CHAIN_START = '0'.repeat(64)

/**
 * The hash of a row: SHA-256 over the hash of the row before and every member of this one, as JSON in a fixed order, so
 * that no two rows have one text. To change, take out or put in a row without a trace, all rows after it, the end and
 * every copy of a later hash would have to be made anew.
 */
export function hashOfRow(previous: string, row: Omit<AuditTable, 'hash'>): string {
  const { seq, at, who, action, what, site, before, after, reason } = row
  const text = JSON.stringify([previous, seq, at, who, action, what, site, before, after, reason])
  return createHash('sha256').update(text).digest('hex')
}
