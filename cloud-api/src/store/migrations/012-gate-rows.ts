import type { Step } from '../migrate.ts'

/** The ledgers of the gates, row by row as they came, and the tickets that let in too many. */
export const gateRows: Step = async ({ schema }) => {
  await schema
    .createTable('gate_row')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('lane', 'text')
    .addColumn('ticket', 'text')
    .addColumn('decision', 'text')
    .addColumn('prev', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('problem', 'text')
    .addColumn('received_at', 'bigint', (column) => column.notNull())
    .addColumn('row', 'text', (column) => column.notNull())
    .execute()
  await schema.createIndex('gate_row_by_origin').on('gate_row').columns(['site', 'origin', 'seq']).execute()
  await schema.createIndex('gate_row_by_ticket').on('gate_row').columns(['ticket']).execute()
  await schema.createIndex('gate_row_by_decision').on('gate_row').columns(['decision']).execute()
  await schema.createIndex('gate_row_by_time').on('gate_row').columns(['site', 'at']).execute()
  await schema
    .createTable('gate_conflict')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('ticket', 'text', (column) => column.notNull())
    .addColumn('persons', 'integer', (column) => column.notNull())
    .addColumn('conflict', 'text', (column) => column.notNull())
    .addColumn('found_at', 'bigint', (column) => column.notNull())
    .addColumn('acknowledged_at', 'bigint')
    .addColumn('acknowledged_by', 'text')
    .addColumn('note', 'text')
    .addPrimaryKeyConstraint('gate_conflict_is', ['site', 'ticket'])
    .execute()
}
