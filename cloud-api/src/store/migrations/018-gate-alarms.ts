import { sql } from 'kysely'
import type { Step } from '../migrate.ts'

/** Every page of the watch room asks for the alarms of all museums, and few of their rows are one. */
export const gateAlarms: Step = async ({ schema }) => {
  await schema
    .createIndex('gate_row_of_boxes_by_receipt')
    .on('gate_row')
    .columns(['received_at'])
    .where(sql<boolean>`kind = 'lane' and lane is null`)
    .execute()
}
