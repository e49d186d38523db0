import type { ItemId } from '@vigie/contract/ids'
import type { ItemClass } from '@vigie/contract/item-class'
import type Database from 'better-sqlite3'
import { forEachClass } from './class-rules.ts'
import type { Backlog } from './tally.ts'

/** An item that waits, without its payload. */
export type WaitingItem = { id: ItemId; class: ItemClass; topic: string; bytes: number }

/** Where the positions of a class begin and end: each class has 2^48 of them, more than an outbox will ever count. */
export function positionsOf(name: ItemClass): { first: number; last: number } {
  const first = 2 ** 48 * PLACE_OF_CLASS[name]
  return { first, last: first + 2 ** 48 - 1 }
}

/** As they stand in files: never changed. What was written before there were stretches has place 0. */
const PLACE_OF_CLASS: Record<ItemClass, number> = { ticket: 1, alarm: 2, state: 3, telemetry: 4, frame: 5 }

/** The rows of the outbox. Everything that is SQL about items stands here. */
export type ItemTable = {
  add(item: WaitingItem, payload: Uint8Array | null): void
  next(name: ItemClass, leaves: 'oldest-first' | 'newest-first', count: number): WaitingItem[]
  oldest(name: ItemClass): WaitingItem | undefined
  payload(id: ItemId): Uint8Array | null
  has(id: ItemId): boolean
  /** Removes a row; gives it if it was there. */
  remove(id: ItemId): WaitingItem | undefined
  /** Does all that `work` does with this table or none of it, with one write to the disk, and not before it is there. */
  inOneGo<Result>(work: () => Result): Result
  /** Bytes of the log's pages that are not in the table yet. */
  logBytes(): number
  /** What waits, by class. */
  backlog(): Backlog
  /** Gives a number greater than the last one of this name, and at least `least`; it is durable. */
  raise(name: string, least: number): number
  /** Makes the last number of this name at least this one. */
  remember(name: string, value: number): void
  /** Of this file alone: another one has another. */
  fileNumber(): number
}

export function createItemTable(database: Database.Database): ItemTable {
  const insert = database.prepare(
    'INSERT INTO item (position, id, class, topic, bytes, payload) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const columns = 'id, class, topic, bytes'
  const oldestFirst = database.prepare<[number, number, number], WaitingItem>(
    `SELECT ${columns} FROM item WHERE position BETWEEN ? AND ? ORDER BY position LIMIT ?`,
  )
  const newestFirst = database.prepare<[number, number, number], WaitingItem>(
    `SELECT ${columns} FROM item WHERE position BETWEEN ? AND ? ORDER BY position DESC LIMIT ?`,
  )
  const newestPosition = database.prepare<[number, number], { position: number | null }>(
    'SELECT max(position) AS position FROM item WHERE position BETWEEN ? AND ?',
  )
  const payloadOf = database.prepare<[ItemId], { payload: Buffer | null }>('SELECT payload FROM item WHERE id = ?')
  const there = database.prepare<[ItemId], unknown>('SELECT 1 FROM item WHERE id = ?')
  const removeOne = database.prepare<[ItemId], WaitingItem>(`DELETE FROM item WHERE id = ? RETURNING ${columns}`)
  const sums = database.prepare<[], { class: ItemClass; items: number; bytes: number }>(
    'SELECT class, count(*) AS items, sum(bytes) AS bytes FROM item GROUP BY class',
  )
  const raiseMeta = database.prepare<[{ name: string; least: number }], { value: number }>(
    `INSERT INTO meta (name, value) VALUES (:name, :least)
     ON CONFLICT (name) DO UPDATE SET value = max(value + 1, excluded.value) RETURNING value`,
  )
  const rememberMeta = database.prepare<[string, number]>(
    `INSERT INTO meta (name, value) VALUES (?, ?)
     ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)`,
  )
  const numberOfFile = database.prepare<[], { number: number }>('SELECT number FROM file')
  // Of SQLite 3.51 and later: looks, and writes nothing.
  const lookAtLog = database.prepare<[], { log: number; checkpointed: number }>('PRAGMA wal_checkpoint(NOOP)')
  const pageBytes = Number(database.pragma('page_size', { simple: true }))
  const stretches = forEachClass(positionsOf)
  const newest = forEachClass((name) => {
    const { first, last } = stretches[name]
    return newestPosition.get(first, last)?.position ?? first - 1
  })

  function next(name: ItemClass, leaves: 'oldest-first' | 'newest-first', count: number): WaitingItem[] {
    const { first, last } = stretches[name]
    return (leaves === 'oldest-first' ? oldestFirst : newestFirst).all(first, last, count)
  }

  const inTransaction = database.transaction((work: () => unknown) => work())

  return {
    add(item, payload) {
      newest[item.class]++
      insert.run(newest[item.class], item.id, item.class, item.topic, item.bytes, payload)
    },
    next,
    oldest: (name) => next(name, 'oldest-first', 1)[0],
    payload: (id) => payloadOf.get(id)?.payload ?? null,
    has: (id) => there.get(id) !== undefined,
    remove: (id) => removeOne.get(id),
    inOneGo: <Result>(work: () => Result) => inTransaction(work) as Result, // what `work` gives comes back as it is
    logBytes() {
      const { log, checkpointed } = lookAtLog.get() ?? { log: 0, checkpointed: 0 }
      return (log - checkpointed) * pageBytes
    },
    backlog() {
      const rows = new Map(sums.all().map(({ class: name, items, bytes }) => [name, { items, bytes }]))
      return forEachClass((name) => rows.get(name) ?? { items: 0, bytes: 0 })
    },
    raise: (name, least) => raiseMeta.get({ name, least })?.value ?? least,
    remember: (name, value) => void rememberMeta.run(name, value),
    fileNumber: () => numberOfFile.get()?.number ?? 0,
  }
}
