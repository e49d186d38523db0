import type { Row } from '@vigie/contract/gate/row'
import type { ItemId, UnitId } from '@vigie/contract/ids'
import type { ReceiptItem } from '@vigie/contract/receipt'
import type Database from 'better-sqlite3'
import type { RowTable } from './row-table.ts'
import { keptId } from './told-row.ts'

/** What of the rows that were made here the cloud has. A receipt deletes nothing: the ledger is for ever. */
export type HandoverTable = {
  /** Rows of this origin that the cloud has not named, oldest first, after a sequence number. */
  waiting(afterSeq: number, count: number): Row[]
  countWaiting(): number
  /** So many rows more were made here. */
  made(rows: number): void
  /** Takes a receipt; durable when it returns. Gives those that were ours. */
  settle(items: readonly ReceiptItem[]): ItemId[]
  /** Rows that it will not take: they stand with its reason, and the others go on. */
  countRefused(): number
}

/** Read in one go when looking for those that wait. */
const AT_ONCE = 64

export function createHandoverTable(
  database: Database.Database,
  { table, origin }: { table: Pick<RowTable, 'ofOrigin' | 'endOf'>; origin: UnitId },
): HandoverTable {
  const named = database.prepare<[number], { seq: number }>('SELECT seq FROM handed_over WHERE seq = ?')
  const countNamed = database.prepare<[], { named: number }>('SELECT count(*) AS named FROM handed_over')
  const namedWithoutGap = database.prepare<[], { seq: number }>(
    `SELECT seq FROM handed_over AS one WHERE EXISTS (SELECT 1 FROM handed_over WHERE seq = 1)
     AND NOT EXISTS (SELECT 1 FROM handed_over WHERE seq = one.seq + 1) ORDER BY seq LIMIT 1`,
  )
  const settle = database.prepare<
    [{ made: number; random: Buffer; origin: string; outcome: string; reason: string | null }]
  >(
    `INSERT INTO handed_over (seq, outcome, reason)
     SELECT row.seq, :outcome, :reason FROM row JOIN origin ON origin.key = row.origin
     WHERE made = :made AND random = :random AND unit = :origin
     ON CONFLICT DO NOTHING`,
  )
  const countRefused = database.prepare<[], { refused: number }>(
    "SELECT count(*) AS refused FROM handed_over WHERE outcome <> 'stored'",
  )
  let left = table.endOf(origin).seq - (countNamed.get()?.named ?? 0)
  /** Every row up to here is named: looking for those that wait begins behind it. */
  let namedUpTo = namedWithoutGap.get()?.seq ?? 0
  const settleAll = database.transaction((items: readonly ReceiptItem[]) =>
    items
      .filter(({ id, outcome, reason = null }) => {
        const [made, random] = keptId(id)
        return settle.run({ made, random, origin, outcome, reason }).changes > 0
      })
      .map(({ id }) => id),
  )
  return {
    waiting(after, count) {
      const rows: Row[] = []
      let seq = Math.max(after, namedUpTo)
      for (let isEnd = false; !isEnd && rows.length < count; ) {
        const found = table.ofOrigin(origin, seq, AT_ONCE)
        rows.push(...found.map(({ row }) => row).filter((row) => named.get(row.seq) === undefined))
        seq = found.at(-1)?.row.seq ?? seq
        isEnd = found.length === 0
      }
      if (after <= namedUpTo) namedUpTo = (rows[0]?.seq ?? seq + 1) - 1
      return rows.slice(0, count)
    },
    countWaiting: () => left,
    made(rows) {
      left += rows
    },
    settle(items) {
      const settled = settleAll(items)
      left -= settled.length
      return settled
    },
    countRefused: () => countRefused.get()?.refused ?? 0,
  }
}
