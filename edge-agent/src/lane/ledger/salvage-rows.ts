import { CHAIN_START, type ChainEnd } from '@vigie/contract/gate/chain'
import type { UnitId } from '@vigie/contract/ids'
import Database from 'better-sqlite3'
import { isDamage } from '../../outbox/disk-failure.ts'
import { createRowTable, MARKS, type RowTable } from './row-table.ts'

/** Read from the damaged file in one go; a torn page then costs no more than these. */
const AT_ONCE = 16

/**
 * Takes over what can still be read of a damaged ledger: of each origin its rows from the first, as far as they follow one
 * another. Those of others come again from the museum gateway. Of this unit's own what is torn is gone here, but was handed
 * over: the chain goes on from its last known end, so that no number is ever given twice.
 * @returns how many rows were taken over
 */
export function salvageRows(
  damagedFile: string,
  table: RowTable,
  { own, sha256 }: { own: UnitId; sha256: (text: string) => string },
): number {
  let damaged: Database.Database | undefined
  try {
    damaged = new Database(damagedFile, { fileMustExist: true, timeout: 0 })
    damaged.pragma('locking_mode = EXCLUSIVE')
    const from = createRowTable(damaged, sha256)
    let salvaged = 0
    for (const { origin } of from.ends()) salvaged += takeOver(from, table, origin)
    const end = from.endOf(own)
    if (table.endOf(own).seq < end.seq) table.goOnFrom(own, end)
    for (const name of MARKS) table.setMark(name, from.mark(name))
    return salvaged
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error
    // Its first page is gone, and with it the way to all others.
    return 0
  } finally {
    closeDamaged(damaged)
  }
}

function takeOver(from: RowTable, to: RowTable, origin: UnitId): number {
  const end = from.endOf(origin)
  let reached: ChainEnd = { seq: 0, hash: CHAIN_START }
  try {
    while (reached.seq < end.seq) {
      const rows = from.after(origin, reached.seq, AT_ONCE)
      const last = rows.at(-1)
      if (last === undefined || last.seq !== reached.seq + rows.length || !rows.every(from.agrees)) break
      to.add(rows)
      reached = { seq: last.seq, hash: last.hash }
    }
  } catch (error) {
    if (!isDamage(error)) throw error
  }
  return reached.seq
}

function closeDamaged(damaged: Database.Database | undefined): void {
  try {
    damaged?.close()
  } catch (error) {
    // Closing writes the log into the file, and the file may be what cannot be written.
    if (!isDamage(error)) throw error
  }
}
