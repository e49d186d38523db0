import { sql } from 'kysely'
import type { Step } from '../migrate.ts'

/** The word by which a desk sells once is its museum's own: another museum's desk that hits on it sells its own tickets. */
export const saleOnceAMuseum: Step = async (kysely) => {
  const { schema } = kysely
  await schema.alterTable('ticket_order').renameTo('ticket_order_before').execute()
  await schema
    .createTable('ticket_order')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('nonce', 'text', (column) => column.notNull())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('who', 'text', (column) => column.notNull())
    .addColumn('payment', 'text', (column) => column.notNull())
    .addColumn('total_cents', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('ticket_order_once_a_museum', ['site', 'nonce'])
    .execute()
  const columns = sql.raw('id, nonce, site, at, who, payment, total_cents')
  await sql`insert into ticket_order (${columns}) select ${columns} from ticket_order_before`.execute(kysely)
  await schema.dropTable('ticket_order_before').execute()
  await schema.createIndex('ticket_order_by_time').on('ticket_order').columns(['site', 'at']).execute()
}
