import type { Step } from '../migrate.ts'

/** What each site should be, version by version; what was told to its unit; and what its unit says that it runs. */
export const configuration: Step = async ({ schema }) => {
  await schema
    .createTable('configuration_version')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('who', 'text', (column) => column.notNull())
    .addColumn('note', 'text', (column) => column.notNull())
    .addColumn('documents', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('configuration_version_is', ['site', 'version'])
    .execute()

  await schema
    .createTable('configuration_told')
    .addColumn('site', 'text', (column) => column.primaryKey())
    .addColumn('unit', 'text', (column) => column.notNull())
    .addColumn('key', 'text')
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('attempt', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('documents', 'text', (column) => column.notNull())
    .execute()

  await schema
    .createTable('configuration_reported')
    .addColumn('site', 'text', (column) => column.primaryKey())
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
    .execute()
}
