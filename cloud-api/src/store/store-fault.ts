import { Fault } from '../faults.ts'

/** SQLite's result codes (their first part) that the world causes: https://www.sqlite.org/rescode.html */
const SQLITE_WORLD = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|NOMEM|PROTOCOL|PERM|AUTH)/
const SQLITE_DAMAGE = /^SQLITE_(CORRUPT|NOTADB)/
/**
 * PostgreSQL's classes: 08 connection, 25 transaction state after a failover, 40 rollback, 53 resources, 55 not ready,
 * 57 operator, 58 system, 28 rights: https://www.postgresql.org/docs/15/errcodes-appendix.html; 3D000 no such database.
 */
const POSTGRES_WORLD = /^(08|25|28|40|53|55|57|58)[0-9A-Z]{3}$|^3D000$/
const NETWORK = /^E(CONN|PIPE|HOST|NET|TIMEDOUT|AI_AGAIN|NOTFOUND|NOENT|ACCES)/
/** pg gives these no code. */
const POSTGRES_WORDLESS =
  /^(Connection terminated|timeout exceeded|Query read timeout|Client has encountered a connection)/

/** What the database's error means: a fault of the world, or undefined for a bug, which must not be retried. */
export function storeFaultOf(error: unknown): Fault | undefined {
  if (error instanceof Fault) return error
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (SQLITE_DAMAGE.test(code)) return new Fault('store-damaged', { cause: error, retryable: false, detail: code })
  const worldly = SQLITE_WORLD.test(code) || POSTGRES_WORLD.test(code) || NETWORK.test(code)
  if (worldly || POSTGRES_WORDLESS.test(error.message)) {
    return new Fault('store-unavailable', { cause: error, detail: code || error.message })
  }
  return undefined
}
