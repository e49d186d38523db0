import type { Step } from '../migrate.ts'

/**
 * A frame that the unit has found unchanged since: when last, by which clock, and when the word of it came (null: never);
 * the interval that was planned then (null: the site document's); and what the unit doubts of the picture.
 */
export const whenAViewWasSeen: Step = async ({ schema }) => {
  // One statement each: SQLite adds one column at a time.
  await schema.alterTable('frame').addColumn('seen_at', 'bigint').execute()
  await schema.alterTable('frame').addColumn('seen_clock', 'text').execute()
  await schema.alterTable('frame').addColumn('seen_received_at', 'bigint').execute()
  await schema.alterTable('frame').addColumn('interval_s', 'integer').execute()
  await schema
    .alterTable('frame')
    .addColumn('doubts', 'text', (column) => column.notNull().defaultTo(''))
    .execute()
}
