import { type ChainEnd, chainStart, hashedText, type Sha256Hex } from '@vigie/contract/gate/chain'
import { Row } from '@vigie/contract/gate/row'
import type { UnitId } from '@vigie/contract/ids'
import Database from 'better-sqlite3'
import { Compile } from 'typebox/compile'

const isRow = Compile(Row)

/**
 * What can still be read of a damaged ledger, in order, up to the first torn page: each origin's chain as far as it is
 * whole. Our own rows matter most, since nobody tells them again and our chain must go on where it was; those of lanes come
 * again from the lanes.
 */
export function salvageRows(damagedFile: string, sha256: Sha256Hex): Row[] {
  const rows: Row[] = []
  const ends = new Map<UnitId, ChainEnd>()
  const take = (text: string) => {
    const row: unknown = JSON.parse(text)
    if (!isRow.Check(row)) return
    const { seq, hash } = ends.get(row.origin) ?? chainStart
    if (row.seq !== seq + 1 || row.prev !== hash || row.hash !== sha256(hashedText(row))) return
    ends.set(row.origin, { seq: row.seq, hash: row.hash })
    rows.push(row)
  }
  let damaged: Database.Database | undefined
  try {
    damaged = new Database(damagedFile, { fileMustExist: true, readonly: true, timeout: 0 })
    for (const { text } of damaged.prepare<[], { text: string }>('SELECT text FROM row ORDER BY position').iterate()) {
      take(text)
    }
  } catch (error) {
    // Its first page is gone, or the walk came to a torn one: what was read until then is whole.
    if (!(error instanceof Database.SqliteError || error instanceof SyntaxError)) throw error
  } finally {
    damaged?.close()
  }
  return rows
}
