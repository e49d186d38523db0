import { sql } from 'kysely'
import type { Step } from '../migrate.ts'

/** Sites, units and their keys, presence, frames, camera states, dead letters and the log of live events. */
export const firstTables: Step = async (kysely, engine) => {
  const { schema } = kysely
  const bytes = engine === 'sqlite' ? sql`blob` : sql`bytea`

  await schema
    .createTable('site')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('unit', 'text', (column) => column.notNull())
    .addColumn('document', 'text', (column) => column.notNull())
    .execute()

  await schema
    .createTable('unit_key')
    .addColumn('unit', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('public_key', 'text', (column) => column.notNull())
    .addColumn('certificate_ends_at', 'bigint', (column) => column.notNull())
    .addColumn('learnt_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('unit_key_is', ['unit', 'key'])
    .execute()

  await schema
    .createTable('presence')
    .addColumn('unit', 'text', (column) => column.primaryKey())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('condition', 'text', (column) => column.notNull())
    .addColumn('session', 'bigint', (column) => column.notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .addColumn('confirmed_at', 'bigint', (column) => column.notNull())
    .addColumn('heard_at', 'bigint', (column) => column.notNull())
    .addColumn('boot', 'text')
    .addColumn('software', 'text')
    .addColumn('reason', 'text')
    .execute()

  await schema
    .createTable('frame')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('unit', 'text', (column) => column.notNull())
    .addColumn('camera', 'text', (column) => column.notNull())
    .addColumn('preset', 'text', (column) => column.notNull())
    .addColumn('captured_at', 'bigint', (column) => column.notNull())
    .addColumn('clock', 'text', (column) => column.notNull())
    .addColumn('boot', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('mono', 'bigint', (column) => column.notNull())
    .addColumn('width_px', 'integer', (column) => column.notNull())
    .addColumn('height_px', 'integer', (column) => column.notNull())
    .addColumn('bytes', 'integer', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('mask_version', 'integer', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('received_at', 'bigint', (column) => column.notNull())
    .addColumn('picture', 'text', (column) => column.notNull())
    .addColumn('thumbnails', 'text', (column) => column.notNull())
    .execute()
  await schema.createIndex('frame_by_view').on('frame').columns(['site', 'camera', 'preset', 'captured_at']).execute()
  await schema.createIndex('frame_by_capture').on('frame').columns(['captured_at']).execute()
  await schema
    .createIndex('frame_by_kept_picture')
    .on('frame')
    .columns(['sha256'])
    .where(sql.ref('picture'), '=', 'kept')
    .execute()
  await schema
    .createIndex('frame_without_thumbnails')
    .on('frame')
    .columns(['received_at'])
    .where(sql.ref('thumbnails'), '=', 'missing')
    .execute()

  await schema
    .createTable('latest_frame')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('camera', 'text', (column) => column.notNull())
    .addColumn('preset', 'text', (column) => column.notNull())
    .addColumn('frame', 'text', (column) => column.notNull())
    .addColumn('captured_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('latest_frame_is', ['site', 'camera', 'preset'])
    .execute()

  await schema
    .createTable('camera_state')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('camera', 'text', (column) => column.notNull())
    .addColumn('unit', 'text', (column) => column.notNull())
    .addColumn('condition', 'text', (column) => column.notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .addColumn('fault', 'text')
    .addColumn('failures', 'bigint', (column) => column.notNull())
    .addColumn('boot', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('camera_state_is', ['site', 'camera'])
    .execute()

  /** A table whose rows the database numbers. A number is never used twice, also after the newest row was deleted. */
  const numbered = (table: string, number: string) =>
    engine === 'sqlite'
      ? schema.createTable(table).addColumn(number, 'integer', (column) => column.primaryKey().autoIncrement())
      : schema
          .createTable(table)
          .addColumn(number, 'bigint', (column) => column.primaryKey().generatedAlwaysAsIdentity())

  await numbered('dead_letter', 'id')
    .addColumn('received_at', 'bigint', (column) => column.notNull())
    .addColumn('topic', 'text', (column) => column.notNull())
    .addColumn('site', 'text')
    .addColumn('unit', 'text')
    .addColumn('item', 'text')
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('detail', 'text', (column) => column.notNull())
    .addColumn('bytes', 'integer', (column) => column.notNull())
    .addColumn('excerpt', bytes, (column) => column.notNull())
    .addUniqueConstraint('dead_letter_once', ['unit', 'item'])
    .execute()
  await schema.createIndex('dead_letter_by_time').on('dead_letter').columns(['received_at']).execute()

  await numbered('live_event', 'seq')
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('camera', 'text', (column) => column.notNull())
    .addColumn('cause', 'text', (column) => column.notNull())
    .execute()
  await schema.createIndex('live_event_by_time').on('live_event').columns(['at']).execute()

  await schema
    .createTable('told_freshness')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('camera', 'text', (column) => column.notNull())
    .addColumn('preset', 'text', (column) => column.notNull())
    .addColumn('freshness', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('told_freshness_is', ['site', 'camera', 'preset'])
    .execute()
}
