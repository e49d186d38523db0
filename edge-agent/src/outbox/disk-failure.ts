import Database from 'better-sqlite3'

/** Whether there is no room left: on the disk, or in the file's own bound. */
export function isDiskFull(error: unknown): boolean {
  return isSqliteError(error, 'SQLITE_FULL') || hasSystemCode(error, ['ENOSPC', 'EDQUOT'])
}

/**
 * Whether the disk is what failed, rather than the program. A damaged file is not among these: the agent stops on it, and
 * on its next start sets the file aside.
 */
export function isDiskFailure(error: unknown): boolean {
  return (
    isDiskFull(error) ||
    ['SQLITE_IOERR', 'SQLITE_READONLY', 'SQLITE_CANTOPEN'].some((code) => isSqliteError(error, code)) ||
    hasSystemCode(error, ['EIO', 'EROFS', 'ENOENT', 'ENOTDIR', 'EACCES', 'EMFILE'])
  )
}

/** Whether SQLite said this code, or one of its extended forms. */
export function isSqliteError(error: unknown, code: string): boolean {
  return error instanceof Database.SqliteError && (error.code === code || error.code.startsWith(`${code}_`))
}

function hasSystemCode(error: unknown, codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code)
}
