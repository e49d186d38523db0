import type { Step } from '../migrate.ts'

/** What a unit's connections carried since its boot, both ways. Unknown of what was measured before. */
export const wireBytes: Step = async ({ schema }) => {
  for (const column of ['wire_sent_bytes', 'wire_received_bytes']) {
    await schema.alterTable('unit_health').addColumn(column, 'integer').execute()
  }
}
