import type { Step } from '../migrate.ts'

/** What was asked of units, and how far each came. */
export const commands: Step = async ({ schema }) => {
  await schema
    .createTable('command')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('unit', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('asked_by', 'text', (column) => column.notNull())
    .addColumn('asked_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('needs_approval', 'integer', (column) => column.notNull())
    .addColumn('approved_by', 'text')
    .addColumn('approved_at', 'bigint')
    .addColumn('step', 'text', (column) => column.notNull())
    .addColumn('sent_at', 'bigint')
    .addColumn('sends', 'integer', (column) => column.notNull())
    .addColumn('delivered_at', 'bigint')
    .addColumn('accepted_at', 'bigint')
    .addColumn('ended_at', 'bigint')
    .addColumn('end_reason', 'text')
    .addColumn('result', 'text')
    .addColumn('version', 'integer', (column) => column.notNull())
    .execute()
  await schema.createIndex('command_of_site').on('command').columns(['site', 'asked_at']).execute()
  await schema.createIndex('command_open').on('command').columns(['ended_at', 'asked_at']).execute()
}
