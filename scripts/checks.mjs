import { join } from 'node:path'
import { projectFolder } from './project.mjs'
import { runShown } from './step.mjs'

const tool = (...path) => join(projectFolder, 'node_modules', ...path)
const tsc = tool('typescript', 'bin', 'tsc')
const biome = tool('@biomejs', 'biome', 'bin', 'biome')

/** Types: the programs, then what the build leaves out (tests beside the code), then the browser's code. */
export const checkTypes = () =>
  allPass([
    [tsc, '-b'],
    [tsc, '-p', 'tsconfig.check.json'],
    [tsc, '-p', 'console', '--noEmit'],
  ])

/** Lint and format, nothing changed. */
export const checkLint = () => allPass([[biome, 'ci', '--reporter=summary']])

async function allPass(commands) {
  let failed = 0
  for (const command of commands) if ((await runShown(process.execPath, command)) !== 0) failed += 1
  return failed === 0
}
