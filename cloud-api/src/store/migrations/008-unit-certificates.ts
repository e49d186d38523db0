import type { Step } from '../migrate.ts'

/** What the authority said of the certificates of units, and up to which of its events it was taken in. */
export const unitCertificates: Step = async ({ schema }) => {
  await schema
    .createTable('unit_certificate')
    .addColumn('serial', 'text', (column) => column.primaryKey())
    .addColumn('unit', 'text', (column) => column.notNull())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('issued_at', 'bigint', (column) => column.notNull())
    .addColumn('starts_at', 'bigint', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .addColumn('revoked_at', 'bigint')
    .addColumn('reason', 'text')
    .execute()
  await schema
    .createIndex('unit_certificate_by_unit')
    .on('unit_certificate')
    .columns(['unit', 'key', 'issued_at'])
    .execute()
  await schema
    .createTable('authority_position')
    .addColumn('only', 'integer', (column) => column.primaryKey())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .execute()
}
