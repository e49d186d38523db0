import Database from 'better-sqlite3'
import { Fault } from '../faults.ts'

/** Forward only: a step that has landed is never edited. `user_version` says how many are done. Times in ms since 1970. */
const MIGRATIONS = [
  `CREATE TABLE claim (
     id TEXT PRIMARY KEY,
     start INTEGER NOT NULL, -- the first 32 bits of the digest: an index by which nothing of the rest is told
     digest BLOB NOT NULL,
     unit TEXT,
     site TEXT,
     made_at INTEGER NOT NULL,
     made_by TEXT NOT NULL,
     expires_at INTEGER NOT NULL,
     bound_at INTEGER,
     bound_by TEXT,
     withdrawn_at INTEGER,
     used_at INTEGER,
     used_by TEXT,
     used_key TEXT
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX claim_by_start ON claim (start);
   CREATE TABLE certificate (
     serial TEXT PRIMARY KEY,
     issuer TEXT NOT NULL, -- the key id of the issuing authority
     unit TEXT NOT NULL,
     site TEXT NOT NULL,
     key TEXT NOT NULL,
     der BLOB NOT NULL,
     issued_at INTEGER NOT NULL,
     starts_at INTEGER NOT NULL,
     ends_at INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX certificate_by_unit ON certificate (unit, issued_at);
   CREATE INDEX certificate_by_key ON certificate (key);
   CREATE TABLE revocation (
     serial TEXT PRIMARY KEY,
     issuer TEXT, -- null: of a certificate that was issued by hand; it stands in every issuer's list
     revoked_at INTEGER NOT NULL,
     reason TEXT NOT NULL,
     by TEXT NOT NULL,
     ends_at INTEGER -- when the certificate ends by itself; null: not known
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE event (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     at INTEGER NOT NULL,
     kind TEXT NOT NULL,
     alarm INTEGER NOT NULL,
     reason TEXT,
     unit TEXT,
     site TEXT,
     claim TEXT,
     serial TEXT,
     by TEXT,
     address TEXT
   ) STRICT;
   CREATE TABLE list (issuer TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID;`,
  // 'server': of the doors of a museum's gateway, for lanes and phones.
  `ALTER TABLE certificate ADD COLUMN purpose TEXT NOT NULL DEFAULT 'client'`,
]

/** Opens the authority's own file, or makes it; throws a Fault when another process has it or it is damaged. */
export function openDatabase(file: string): Database.Database {
  let database: Database.Database | undefined
  try {
    database = new Database(file, { timeout: 2_000 })
    // Exclusive: two authorities on one file would give two lists of one number.
    database.pragma('locking_mode = EXCLUSIVE')
    database.pragma('journal_mode = WAL')
    // FULL: a certificate that was given must still be known, and be revocable, after a power cut.
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
    migrate(database)
    return database
  } catch (cause) {
    database?.close()
    if (!(cause instanceof Database.SqliteError)) throw cause
    throw new Fault('store-not-usable', `${file} (${cause.code})`, { cause })
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
