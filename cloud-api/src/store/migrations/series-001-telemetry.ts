import { ITEM_CLASSES } from '@vigie/contract/item-class'
import type { Step } from '../migrate.ts'

/** One row for each unit and minute, and one for each camera that answered. About 250 bytes a unit and minute. */
export const telemetryTables: Step = async ({ schema }) => {
  let unit = schema
    .createTable('unit_health')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('at', 'integer', (column) => column.notNull())
    .addColumn('unit', 'text', (column) => column.notNull())
    .addColumn('temperature_c', 'real')
    .addColumn('disk_free_bytes', 'integer')
    .addColumn('disk_total_bytes', 'integer')
    .addColumn('memory_bytes', 'integer')
    .addColumn('memory_free_bytes', 'integer')
    .addColumn('clock_offset_ms', 'integer')
  for (const name of ITEM_CLASSES) {
    unit = unit
      .addColumn(`${name}_items`, 'integer')
      .addColumn(`${name}_bytes`, 'integer')
      .addColumn(`${name}_sent_bytes`, 'integer')
  }
  await unit.addPrimaryKeyConstraint('unit_health_is', ['site', 'at', 'unit']).execute()
  await schema.createIndex('unit_health_by_time').on('unit_health').columns(['at']).execute()

  await schema
    .createTable('camera_answer')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('at', 'integer', (column) => column.notNull())
    .addColumn('camera', 'text', (column) => column.notNull())
    .addColumn('answer_ms', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('camera_answer_is', ['site', 'at', 'camera'])
    .execute()
  await schema.createIndex('camera_answer_by_time').on('camera_answer').columns(['at']).execute()
}
