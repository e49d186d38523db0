import { type Kysely, type Migration, Migrator } from 'kysely'
import { Fault } from '../faults.ts'
import type { Database } from './database.ts'

/** A step forward of the tables. Never changed once it has landed: a further change is a further step. */
export type Step = (kysely: Kysely<unknown>, engine: Database<unknown>['engine']) => Promise<void>

/**
 * Brings the tables to the newest step, in the order of the steps' names. Two instances may start together (the migrator
 * takes a lock). A database that knows a step that this version does not is refused.
 */
export async function migrate<Tables>(
  { engine, kysely }: Database<Tables>,
  steps: Readonly<Record<string, Step>>,
): Promise<void> {
  const migrations = Object.fromEntries(
    Object.entries(steps).map(([name, step]): [string, Migration] => [name, { up: (to) => step(to, engine) }]),
  )
  const migrator = new Migrator({ db: kysely, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateToLatest()
  // The migrator has no code for it: a step was executed that is not in the list, so the database is of another version.
  const isOther = error instanceof Error && error.message.startsWith('corrupted migrations')
  if (isOther) throw new Fault('store-damaged', { cause: error, retryable: false, detail: error.message })
  if (error !== undefined) throw error
}
