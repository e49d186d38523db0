import type { Row } from '@vigie/contract/gate/row'
import Database from 'better-sqlite3'

/** As the first two steps made a ledger, and no step does any more. */
const FORM_BEFORE = `
  CREATE TABLE origin (key INTEGER PRIMARY KEY, unit TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE row (
    position INTEGER PRIMARY KEY, origin INTEGER NOT NULL REFERENCES origin (key), seq INTEGER NOT NULL,
    id TEXT NOT NULL UNIQUE, at_ms INTEGER NOT NULL, hash TEXT NOT NULL, kind TEXT NOT NULL, lane TEXT, ticket TEXT,
    decision TEXT, nonce TEXT, text TEXT NOT NULL, UNIQUE (origin, seq)
  ) STRICT;
  CREATE TABLE handed_over (
    position INTEGER PRIMARY KEY REFERENCES row (position), outcome TEXT NOT NULL, reason TEXT
  ) STRICT;
  CREATE TABLE acknowledged (
    conflict TEXT PRIMARY KEY, at_ms INTEGER NOT NULL, by TEXT NOT NULL, note TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE number (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE in_conflict (ticket TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;`

/** A ledger of the form before. `beside`: what stands there beside its rows. */
export function writeLedgerBefore(file: string, rows: readonly Row[], beside = ''): void {
  const database = new Database(file)
  database.pragma('journal_mode = WAL')
  database.exec(FORM_BEFORE)
  database.pragma('user_version = 2')
  const addOrigin = database.prepare<[string]>('INSERT INTO origin (unit) VALUES (?) ON CONFLICT DO NOTHING')
  const insert = database.prepare<[Record<string, string | number | null>]>(
    `INSERT INTO row (origin, seq, id, at_ms, hash, kind, text)
     VALUES ((SELECT key FROM origin WHERE unit = :origin), :seq, :id, :at, :hash, :kind, :text)`,
  )
  database.transaction(() => {
    for (const row of rows) {
      const { origin, seq, id, at, hash, body } = row
      addOrigin.run(origin)
      insert.run({ origin, seq, id, at: Date.parse(at), hash, kind: body.kind, text: JSON.stringify(row) })
    }
  })()
  database.exec(beside)
  database.close()
}
