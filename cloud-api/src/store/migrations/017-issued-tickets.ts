import { sql } from 'kysely'
import type { Step } from '../migrate.ts'

/** Of each museum, the tickets that it may have to find at its gates, in the order in which they were issued. */
export const issuedTickets: Step = async (kysely) => {
  const { schema } = kysely
  await schema
    .createTable('ticket_issued')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('n', 'bigint', (column) => column.notNull())
    .addColumn('ticket', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('ticket_issued_is', ['site', 'n'])
    .execute()
  await schema
    .alterTable('museum')
    .addColumn('issued_newest', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute()
  await sql`
    insert into ticket_issued (site, n, ticket)
    select museum.site, row_number() over (partition by museum.site order by ticket.site, ticket.serial), ticket.id
    from ticket join museum on (ticket.museums & museum.bit) <> 0`.execute(kysely)
  await sql`
    update museum set issued_newest = (select count(*) from ticket_issued where ticket_issued.site = museum.site)`.execute(
    kysely,
  )
}
