import { buildPages, buildPrograms } from './building.mjs'
import { checkLint, checkTypes } from './checks.mjs'
import { installDebianPackages } from './debian-packages.mjs'
import { installPackages } from './installation.mjs'
import { requireNode } from './node-version.mjs'
import { orExplain } from './set-up.mjs'
import { createSteps } from './step.mjs'
import { createTally } from './tally.mjs'
import { runVitest } from './vitest-project.mjs'

requireNode()
const step = createSteps(4)
await orExplain(async () => {
  await step('Install packages', installPackages)
  await step('Install Debian packages', installDebianPackages)
  await step('Build the programs', buildPrograms)
  await step('Build the pages', buildPages)
})
const tally = createTally()
tally.addCheck('Types', await checkTypes())
tally.addCheck('Lint and format', await checkLint())
for (const project of ['quick', 'conformance', 'fuzz', 'flow', 'fault']) {
  console.log(`\nTests: ${project}`)
  tally.add(await runVitest(project))
}
tally.close()
