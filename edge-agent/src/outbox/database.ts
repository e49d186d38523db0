import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { AgentFault } from '../faults.ts'
import { DamagedError, isDamage, isDiskFailure, isSqliteError } from './disk-failure.ts'

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
  // A class is a stretch of positions: one index less is a third less that is written for each record.
  `DROP INDEX item_by_class;
   UPDATE item SET position = position + 0x1000000000000 *
     CASE class WHEN 'ticket' THEN 1 WHEN 'alarm' THEN 2 WHEN 'state' THEN 3 WHEN 'telemetry' THEN 4 ELSE 5 END;`,
  // What is drawn for a file belongs to it alone, and is not taken over into the next. 53 bits are a number of JavaScript.
  `CREATE TABLE file (number INTEGER NOT NULL) STRICT;
   INSERT INTO file VALUES (random() & 0x1fffffffffffff);`,
]

/**
 * Of a new file. The log takes whole pages for each record: with 4 KiB a record alone writes 38 bytes for each of its own,
 * with 2 KiB 27, with 1 KiB 22, but then a group of ten costs a fifth more of the processor (2026-11-25). A file keeps the
 * size that it was made with.
 */
export const PAGE_BYTES = 2048

/** Damaged files are kept for a person to look at; of a disk that damages one each day the last two are enough. */
const MAX_SET_ASIDE = 2

/** Which file, how large it may grow, and where time comes from. */
export type DatabasePlace = { file: string; maxBytes: number; now: () => number }

/** An open outbox file. `setAside`: the name that a damaged one was given before this one was made in its place. */
export type OutboxDatabase = { database: Database.Database; setAside: string | null }

/** Opens the file, or makes it. One that is damaged is set aside and a new one made in its place. */
export function openDatabase(place: DatabasePlace): OutboxDatabase {
  try {
    return { database: openSound(place), setAside: null }
  } catch (error) {
    if (isSqliteError(error, 'SQLITE_BUSY')) throw new AgentFault('data-folder-in-use', undefined, { cause: error })
    if (isDiskFailure(error)) throw new AgentFault('disk-failing', undefined, { cause: error })
    if (!isDamage(error)) throw error
  }
  return remakeDatabase(place)
}

/** Renames the damaged file with the date and makes a new one in its place. */
export function remakeDatabase(place: DatabasePlace): { database: Database.Database; setAside: string } {
  const { file, now } = place
  const prefix = `${file}.damaged-`
  const setAside = `${prefix}${new Date(now()).toISOString().replaceAll(/[-:.]/g, '')}`
  for (const ending of ['', '-wal', '-shm']) {
    if (existsSync(file + ending)) renameSync(file + ending, setAside + ending)
  }
  const earlier = readdirSync(dirname(file)).filter(
    (name) => name.startsWith(basename(prefix)) && !/-(wal|shm)$/.test(name),
  )
  for (const name of earlier.sort().slice(0, -MAX_SET_ASIDE)) {
    for (const ending of ['', '-wal', '-shm']) rmSync(join(dirname(file), name + ending), { force: true })
  }
  return { database: openSound(place), setAside }
}

function openSound({ file, maxBytes }: DatabasePlace): Database.Database {
  const database = new Database(file, { timeout: 0 })
  try {
    // Exclusive: a second agent on the same folder is refused instead of sending everything twice. Before WAL, it also saves the shared-memory file.
    database.pragma('locking_mode = EXCLUSIVE')
    // Both before the first page is written. A file of an earlier version keeps its space to itself, and uses it again.
    database.pragma(`page_size = ${PAGE_BYTES}`)
    database.pragma('auto_vacuum = INCREMENTAL')
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
