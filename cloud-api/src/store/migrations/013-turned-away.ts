import type { Step } from '../migrate.ts'

/** What a unit said that it has turned away, beside what it refused. */
export const turnedAway: Step = async ({ schema }) => {
  await schema.alterTable('configuration_reported').addColumn('turned_away', 'text').execute()
}
