import type { ChainEnd } from '@vigie/contract/gate/chain'
import type { Row } from '@vigie/contract/gate/row'
import type { UnitId } from '@vigie/contract/ids'
import { idOfBytes } from '@vigie/contract/row-columns'
import Database from 'better-sqlite3'
import { isDamage } from '../../outbox/disk-failure.ts'
import { createRowTable, MARKS, type RowTable } from './row-table.ts'

/** Read from the damaged file in one go; a torn page then costs no more than these. */
const AT_ONCE = 16

/**
 * Takes over what can still be read of a damaged ledger. Of others, what follows from their first row: the rest comes again
 * from the museum gateway. Of this unit's own also what stands behind a torn page or an older gap, since nobody tells it to
 * us; what is torn is gone here. The chain goes on from its last known end, so that no number is ever given twice.
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
    for (const { origin } of from.ends()) {
      salvaged += origin === own ? takeOverOwn(from, table, own) : takeOver(from, table, origin)
    }
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

function takeOverOwn(from: RowTable, to: RowTable, own: UnitId): number {
  let salvaged = takeOver(from, to, own)
  for (;;) {
    const next = checkpointAfter(from, own, to.endOf(own).seq)
    if (next === null) return salvaged
    to.goOnFrom(own, next)
    salvaged += takeOver(from, to, own)
  }
}

/** From where the origin's chain ends in the new ledger, as far as rows follow one another. */
function takeOver(from: RowTable, to: RowTable, origin: UnitId): number {
  const end = from.endOf(origin)
  let salvaged = 0
  try {
    for (let reached = to.endOf(origin); reached.seq < end.seq; reached = to.endOf(origin)) {
      const found = from.after(origin, reached.seq, AT_ONCE)
      const rows = found.filter(({ seq }, index) => seq === reached.seq + 1 + index)
      if (rows.length === 0 || !rows.every((row) => from.agrees(row) && isWhole(row))) break
      to.add(rows)
      salvaged += rows.length
    }
  } catch (error) {
    if (!isDamage(error)) throw error
  }
  return salvaged
}

/** A decision on a page that is torn cannot be named any more, and the row that names it is not what it was. */
const isWhole = ({ body }: Row) => !('decision' in body) || body.decision !== NO_ID
const NO_ID = idOfBytes(Buffer.alloc(16))

function checkpointAfter(from: RowTable, origin: UnitId, seq: number): ChainEnd | null {
  try {
    return from.checkpointAfter(origin, seq)
  } catch (error) {
    if (!isDamage(error)) throw error
    return null
  }
}

function closeDamaged(damaged: Database.Database | undefined): void {
  try {
    damaged?.close()
  } catch (error) {
    // Closing writes the log into the file, and the file may be what cannot be written.
    if (!isDamage(error)) throw error
  }
}
