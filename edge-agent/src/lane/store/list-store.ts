import { existsSync, renameSync } from 'node:fs'
import type { FeedEntry, FeedPage } from '@vigie/contract/gate/feed'
import type { ForeignHash, TicketId, TicketRef } from '@vigie/contract/gate/ticket-code'
import type { SignedListStore } from '@vigie/contract/signed-lists'
import Database from 'better-sqlite3'
import { AgentFault } from '../../faults.ts'
import { DamagedError, isDamage, isDiskFailure, isSqliteError } from '../../outbox/disk-failure.ts'
import { type KeptEntry, salvageLists } from './salvage-lists.ts'

/** The lists of a lane's box: 200,000 single tickets take 8 MB. */
export type LaneListStore = SignedListStore & { close(): void }

/**
 * What many tickets have in common is written once, as their shape; an own id has 8 bytes, another seller's hash 16. What
 * was used elsewhere is no two tickets' own, and stands in its row.
 */
const MIGRATIONS = [
  `CREATE TABLE catalogue (only INTEGER PRIMARY KEY CHECK (only = 1), signed TEXT NOT NULL) STRICT;
   CREATE TABLE shape (key INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
   CREATE TABLE feed (
     ticket BLOB PRIMARY KEY, n INTEGER NOT NULL, shape INTEGER NOT NULL, at INTEGER, serial INTEGER
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE mark (only INTEGER PRIMARY KEY CHECK (only = 1), n INTEGER NOT NULL) STRICT;
   INSERT INTO mark VALUES (1, 0);`,
  'ALTER TABLE mark ADD COLUMN whole_at INTEGER;',
  'ALTER TABLE feed ADD COLUMN elsewhere TEXT;',
]

/**
 * Opens the file, or makes it. One that is damaged is made anew of what can be read of it: all of it comes again from the
 * cloud, since the mark begins anew.
 * @throws AgentFault `data-folder-in-use`, `disk-failing`
 */
export function openListStore(file: string, remove: (file: string) => void): LaneListStore {
  try {
    try {
      return createListStore(openSound(file))
    } catch (error) {
      if (!isDamage(error)) throw error
      return madeAnew(file, remove)
    }
  } catch (error) {
    if (isSqliteError(error, 'SQLITE_BUSY')) throw new AgentFault('data-folder-in-use', undefined, { cause: error })
    if (isDiskFailure(error)) throw new AgentFault('disk-failing', undefined, { cause: error })
    throw error
  }
}

function madeAnew(file: string, remove: (file: string) => void): LaneListStore {
  const damaged = `${file}.damaged`
  for (const ending of ['', '-wal', '-shm']) {
    remove(damaged + ending)
    if (existsSync(file + ending)) renameSync(file + ending, damaged + ending)
  }
  const database = openSound(file)
  const store = createListStore(database)
  try {
    database.transaction(() => salvageLists(damaged, { catalogue: store.keepCatalogue, entry: store.keepEntry }))()
  } catch (error) {
    // Then it begins with nothing.
    if (!isDiskFailure(error)) throw error
  }
  for (const ending of ['', '-wal', '-shm']) remove(damaged + ending)
  return store
}

function openSound(file: string): Database.Database {
  const database = new Database(file, { timeout: 0 })
  try {
    database.pragma('locking_mode = EXCLUSIVE')
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    // 2 MiB hold the upper pages of 200,000 tickets.
    database.pragma('cache_size = -2048')
    // A page that is torn would end the agent at each ticket that stands on it.
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

function createListStore(database: Database.Database): LaneListStore & { keepEntry(one: KeptEntry): void } {
  type Kept = { n: number; text: string; at: number | null; serial: number | null; elsewhere: string | null }
  const catalogue = database.prepare<[], { signed: string }>('SELECT signed FROM catalogue')
  const keepCatalogue = database.prepare<[string]>(
    'INSERT INTO catalogue VALUES (1, ?) ON CONFLICT DO UPDATE SET signed = excluded.signed',
  )
  const mark = database.prepare<[], { n: number }>('SELECT n FROM mark')
  const moveMark = database.prepare<[number, number | null]>('UPDATE mark SET n = ?, whole_at = coalesce(?, whole_at)')
  const wholeAt = database.prepare<[], { whole_at: number | null }>('SELECT whole_at FROM mark')
  const shapeOf = database.prepare<[string], { key: number }>('SELECT key FROM shape WHERE text = ?')
  const addShape = database.prepare<[string]>('INSERT INTO shape (text) VALUES (?)')
  const keepEntry = database.prepare<[Uint8Array, number, number, number | null, number | null, string | null]>(
    `INSERT INTO feed VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET n = excluded.n, shape = excluded.shape, at = excluded.at, serial = excluded.serial,
       elsewhere = excluded.elsewhere`,
  )
  const entry = database.prepare<[Uint8Array], Kept>(
    'SELECT n, text, at, serial, elsewhere FROM feed JOIN shape ON shape.key = feed.shape WHERE ticket = ?',
  )

  function keyOf(shape: string): number {
    return shapeOf.get(shape)?.key ?? Number(addShape.run(shape).lastInsertRowid)
  }

  const keepPage = database.transaction(({ entries, upTo, newest, at: saidAt }: FeedPage) => {
    for (const { n, ticket, hash, at, serial, elsewhere, ...shape } of entries) {
      const ref = ticket ?? hash
      if (ref === null) continue
      const atMs = at === undefined ? null : Date.parse(at)
      const used = elsewhere === undefined ? null : JSON.stringify(elsewhere)
      keepEntry.run(Buffer.from(ref, 'hex'), n, keyOf(JSON.stringify(shape)), atMs, serial ?? null, used)
    }
    moveMark.run(upTo, upTo >= newest ? Date.parse(saidAt) : null)
  })

  return {
    catalogue: () => catalogue.get()?.signed ?? null,
    keepCatalogue: (signed) => void keepCatalogue.run(signed),
    mark: () => mark.get()?.n ?? 0,
    wholeAt: () => wholeAt.get()?.whole_at ?? null,
    keepPage: (page) => void keepPage(page),
    keepEntry: ({ ticket, n, text, at, serial, elsewhere }) =>
      void keepEntry.run(ticket, n, keyOf(text), at, serial, elsewhere),
    entryOf(ref) {
      const kept = entry.get(Buffer.from(ref, 'hex'))
      return kept === undefined ? null : entryMadeOf(ref, kept)
    },
    close: () => void database.close(),
  }

  function entryMadeOf(ref: TicketRef, { n, text, at, serial, elsewhere }: Kept): FeedEntry {
    const shape = JSON.parse(text) as Omit<FeedEntry, 'n' | 'ticket' | 'hash'> // decoded before it was stored
    const isOwn = ref.length === 16
    return {
      ...shape,
      ...{ n, ticket: isOwn ? (ref as TicketId) : null, hash: isOwn ? null : (ref as ForeignHash) },
      ...(at !== null && { at: new Date(at).toISOString() }),
      ...(serial !== null && { serial }),
      ...(elsewhere !== null && { elsewhere: JSON.parse(elsewhere) as NonNullable<FeedEntry['elsewhere']> }),
    }
  }
}
