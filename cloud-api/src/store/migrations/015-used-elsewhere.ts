import type { Step } from '../migrate.ts'

/** What the gates of each museum were last told of a ticket's use at the others, and since when a foreign one stands so. */
export const usedElsewhere: Step = async ({ schema }) => {
  await schema
    .createTable('ticket_use')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('ticket', 'text', (column) => column.notNull())
    .addColumn('elsewhere', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('ticket_use_is', ['site', 'ticket'])
    .execute()
  await schema.alterTable('foreign_ticket').addColumn('status_at', 'bigint').execute()
}
