import { existsSync, readdirSync, renameSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import Database from 'better-sqlite3'
import { AgentFault } from '../../faults.ts'
import { DamagedError, isDamage, isDiskFailure, isSqliteError } from '../../outbox/disk-failure.ts'

/**
 * Forward only: a step that has landed is never edited. `user_version` says how many are done.
 *
 * A row's place is its origin's key times 2^32 plus its number, so that neither needs a column or an index of its own. What
 * many rows have in common is written once, as their shape; the hash before a row is that of the row before, and is reckoned
 * anew from the last checkpoint.
 */
const MIGRATIONS = [
  `CREATE TABLE origin (key INTEGER PRIMARY KEY, unit TEXT NOT NULL UNIQUE, seq INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;
   CREATE TABLE boot (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
   CREATE TABLE shape (key INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
   CREATE TABLE row (
     place INTEGER PRIMARY KEY,
     at INTEGER NOT NULL,
     id BLOB NOT NULL,
     boot INTEGER NOT NULL,
     mono INTEGER NOT NULL,
     error INTEGER, -- of its clock, in milliseconds
     shape INTEGER NOT NULL,
     ticket BLOB, -- of a decision or a status
     about INTEGER, -- the place of the decision that a passage, a return or an undo is about
     feed INTEGER,
     feed_age INTEGER,
     extra TEXT -- what this row alone says, in JSON
   ) STRICT;
   CREATE INDEX row_by_ticket ON row (ticket) WHERE ticket IS NOT NULL;
   CREATE INDEX row_by_decision ON row (about) WHERE about IS NOT NULL;
   -- Rows about a decision that was not here when they came, or is not close before them.
   CREATE TABLE apart (decision BLOB NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (decision, place)) STRICT, WITHOUT ROWID;
   CREATE TABLE night (at INTEGER PRIMARY KEY) STRICT;
   CREATE TABLE checkpoint (place INTEGER PRIMARY KEY, hash BLOB NOT NULL) STRICT;
   CREATE TABLE mark (name TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;`,
  // What is about a decision stands close behind it, and is found by looking there: a tenth of the disk for nothing.
  'DROP INDEX row_by_decision;',
]

/**
 * An open ledger. `setAside`: the name that a damaged file was given before a new one was made in its place;
 * `wasEverSetAside`: by this start or by one before.
 */
export type LedgerFile = { database: Database.Database; setAside: string | null; wasEverSetAside: boolean }

export type LedgerPlace = { file: string; now: () => number }

/**
 * Opens the ledger, or makes it. A damaged one is kept under another name and a new one made in its place.
 * @throws AgentFault `data-folder-in-use`, `disk-failing`
 */
export function openLedgerFile({ file, now }: LedgerPlace): LedgerFile {
  try {
    return { database: openSound(file), setAside: null, wasEverSetAside: hasDamaged(file) }
  } catch (error) {
    if (isSqliteError(error, 'SQLITE_BUSY')) throw new AgentFault('data-folder-in-use', undefined, { cause: error })
    if (isDiskFailure(error)) throw new AgentFault('disk-failing', undefined, { cause: error })
    if (!isDamage(error)) throw error
  }
  const setAside = `${file}.damaged-${new Date(now()).toISOString().replaceAll(/[-:.]/g, '')}`
  for (const ending of ['', '-wal', '-shm']) {
    if (existsSync(file + ending)) renameSync(file + ending, setAside + ending)
  }
  return { database: openSound(file), setAside, wasEverSetAside: true }
}

const hasDamaged = (file: string): boolean =>
  readdirSync(dirname(file)).some((name) => name.startsWith(`${basename(file)}.damaged-`))

function openSound(file: string): Database.Database {
  const database = new Database(file, { timeout: 0 })
  try {
    // Exclusive: a second agent on the same folder would write a second chain under the same name.
    database.pragma('locking_mode = EXCLUSIVE')
    database.pragma('journal_mode = WAL')
    // FULL: the arm is released only when a power cut can no longer forget why.
    database.pragma('synchronous = FULL')
    // 4 MiB hold the upper pages of 400,000 rows and of their index.
    database.pragma('cache_size = -4096')
    database.pragma('journal_size_limit = 1048576')
    if (database.pragma('quick_check(1)', { simple: true }) !== 'ok') throw new DamagedError('quick_check')
    const done = Number(database.pragma('user_version', { simple: true }))
    MIGRATIONS.slice(done).forEach((step, index) => {
      database.transaction(() => {
        database.exec(step)
        database.pragma(`user_version = ${done + index + 1}`)
      })()
    })
    return database
  } catch (error) {
    database.close()
    throw error
  }
}
