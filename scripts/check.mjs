import { checkLint, checkTypes } from './checks.mjs'
import { installPackages } from './installation.mjs'
import { requireNode } from './node-version.mjs'
import { orExplain } from './set-up.mjs'
import { createSteps } from './step.mjs'
import { createTally } from './tally.mjs'
import { runVitest } from './vitest-project.mjs'

requireNode()
await orExplain(() => createSteps(1)('Install packages', installPackages))
const tally = createTally()
tally.addCheck('Types', await checkTypes())
tally.addCheck('Lint and format', await checkLint())
tally.add(await runVitest('quick'))
tally.close()
