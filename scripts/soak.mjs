import { requireNode } from './node-version.mjs'
import { setUp } from './set-up.mjs'
import { createTally } from './tally.mjs'
import { runVitest } from './vitest-project.mjs'

requireNode()
await setUp()
const tally = createTally()
tally.add(await runVitest('fault', { env: { VIGIE_SOAK: '1' } }))
tally.close()
