import { setTimeout as pause } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import {
  CamelCasePlugin,
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  Kysely,
  PostgresDialect,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
  type Transaction,
} from 'kysely'
import pg from 'pg'

/** One of the two engines, opened. All that differs between them is in this file and in the migrations' column types. */
export type Database<Tables> = { engine: 'sqlite' | 'postgres'; kysely: Kysely<Tables> }

/** How long a writer waits for another one of the same file, in milliseconds; beyond: fault `store-unavailable`. */
const LOCK_WITHIN_MS = 5_000
/** SQLite's own waiting stops the whole process: it is kept this short, in milliseconds, and asked again after a pause. */
const LOCK_ASKED_MS = 2
const LOCK_PAUSE_MS = 5
/** Connections to PostgreSQL: writers stand in one line anyway, the rest serve readers. */
const POOL_CONNECTIONS = 8
/** A statement or a connection that takes longer is given up; the caller tries again. */
const POSTGRES_TIMEOUT_MS = 15_000
/** Any number that no other program of the same database uses: the lock by which writers stand in one line. */
const WRITE_LOCK = 5_486_170_322

/** Opens or makes a SQLite file: WAL, and every commit synced to the disk before it is believed (synchronous FULL). */
export function openSqlite<Tables>(file: string): Database<Tables> {
  const open = () => {
    const database = new Sqlite(file, { timeout: LOCK_WITHIN_MS })
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    database.pragma(`busy_timeout = ${LOCK_ASKED_MS}`)
    return database
  }
  const dialect: Dialect = {
    createDriver: () => new ImmediateSqliteDriver({ database: async () => open() }),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
  }
  return { engine: 'sqlite', kysely: new Kysely<Tables>({ dialect, plugins: [new CamelCasePlugin()] }) }
}

/** Connects to PostgreSQL 15 or later when first used. A commit is on the server's disk whatever its default says. */
export function openPostgres<Tables>(url: string): Database<Tables> {
  const pool = new pg.Pool({
    connectionString: url,
    max: POOL_CONNECTIONS,
    connectionTimeoutMillis: POSTGRES_TIMEOUT_MS,
    query_timeout: POSTGRES_TIMEOUT_MS,
    idle_in_transaction_session_timeout: POSTGRES_TIMEOUT_MS,
    keepAlive: true,
    options: '-c synchronous_commit=on',
    types: {
      // Milliseconds and sequence numbers fit a JavaScript number until the year 287396; pg would give text.
      getTypeParser: (oid, format) =>
        oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format ?? 'text'),
    },
  })
  // A connection that breaks is replaced, and its query rejects. Unheard, these two would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const dialect = new PostgresDialect({ pool })
  return { engine: 'postgres', kysely: new Kysely<Tables>({ dialect, plugins: [new CamelCasePlugin()] }) }
}

/**
 * Runs `work` in one transaction, writers one after the other, also those of other instances. Without that order a
 * PostgreSQL reader could see live event 8 before 7 is committed, and a reader that resumes after 8 would never see 7.
 */
export function writeInOrder<Tables, Result>(
  { engine, kysely }: Database<Tables>,
  work: (transaction: Transaction<Tables>) => Promise<Result>,
): Promise<Result> {
  return kysely.transaction().execute(async (transaction) => {
    if (engine === 'postgres') await sql`select pg_advisory_xact_lock(${WRITE_LOCK})`.execute(transaction)
    return work(transaction)
  })
}

/** Takes the write lock at once: a transaction that reads first and writes later may be refused (SQLITE_BUSY_SNAPSHOT). */
class ImmediateSqliteDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    for (let waitedMs = 0; ; waitedMs += LOCK_ASKED_MS + LOCK_PAUSE_MS) {
      try {
        await connection.executeQuery(CompiledQuery.raw('begin immediate'))
        return
      } catch (error) {
        if (!isBusy(error) || waitedMs > LOCK_WITHIN_MS) throw error
        await pause(LOCK_PAUSE_MS)
      }
    }
  }

  /**
   * After some errors (a full disk) SQLite has rolled back by itself, and refuses to do it again: what the caller must
   * hear of is the full disk. https://www.sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction
   */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await super.rollbackTransaction(connection)
    } catch (error) {
      if (!(error instanceof Sqlite.SqliteError && error.message.includes('no transaction is active'))) throw error
    }
  }
}

const isBusy = (error: unknown) => error instanceof Sqlite.SqliteError && error.code === 'SQLITE_BUSY'
