import type { Row } from '@vigie/contract/gate/row'
import type { ItemId, UnitId } from '@vigie/contract/ids'
import type { ReceiptItem } from '@vigie/contract/receipt'
import type Database from 'better-sqlite3'

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

export function createHandoverTable(database: Database.Database, origin: UnitId): HandoverTable {
  const notNamed = `FROM row JOIN origin ON origin.key = row.origin AND origin.unit = :origin
     LEFT JOIN handed_over USING (position) WHERE handed_over.position IS NULL`
  const waiting = database.prepare<[{ origin: string; after: number; count: number }], { text: string }>(
    `SELECT row.text ${notNamed} AND row.seq > :after ORDER BY row.seq LIMIT :count`,
  )
  const countWaiting = database.prepare<[{ origin: string }], { waiting: number }>(
    `SELECT count(*) AS waiting ${notNamed}`,
  )
  const settle = database.prepare<[{ id: string; origin: string; outcome: string; reason: string | null }]>(
    `INSERT INTO handed_over (position, outcome, reason)
     SELECT position, :outcome, :reason FROM row JOIN origin ON origin.key = row.origin
     WHERE row.id = :id AND origin.unit = :origin
     ON CONFLICT DO NOTHING`,
  )
  const countRefused = database.prepare<[], { refused: number }>(
    "SELECT count(*) AS refused FROM handed_over WHERE outcome <> 'stored'",
  )
  let left = countWaiting.get({ origin })?.waiting ?? 0
  /** Every row up to here is named: looking for those that wait begins behind it. */
  let namedUpTo = 0
  const settleAll = database.transaction((items: readonly ReceiptItem[]) =>
    items
      .filter(({ id, outcome, reason = null }) => settle.run({ id, origin, outcome, reason }).changes > 0)
      .map(({ id }) => id),
  )
  return {
    waiting(after, count) {
      const rows = rowsOf(waiting.all({ origin, after: Math.max(after, namedUpTo), count }))
      const [first] = rows
      if (first !== undefined && after <= namedUpTo) namedUpTo = first.seq - 1
      return rows
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

const rowOf = (text: string) => JSON.parse(text) as Row // as it was stored
const rowsOf = (found: { text: string }[]): Row[] => found.map(({ text }) => rowOf(text))
