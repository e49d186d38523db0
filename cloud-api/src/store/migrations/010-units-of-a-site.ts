import { type Kysely, sql } from 'kysely'
import type { Step } from '../migrate.ts'

/** A museum has several boxes: what was told to each, and what each says that it runs, stands by site and unit. */
export const unitsOfASite: Step = async (kysely) => {
  const { schema } = kysely
  await schema.alterTable('configuration_told').renameTo('configuration_told_before').execute()
  await schema
    .createTable('configuration_told')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('unit', 'text', (column) => column.notNull())
    .addColumn('key', 'text')
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('attempt', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('documents', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('configuration_told_by_unit', ['site', 'unit'])
    .execute()
  await takeOver(kysely, 'configuration_told', 'site, unit, key, version, attempt, at, documents')

  await schema.alterTable('configuration_reported').renameTo('configuration_reported_before').execute()
  await schema
    .createTable('configuration_reported')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('unit', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('attempt', 'integer', (column) => column.notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .addColumn('trying', 'integer')
    .addColumn('refused', 'text')
    .addColumn('boot', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('received_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('configuration_reported_by_unit', ['site', 'unit'])
    .execute()
  const reported = 'site, unit, version, attempt, since, trying, refused, boot, seq, at, received_at'
  await takeOver(kysely, 'configuration_reported', reported)
}

/** Columns by name: these are of this file, nothing of them comes from outside. */
async function takeOver(kysely: Kysely<unknown>, table: string, columns: string): Promise<void> {
  const [to, from] = [sql.table(table), sql.table(`${table}_before`)]
  await sql`insert into ${to} (${sql.raw(columns)}) select ${sql.raw(columns)} from ${from}`.execute(kysely)
  await kysely.schema.dropTable(`${table}_before`).execute()
}
