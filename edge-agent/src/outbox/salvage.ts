import { type ItemId, isItemId } from '@vigie/contract/ids'
import { ITEM_CLASSES, type ItemClass } from '@vigie/contract/item-class'
import Database from 'better-sqlite3'
import { isDiskFull } from './disk-failure.ts'
import { type ItemTable, positionsOf, type WaitingItem } from './item-table.ts'

/** Looked for one by one between two places that can be read: a second of a small box's time. */
const MAX_GAP = 300_000

/**
 * Takes over what can still be read of a damaged file, row by row, tickets first, and the numbers that must only grow.
 * SQLite keeps rows in pages: a torn one takes its own rows with it, and those alone. One of the few that only lead to
 * others, about one in a hundred, takes those behind it, several hundred small rows.
 * @returns how many items were saved
 */
export function salvage(damagedFile: string, table: ItemTable): number {
  let damaged: Database.Database | undefined
  try {
    damaged = new Database(damagedFile, { fileMustExist: true, timeout: 0 })
    damaged.pragma('locking_mode = EXCLUSIVE')
    for (const [name, value] of readNumbers(damaged)) table.remember(name, value)
    return takeOver(damaged, table)
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error
    // Its first page is gone, and with it the way to all others.
    return 0
  } finally {
    damaged?.close()
  }
}

function takeOver(damaged: Database.Database, table: ItemTable): number {
  const rowAt = damaged.prepare<[number], Record<string, unknown>>('SELECT * FROM item WHERE position = ?')
  const seen = new Set<ItemId>()
  for (const name of ITEM_CLASSES) {
    const positions = readablePositions(damaged, positionsOf(name))
    // One go for each class: when the disk is full in the middle of the frames, the tickets are there already.
    try {
      table.inOneGo(() => {
        for (const position of positions) {
          const row = unlessTorn(() => rowAt.get(position))
          const item = row && wholeItem(row)
          if (!item || seen.has(item.id)) continue
          table.add(item, row['payload'] as Buffer | null) // wholeItem has looked at it
          seen.add(item.id)
        }
      })
    } catch (error) {
      if (!isDiskFull(error)) throw error
    }
  }
  return seen.size
}

/** Every position of a stretch at which there may be a row that can be read, in order. */
function readablePositions(damaged: Database.Database, { first, last }: { first: number; last: number }): number[] {
  const found = new Set<number>()
  /** Walks until the first page that is torn. Gives where it came to. */
  const walk = (index: string, order: string) => {
    const sql = `SELECT position FROM item ${index} WHERE position BETWEEN ? AND ? ORDER BY ${order}`
    let reached: number | undefined
    const isWhole = unlessTorn(() => {
      for (const { position } of damaged.prepare<[number, number], { position: number }>(sql).iterate(first, last)) {
        reached = position
        found.add(position)
      }
      return true
    })
    return { reached, isWhole: isWhole === true }
  }
  const up = walk('NOT INDEXED', 'position')
  if (!up.isWhole) {
    const down = walk('NOT INDEXED', 'position DESC')
    // The index of ids stands in other pages than the rows: it knows their positions where the way to them is torn.
    walk('INDEXED BY sqlite_autoindex_item_1', 'id')
    walk('INDEXED BY sqlite_autoindex_item_1', 'id DESC')
    const [from, to] = [up.reached ?? first - 1, down.reached ?? first - 1]
    for (let position = to - 1; position > from && to - position < MAX_GAP; position--) found.add(position)
  }
  return [...found].sort((one, other) => one - other)
}

function readNumbers(damaged: Database.Database): Array<[string, number]> {
  const rows = unlessTorn(() => damaged.prepare<[], { name: string; value: number }>('SELECT * FROM meta').all()) ?? []
  return rows.map(({ name, value }) => [name, value])
}

function unlessTorn<Result>(read: () => Result): Result | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error
    return undefined
  }
}

/** A row of which every part is what it should be. */
function wholeItem({ id, class: name, topic, bytes, payload }: Record<string, unknown>): WaitingItem | null {
  if (typeof id !== 'string' || !isItemId(id) || !isItemClass(name)) return null
  if (typeof topic !== 'string' || typeof bytes !== 'number') return null
  const isWhole = name === 'frame' ? payload === null : Buffer.isBuffer(payload) && payload.byteLength === bytes
  return isWhole ? { id, class: name, topic, bytes } : null
}

const isItemClass = (name: unknown): name is ItemClass => ITEM_CLASSES.some((known) => known === name)
