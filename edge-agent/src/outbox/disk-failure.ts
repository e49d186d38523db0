import { constants } from 'node:os'
import Database from 'better-sqlite3'
import { AgentFault } from '../faults.ts'

/** Over the quota. Of this one Node knows only the number. */
const EDQUOT = -122
const ENOSPC = -constants.errno.ENOSPC

/** Whether there is no room left: on the disk, or in the file's own bound. */
export function isDiskFull(error: unknown): boolean {
  if (error instanceof AgentFault && error.code === 'disk-failing') return isDiskFull(error.cause)
  return isSqliteError(error, 'SQLITE_FULL') || (isSystemError(error) && [ENOSPC, EDQUOT].includes(error.errno))
}

/**
 * Whether the disk is what failed, rather than the program. A damaged file is not among these. Any call of the system's
 * counts: the outbox makes no others, and a dying flash controller has been seen to answer with all sorts of numbers.
 */
export function isDiskFailure(error: unknown): boolean {
  return (
    (error instanceof AgentFault && error.code === 'disk-failing') ||
    isDiskFull(error) ||
    isSystemError(error) ||
    ['SQLITE_IOERR', 'SQLITE_READONLY', 'SQLITE_CANTOPEN'].some((code) => isSqliteError(error, code))
  )
}

/** Found by looking, before SQLite came upon it. */
export class DamagedError extends Error {}

/** Whether the database is not what it was when it was written. */
export function isDamage(error: unknown): boolean {
  return (
    error instanceof DamagedError || isSqliteError(error, 'SQLITE_CORRUPT') || isSqliteError(error, 'SQLITE_NOTADB')
  )
}

/** Whether SQLite said this code, or one of its extended forms. */
export function isSqliteError(error: unknown, code: string): boolean {
  return error instanceof Database.SqliteError && (error.code === code || error.code.startsWith(`${code}_`))
}

function isSystemError(error: unknown): error is Error & { errno: number } {
  return error instanceof Error && 'syscall' in error && 'errno' in error && typeof error.errno === 'number'
}
