import { buildPages, buildPrograms } from './building.mjs'
import { installPackages } from './installation.mjs'
import { createSteps, StepFailed } from './step.mjs'

/** Brings a clone, fresh or old, to the state in which its programs can run; ends the process when that fails. */
export async function setUp() {
  const step = createSteps(3)
  await orExplain(async () => {
    await step('Install packages', installPackages)
    await step('Build the programs', buildPrograms)
    await step('Build the pages', buildPages)
  })
}

/** Shows a failed step's log instead of a stack of this script, and ends. */
export async function orExplain(run) {
  try {
    await run()
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error
    console.error(`\n${error.message}`)
    process.exit(1)
  }
}
