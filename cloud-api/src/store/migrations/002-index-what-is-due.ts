import { sql } from 'kysely'
import type { Step } from '../migrate.ts'

/**
 * Each minute retention asks for the oldest pictures that are still kept: without this index it would read past the six
 * days of rows whose pictures are deleted (350,000 for 41 webcams).
 */
export const indexWhatIsDue: Step = async ({ schema }) => {
  await schema
    .createIndex('frame_kept_by_capture')
    .on('frame')
    .columns(['captured_at'])
    .where(sql.ref('picture'), '=', 'kept')
    .execute()
}
