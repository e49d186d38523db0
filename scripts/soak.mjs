import { requireNode } from './node-version.mjs'
import { setUp } from './set-up.mjs'
import { createTally } from './tally.mjs'
import { runVitest } from './vitest-project.mjs'

requireNode()
await setUp()
const tally = createTally()
for (const project of ['fuzz', 'fault']) tally.add(await runVitest(project, { env: { VIGIE_SOAK: '1' } }))
tally.close()
