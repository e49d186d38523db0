import { requireNode } from './node-version.mjs'
import { setUp } from './set-up.mjs'
import { createTally } from './tally.mjs'
import { runVitest } from './vitest-project.mjs'

requireNode()
await setUp()
const tally = createTally()
// VIGIE_SOAK_MINUTES says how long the fleet runs in the last of them; an hour, unless told.
for (const project of ['fuzz', 'fault', 'soak']) tally.add(await runVitest(project, { env: { VIGIE_SOAK: '1' } }))
tally.close()
