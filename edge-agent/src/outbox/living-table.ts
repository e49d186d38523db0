import type Database from 'better-sqlite3'
import { type DatabasePlace, openDatabase, remakeDatabase } from './database.ts'
import { isDamage } from './disk-failure.ts'
import { createItemTable, type ItemTable } from './item-table.ts'
import { salvage } from './salvage.ts'

/** What was done about a damaged file: its new name, and how many items could be read from it. */
export type Rebuilding = { setAside: string; salvaged: number }

/** A table that outlives its file. */
export type LivingTable = ItemTable & {
  /** What was done on opening. */
  rebuilt: Rebuilding | null
  /** Does something to the file that is not about items. */
  tidy<Result>(work: (database: Database.Database) => Result): Result
  close(): void
}

/**
 * Opens the table of an outbox file. When the file is found damaged, now or in the middle of anything, it is set aside, a new
 * one is made of what can be read of it, `onRebuilt` is called, and what was asked is done on the new one.
 */
export function openLivingTable(place: DatabasePlace, onRebuilt: (rebuilding: Rebuilding) => void): LivingTable {
  /** Numbers must only grow, also when the page that holds them is the one that is torn. */
  const numbers = new Map<string, number>()
  const opened = openDatabase(place)
  let { database } = opened
  let table = createItemTable(database)
  let isInside = false
  const rebuilt = opened.setAside === null ? null : fill(opened.setAside)

  function fill(setAside: string): Rebuilding {
    const salvaged = salvage(setAside, table)
    for (const [name, value] of numbers) table.remember(name, value)
    return { setAside, salvaged }
  }

  function remake(): Rebuilding {
    try {
      database.close()
    } catch (error) {
      // Closing writes the log into the table, and the table may be what cannot be written.
      if (!isDamage(error)) throw error
    }
    const remade = remakeDatabase(place)
    database = remade.database
    table = createItemTable(database)
    return fill(remade.setAside)
  }

  /** Does it all once more on a new file when the old one is found damaged on the way. */
  function onSoundFile<Result>(work: () => Result): Result {
    if (isInside) return work()
    isInside = true
    try {
      return work()
    } catch (error) {
      if (!isDamage(error)) throw error
      onRebuilt(remake())
      return work()
    } finally {
      isInside = false
    }
  }

  return {
    rebuilt,
    add: (item, payload) => onSoundFile(() => table.add(item, payload)),
    next: (name, leaves, count) => onSoundFile(() => table.next(name, leaves, count)),
    oldest: (name) => onSoundFile(() => table.oldest(name)),
    payload: (id) => onSoundFile(() => table.payload(id)),
    has: (id) => onSoundFile(() => table.has(id)),
    remove: (id) => onSoundFile(() => table.remove(id)),
    inOneGo: (work) => onSoundFile(() => table.inOneGo(work)),
    logBytes: () => onSoundFile(() => table.logBytes()),
    backlog: () => onSoundFile(() => table.backlog()),
    raise(name, least) {
      const value = onSoundFile(() => table.raise(name, least))
      numbers.set(name, value)
      return value
    },
    remember: (name, value) => onSoundFile(() => table.remember(name, value)),
    fileNumber: () => onSoundFile(() => table.fileNumber()),
    tidy: (work) => onSoundFile(() => work(database)),
    close: () => database.close(),
  }
}
