import type { Step } from '../migrate.ts'

/** How the lanes of museums do, as their boxes last said. */
export const gateLanes: Step = async ({ schema }) => {
  await schema
    .createTable('gate_lane')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('lane', 'text', (column) => column.notNull())
    .addColumn('unit', 'text', (column) => column.notNull())
    .addColumn('mode', 'text', (column) => column.notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .addColumn('fault', 'text')
    .addColumn('boot', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('gate_lane_is', ['site', 'lane'])
    .execute()
}
