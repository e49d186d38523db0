import { type ChainEnd, chainStart, type Sha256Hex, withHash } from '@vigie/contract/gate/chain'
import type { Row } from '@vigie/contract/gate/row'
import type { UnitId } from '@vigie/contract/ids'
import Database from 'better-sqlite3'
import { type LedgerLine, ledgerLines } from './ledger-lines.ts'
import type { RowTable } from './row-table.ts'

/** Added with one commit. */
const AT_ONCE = 500

/**
 * Takes over what can still be read of a damaged ledger, in order, up to the first torn page: each origin's chain as far as
 * it is whole. Our own rows matter most, since nobody tells them again and our chain must go on where it was; those of lanes
 * come again from the lanes.
 */
export function salvageRows(damagedFile: string, table: RowTable, sha256: Sha256Hex): void {
  const damaged = openDamaged(damagedFile)
  if (damaged === null) return
  try {
    takeOver(damaged, table, sha256)
  } finally {
    damaged.close()
  }
}

function openDamaged(file: string): Database.Database | null {
  try {
    return new Database(file, { fileMustExist: true, readonly: true, timeout: 0 })
  } catch (error) {
    // Its first page is gone.
    if (error instanceof Database.SqliteError) return null
    throw error
  }
}

/**
 * Copies the rows of a ledger, of this form or of the one before, into an empty one. It is walked twice, first to see how far
 * each chain is whole, so that few of the rows are in memory at a time.
 * @returns how many were copied
 */
export function takeOver(from: Database.Database, table: RowTable, sha256: Sha256Hex): number {
  const whole = new Map<UnitId, WholeChain>()
  for (const line of ledgerLines(from)) {
    const chain = whole.get(line.row.origin) ?? createWholeChain(sha256)
    whole.set(line.row.origin, chain)
    chain.follow(line)
  }
  const ends = new Map<UnitId, ChainEnd>()
  const waiting: Row[] = []
  let copied = 0
  for (const { row } of ledgerLines(from)) {
    const { seq, hash } = ends.get(row.origin) ?? chainStart
    if (row.seq !== seq + 1 || row.seq > (whole.get(row.origin)?.upTo() ?? 0)) continue
    const { hash: _, ...unhashed } = row
    const linked = withHash({ ...unhashed, prev: hash }, sha256)
    ends.set(row.origin, linked)
    waiting.push(linked)
    copied += 1
    if (waiting.length >= AT_ONCE) table.add(waiting.splice(0))
  }
  table.add(waiting)
  return copied
}

type WholeChain = { follow(line: LedgerLine): void; upTo(): number }

/** Reckons a chain anew, and compares it with each hash that the file keeps: what lies before one that agrees is whole. */
function createWholeChain(sha256: Sha256Hex): WholeChain {
  let end = chainStart
  /** Up to here a hash that is kept was the same. */
  let sureUpTo = 0
  let isCut = false
  function cut(upTo: number): void {
    isCut = true
    end = { ...end, seq: upTo }
  }
  return {
    follow({ row, prev, hash }) {
      if (isCut) return
      if (row.seq !== end.seq + 1) return cut(end.seq)
      if (prev !== null && prev !== end.hash) return cut(sureUpTo)
      if (prev !== null) sureUpTo = end.seq
      const { hash: _, ...unhashed } = row
      const linked = withHash({ ...unhashed, prev: end.hash }, sha256)
      if (hash !== null && hash !== linked.hash) return cut(sureUpTo)
      end = linked
    },
    upTo: () => end.seq,
  }
}
