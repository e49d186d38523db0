import { existsSync, renameSync } from 'node:fs'
import Database from 'better-sqlite3'
import { Fault } from '../../faults.ts'

/** Forward only: a step that has landed is never edited. `user_version` says how many are done. */
const MIGRATIONS = [
  `CREATE TABLE origin (key INTEGER PRIMARY KEY, unit TEXT NOT NULL UNIQUE) STRICT;
   CREATE TABLE row (
     position INTEGER PRIMARY KEY, -- in the order in which they came here
     origin INTEGER NOT NULL REFERENCES origin (key),
     seq INTEGER NOT NULL,
     id TEXT NOT NULL UNIQUE,
     at_ms INTEGER NOT NULL,
     hash TEXT NOT NULL,
     kind TEXT NOT NULL,
     lane TEXT,
     ticket TEXT, -- of a decision or a status
     decision TEXT, -- what a passage, a return or an undo is about
     nonce TEXT,
     text TEXT NOT NULL, -- the row in JSON, whole
     UNIQUE (origin, seq)
   ) STRICT;
   CREATE INDEX row_by_time ON row (at_ms);
   CREATE INDEX row_by_ticket ON row (ticket) WHERE ticket IS NOT NULL;
   CREATE INDEX row_by_decision ON row (decision) WHERE decision IS NOT NULL;
   CREATE INDEX row_by_lane ON row (lane, at_ms) WHERE kind = 'lane';
   CREATE INDEX row_of_night ON row (at_ms) WHERE kind = 'everybody-out';
   CREATE INDEX row_by_nonce ON row (nonce) WHERE nonce IS NOT NULL;
   -- What the cloud said of rows that were made here; what it has not named is still to be sent.
   CREATE TABLE handed_over (
     position INTEGER PRIMARY KEY REFERENCES row (position),
     outcome TEXT NOT NULL,
     reason TEXT
   ) STRICT;
   CREATE INDEX handed_over_in_vain ON handed_over (position) WHERE outcome <> 'stored';
   CREATE TABLE acknowledged (
     conflict TEXT PRIMARY KEY, at_ms INTEGER NOT NULL, by TEXT NOT NULL, note TEXT
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE number (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;`,
  'CREATE TABLE in_conflict (ticket TEXT PRIMARY KEY) STRICT, WITHOUT ROWID',
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
  const database = new Database(file, { timeout: 0 })
  try {
    // Exclusive: a second gateway on the same folder would write a second chain under the same name.
    database.pragma('locking_mode = EXCLUSIVE')
    database.pragma('journal_mode = WAL')
    // FULL: a receipt says that a row survives a power cut.
    database.pragma('synchronous = FULL')
    database.pragma('journal_size_limit = 4194304')
    if (database.pragma('quick_check(1)', { simple: true }) !== 'ok') throw new LedgerDamaged('quick_check')
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
