import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { requireNode } from './node-version.mjs'
import { projectFolder } from './project.mjs'
import { setUp } from './set-up.mjs'
import { runShown } from './step.mjs'

requireNode()
const [name, ...rest] = process.argv.slice(2)
const names = benchmarks()
if (name === undefined || !names.includes(name)) {
  console.log(`npm run bench -- NAME, where NAME is one of: ${names.join(', ') || '(none yet)'}`)
  process.exit(name === undefined ? 0 : 1)
}
await setUp()
process.exitCode = await runShown(process.execPath, [
  join(projectFolder, 'tests', 'dist', 'bench', `${name}.js`),
  ...rest,
])

/** Each file of tests/bench is one benchmark; what several share stands in folders there. */
function benchmarks() {
  const folder = join(projectFolder, 'tests', 'bench')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
}
