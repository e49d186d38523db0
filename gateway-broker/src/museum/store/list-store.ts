import type { FeedEntry, FeedPage } from '@vigie/contract/gate/feed'
import type { TicketRef } from '@vigie/contract/gate/ticket-code'
import Database from 'better-sqlite3'
import { createIssuedTable, ISSUED_STEP, type IssuedTable, RIGHTS_STEP } from './issued-table.ts'

/** What the cloud signed for the gates of this museum, as it is kept from one start to the next. */
export type ListStore = IssuedTable & {
  /** The signed text of the catalogue in force; null while none has come. */
  catalogue(): string | null
  keepCatalogue(signed: string): void
  /** Up to where the feed is known without a gap. */
  mark(): number
  /** When the cloud last said that the feed is known to its end; null: never. */
  wholeAt(): number | null
  /** Entries and mark in one transaction. */
  keepPage(page: FeedPage): void
  entryOf(ticket: TicketRef): FeedEntry | null
  /** Entries after a number, for a phone that keeps a list of its own. */
  entriesAfter(n: number, count: number): FeedEntry[]
  bySerial(serial: number): FeedEntry[]
  /** The document of the lanes, in its bytes. */
  laneDocument(): Uint8Array | null
  keepLaneDocument(bytes: Uint8Array): void
  close(): void
}

const MIGRATIONS = [
  `CREATE TABLE catalogue (only INTEGER PRIMARY KEY CHECK (only = 1), signed TEXT NOT NULL) STRICT;
   CREATE TABLE feed (
     ticket TEXT PRIMARY KEY, n INTEGER NOT NULL, serial INTEGER, text TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX feed_by_number ON feed (n);
   CREATE INDEX feed_by_serial ON feed (serial) WHERE serial IS NOT NULL;
   CREATE TABLE mark (only INTEGER PRIMARY KEY CHECK (only = 1), n INTEGER NOT NULL) STRICT;
   INSERT INTO mark VALUES (1, 0);
   CREATE TABLE lane_document (only INTEGER PRIMARY KEY CHECK (only = 1), bytes BLOB NOT NULL) STRICT;`,
  'ALTER TABLE mark ADD COLUMN whole_at INTEGER;',
  ISSUED_STEP,
  RIGHTS_STEP,
]

/** The file is there and is no sound database. */
class ListsDamaged extends Error {}

const isDamage = (error: unknown): boolean =>
  error instanceof ListsDamaged ||
  (error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code))

/** Opens the file, or makes it. One that is damaged is made anew: all that is in it comes again from the cloud. */
export function openListStore(file: string, remove: (file: string) => void): ListStore {
  try {
    return createListStore(openSound(file))
  } catch (error) {
    if (!isDamage(error)) throw error
    for (const ending of ['', '-wal', '-shm']) remove(file + ending)
    return createListStore(openSound(file))
  }
}

function openSound(file: string): Database.Database {
  const database = new Database(file, { timeout: 0 })
  try {
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    if (database.pragma('quick_check(1)', { simple: true }) !== 'ok') throw new ListsDamaged('quick_check')
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

function createListStore(database: Database.Database): ListStore {
  type Found = { text: string }
  const catalogue = database.prepare<[], { signed: string }>('SELECT signed FROM catalogue')
  const keepCatalogue = database.prepare<[string]>(
    'INSERT INTO catalogue VALUES (1, ?) ON CONFLICT DO UPDATE SET signed = excluded.signed',
  )
  const mark = database.prepare<[], { n: number }>('SELECT n FROM mark')
  const moveMark = database.prepare<[number, number | null]>('UPDATE mark SET n = ?, whole_at = coalesce(?, whole_at)')
  const wholeAt = database.prepare<[], { whole_at: number | null }>('SELECT whole_at FROM mark')
  const keepEntry = database.prepare<[string, number, number | null, string]>(
    `INSERT INTO feed VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET n = excluded.n, serial = excluded.serial, text = excluded.text`,
  )
  const entry = database.prepare<[string], Found>('SELECT text FROM feed WHERE ticket = ?')
  const after = database.prepare<[number, number], Found>('SELECT text FROM feed WHERE n > ? ORDER BY n LIMIT ?')
  const withSerial = database.prepare<[number], Found>('SELECT text FROM feed WHERE serial = ? LIMIT 20')
  const lanes = database.prepare<[], { bytes: Uint8Array }>('SELECT bytes FROM lane_document')
  const keepLanes = database.prepare<[Uint8Array]>(
    'INSERT INTO lane_document VALUES (1, ?) ON CONFLICT DO UPDATE SET bytes = excluded.bytes',
  )
  const parse = ({ text }: Found) => JSON.parse(text) as FeedEntry // decoded before it was stored
  const keepPage = database.transaction(({ entries, upTo, newest, at: saidAt }: FeedPage) => {
    for (const one of entries) {
      const ref = one.ticket ?? one.hash
      if (ref !== null) keepEntry.run(ref, one.n, one.serial ?? null, JSON.stringify(one))
    }
    moveMark.run(upTo, upTo >= newest ? Date.parse(saidAt) : null)
  })
  return {
    ...createIssuedTable(database),
    catalogue: () => catalogue.get()?.signed ?? null,
    keepCatalogue: (signed) => void keepCatalogue.run(signed),
    mark: () => mark.get()?.n ?? 0,
    wholeAt: () => wholeAt.get()?.whole_at ?? null,
    keepPage: (page) => void keepPage(page),
    entryOf(ticket) {
      const found = entry.get(ticket)
      return found === undefined ? null : parse(found)
    },
    entriesAfter: (n, count) => after.all(n, count).map(parse),
    bySerial: (serial) => withSerial.all(serial).map(parse),
    laneDocument: () => lanes.get()?.bytes ?? null,
    keepLaneDocument: (bytes) => void keepLanes.run(bytes),
    close: () => void database.close(),
  }
}
