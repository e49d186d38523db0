import { existsSync } from 'node:fs'
import { Fault } from '../faults.ts'
import { type AuditStore, createAuditStore } from './audit.ts'
import { openPostgres, openSqlite } from './database.ts'
import type { StoreOptions } from './store.ts'
import type { Tables } from './tables.ts'

/** The trail of a database as it is: no table is made and no step is taken, whichever version it is of. */
export function openAudit({ sqliteFile, postgresUrl }: StoreOptions): AuditStore & { close(): Promise<void> } {
  if (postgresUrl === undefined && !existsSync(sqliteFile))
    throw new Fault('store-unavailable', { retryable: false, detail: `${sqliteFile} is not there` })
  const database = postgresUrl === undefined ? openSqlite<Tables>(sqliteFile) : openPostgres<Tables>(postgresUrl)
  return { ...createAuditStore(database), close: () => database.kysely.destroy() }
}
