import { existsSync, renameSync } from 'node:fs'
import Database from 'better-sqlite3'
import { AgentFault } from '../faults.ts'
import { isDiskFailure, isSqliteError } from './disk-failure.ts'

/** An open outbox file. `setAside`: the name that a damaged one was given before this one was made in its place. */
export type OutboxDatabase = { database: Database.Database; setAside: string | null }

/** Forward only: a step that has landed is never edited. `user_version` says how many are done. */
const MIGRATIONS = [
  `CREATE TABLE item (
     position INTEGER PRIMARY KEY,
     id TEXT NOT NULL UNIQUE,
     class TEXT NOT NULL,
     topic TEXT NOT NULL,
     bytes INTEGER NOT NULL,
     payload BLOB -- null: in the file of that id
   ) STRICT;
   CREATE INDEX item_by_class ON item (class, position);
   CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;`,
]

/**
 * Opens the file, or makes it. One that is damaged is renamed with the date and a new one made in its place: what was in
 * it is lost but for the frames, which are files of their own; the unit's job goes on.
 * @param maxBytes how large the file may grow; below the disk's size, so that a DELETE always finds room
 */
export function openDatabase(file: string, { maxBytes, now }: { maxBytes: number; now: () => number }): OutboxDatabase {
  try {
    return { database: openSound(file, maxBytes), setAside: null }
  } catch (error) {
    if (isSqliteError(error, 'SQLITE_BUSY')) throw new AgentFault('data-folder-in-use', undefined, { cause: error })
    if (isDiskFailure(error)) throw new AgentFault('disk-failing', undefined, { cause: error })
    if (!isDamage(error)) throw error
  }
  const setAside = `${file}.damaged-${new Date(now()).toISOString().replaceAll(/[-:.]/g, '')}`
  for (const ending of ['', '-wal', '-shm']) {
    if (existsSync(file + ending)) renameSync(file + ending, setAside + ending)
  }
  return { database: openSound(file, maxBytes), setAside }
}

class DamagedError extends Error {}

function openSound(file: string, maxBytes: number): Database.Database {
  const database = new Database(file, { timeout: 0 })
  try {
    // Exclusive: a second agent on the same folder is refused instead of sending everything twice. Before WAL, it also saves the shared-memory file.
    database.pragma('locking_mode = EXCLUSIVE')
    database.pragma('journal_mode = WAL')
    // FULL: what was accepted must survive a power cut, not only the death of the process.
    database.pragma('synchronous = FULL')
    // 512 KiB: one process may run 14 agents.
    database.pragma('cache_size = -512')
    database.pragma('journal_size_limit = 1048576')
    if (database.pragma('quick_check(1)', { simple: true }) !== 'ok') throw new DamagedError('quick_check')
    migrate(database)
    const pageBytes = Number(database.pragma('page_size', { simple: true }))
    database.pragma(`max_page_count = ${Math.ceil(maxBytes / pageBytes)}`)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function migrate(database: Database.Database): void {
  const done = Number(database.pragma('user_version', { simple: true }))
  MIGRATIONS.slice(done).forEach((step, index) => {
    database.transaction(() => {
      database.exec(step)
      database.pragma(`user_version = ${done + index + 1}`)
    })()
  })
}

function isDamage(error: unknown): boolean {
  return (
    error instanceof DamagedError || isSqliteError(error, 'SQLITE_CORRUPT') || isSqliteError(error, 'SQLITE_NOTADB')
  )
}
