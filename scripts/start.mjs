import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { requireNode } from './node-version.mjs'
import { projectFolder } from './project.mjs'
import { setUp } from './set-up.mjs'

// package.json says `exec`: a shell in between would be ended by Ctrl-C before this is, and npm would call that a failure.
requireNode()
const isFirstTime = !existsSync(join(projectFolder, 'node_modules'))
console.log(`Vigie: a fleet of simulated sites and its cloud, on this machine.${isFirstTime ? firstTime() : ''}`)
await setUp()
await import('../tests/dist/fleet/main.js')

function firstTime() {
  return '\nThe first time takes minutes: packages are fetched and one of them is compiled.'
}
