import type { Step } from '../migrate.ts'

/** From which start of its machine a unit last spoke. */
export const machineBoot: Step = async ({ schema }) => {
  await schema.alterTable('presence').addColumn('machine_boot', 'text').execute()
}
