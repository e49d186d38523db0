import { existsSync, renameSync } from 'node:fs'
import Database from 'better-sqlite3'
import { Fault } from '../../faults.ts'
import { STEPS_BEFORE } from './ledger-lines.ts'
import { renewLedger } from './renew-ledger.ts'
import { sha256 } from './sha256.ts'

/**
 * Forward only: a step that has landed is never edited. `user_version` says how many are done; the first two made the form
 * before, whose rows stood there as whole JSON (renew-ledger.ts).
 *
 * What many rows have in common is written once, as their shape. A row's id stands in two columns, since by when it was made it
 * is found; its own time is told by how much later it is than that, mostly nothing. Its hash is reckoned anew from the last
 * checkpoint.
 */
const MIGRATIONS = [
  `CREATE TABLE origin (
     key INTEGER PRIMARY KEY, unit TEXT NOT NULL UNIQUE,
     seq INTEGER NOT NULL, hash BLOB NOT NULL, position INTEGER NOT NULL -- of its last row
   ) STRICT;
   CREATE TABLE boot (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
   CREATE TABLE shape (key INTEGER PRIMARY KEY, kind TEXT NOT NULL, text TEXT NOT NULL UNIQUE) STRICT;
   CREATE TABLE row (
     position INTEGER PRIMARY KEY, -- in the order in which they came here
     made INTEGER NOT NULL, -- the milliseconds that its id begins with
     random BLOB NOT NULL, -- the rest of its id
     late INTEGER NOT NULL, -- its own time, in milliseconds after that
     origin INTEGER NOT NULL,
     seq INTEGER NOT NULL,
     boot INTEGER NOT NULL,
     mono INTEGER NOT NULL,
     error INTEGER, -- of its clock, in milliseconds
     shape INTEGER NOT NULL,
     ticket BLOB, -- of a decision or a status
     about INTEGER, -- the position of the decision that a passage, a return or an undo is about
     feed INTEGER,
     feed_age INTEGER,
     extra TEXT -- what this row alone says, in JSON
   ) STRICT;
   CREATE INDEX row_by_made ON row (made);
   -- An hour either way: beyond, a row is told long after, or a clock is wrong.
   CREATE INDEX row_of_another_time ON row (made + late) WHERE late NOT BETWEEN -3600000 AND 3600000;
   CREATE INDEX row_by_ticket ON row (ticket) WHERE ticket IS NOT NULL;
   CREATE INDEX row_by_decision ON row (about) WHERE about IS NOT NULL;
   -- A lane's nonce is the row's id.
   CREATE INDEX row_by_nonce ON row (extra ->> 'nonce') WHERE extra ->> 'nonce' IS NOT NULL;
   -- Rows about a decision that was not here when they came.
   CREATE TABLE apart (
     made INTEGER NOT NULL, random BLOB NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (made, random, position)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE checkpoint (
     origin INTEGER NOT NULL, seq INTEGER NOT NULL, position INTEGER NOT NULL,
     prev BLOB NOT NULL, -- the hash of the row before it
     PRIMARY KEY (origin, seq)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE night (at INTEGER PRIMARY KEY) STRICT;
   CREATE TABLE lane_word (
     lane TEXT NOT NULL, origin INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (lane, origin)
   ) STRICT, WITHOUT ROWID;
   -- What the cloud said of rows that were made here, by their number; what it has not named is still to be sent.
   CREATE TABLE handed_over (seq INTEGER PRIMARY KEY, outcome TEXT NOT NULL, reason TEXT) STRICT;
   CREATE INDEX handed_over_in_vain ON handed_over (seq) WHERE outcome <> 'stored';
   CREATE TABLE acknowledged (
     conflict TEXT PRIMARY KEY, at_ms INTEGER NOT NULL, by TEXT NOT NULL, note TEXT
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE number (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE in_conflict (ticket TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;`,
]
/** The file is there and is no sound database. */
export class LedgerDamaged extends Error {}

/** An open ledger. `setAside`: the name that a damaged file was given before a new one was made in its place. */
export type LedgerFile = { database: Database.Database; setAside: string | null }

/**
 * Opens the ledger, or makes it. A damaged file is kept under another name, and what can be read of it is taken over by
 * whoever opened it; what the lanes wrote since then comes again from them.
 */
export function openLedgerFile(file: string, { now }: { now: () => number }): LedgerFile {
  try {
    return { database: openSound(file), setAside: null }
  } catch (error) {
    if (isBusy(error)) throw new Fault('data-folder-in-use', file, { cause: error })
    if (!isDamage(error)) throw error
  }
  const setAside = `${file}.damaged-${new Date(now()).toISOString().replaceAll(/[-:.]/g, '')}`
  for (const ending of ['', '-wal', '-shm']) {
    if (existsSync(file + ending)) renameSync(file + ending, setAside + ending)
  }
  return { database: openSound(file), setAside }
}

function openSound(file: string): Database.Database {
  const database = openChecked(file)
  try {
    const done = versionOf(database)
    if (done > 0 && done <= STEPS_BEFORE) {
      const isWhole = renewLedger(file, { before: database, openAnew: openSound, sha256 })
      if (!isWhole) throw new LedgerDamaged('a row is not what it was')
      database.close()
      return openSound(file)
    }
    MIGRATIONS.slice(Math.max(0, done - STEPS_BEFORE)).forEach((step, index) => {
      database.transaction(() => {
        database.exec(step)
        database.pragma(`user_version = ${Math.max(done, STEPS_BEFORE) + index + 1}`)
      })()
    })
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function openChecked(file: string): Database.Database {
  const database = new Database(file, { timeout: 0 })
  try {
    // Exclusive: a second gateway on the same folder would write a second chain under the same name.
    database.pragma('locking_mode = EXCLUSIVE')
    database.pragma('journal_mode = WAL')
    // FULL: a receipt says that a row survives a power cut.
    database.pragma('synchronous = FULL')
    database.pragma('journal_size_limit = 4194304')
    if (database.pragma('quick_check(1)', { simple: true }) !== 'ok') throw new LedgerDamaged('quick_check')
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

const versionOf = (database: Database.Database) => Number(database.pragma('user_version', { simple: true }))

const isBusy = (error: unknown) => error instanceof Database.SqliteError && error.code === 'SQLITE_BUSY'

const isDamage = (error: unknown): boolean =>
  error instanceof LedgerDamaged ||
  (error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code))

/** Rows of this gateway are still coming back from its lanes: what is written now would fork its chain. */
export class LedgerComesBack extends Error {}

/** Nothing was written, and it may work again: the disk is full or fails, or rows come back. Anything else is a bug. */
export const isUnwritten = (error: unknown): boolean =>
  error instanceof LedgerComesBack ||
  (error instanceof Database.SqliteError && /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|CORRUPT)/.test(error.code))
