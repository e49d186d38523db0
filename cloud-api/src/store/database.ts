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

/** How long a writer waits for another process that holds the file, in milliseconds; beyond: fault `store-unavailable`. */
const BUSY_TIMEOUT_MS = 5_000
/** Connections to PostgreSQL: writers stand in one line anyway, the rest serve readers. */
const POOL_CONNECTIONS = 8
/** A statement or a connection that takes longer is given up; the caller tries again. */
const POSTGRES_TIMEOUT_MS = 15_000
/** Any number that no other program of the same database uses: the lock by which writers stand in one line. */
const WRITE_LOCK = 5_486_170_322

/** Opens or makes a SQLite file: WAL, and every commit synced to the disk before it is believed (synchronous FULL). */
export function openSqlite<Tables>(file: string): Database<Tables> {
  const open = () => {
    const database = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS })
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
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
  // An idle connection that breaks is replaced; the next query says so if it cannot be.
  pool.on('error', () => {})
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
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
}
