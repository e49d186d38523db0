import type { Step } from '../migrate.ts'

/** Tickets with which a lane is tried: they have numbers of their own, and none is sold. */
export const testTickets: Step = async ({ schema }) => {
  await schema
    .createTable('test_ticket')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('serial', 'bigint', (column) => column.notNull())
    .addColumn('key', 'bigint', (column) => column.notNull())
    .addColumn('payload', 'text', (column) => column.notNull())
    .addColumn('day', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('test_ticket_by_serial', ['site', 'serial'])
    .execute()
}
