import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder } from './project.mjs'
import { runLogged } from './step.mjs'

const consoleFolder = join(projectFolder, 'console')
const stampFile = join(consoleFolder, 'dist', '.vigie-built')
const tool = (...path) => join(projectFolder, 'node_modules', ...path)

/** Compiles every workspace; tsc itself leaves alone what has not changed. */
export async function buildPrograms() {
  await runLogged(process.execPath, [tool('typescript', 'bin', 'tsc'), '-b'])
}

/** Bundles the browser's pages, unless nothing that goes into them has changed. */
export async function buildPages() {
  if (!existsSync(join(consoleFolder, 'vite.config.ts'))) return 'nothing to build'
  const stamp = hashOf(consoleFolder, [join(projectFolder, 'package-lock.json')])
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return 'up to date'
  await runLogged(process.execPath, [tool('vite', 'bin', 'vite.js'), 'build', 'console', '--logLevel', 'warn'])
  writeFileSync(stampFile, stamp)
}

/** One hash over the names and contents of a folder's own files and of some others. */
function hashOf(folder, others) {
  const hash = createHash('sha256')
  for (const file of [...filesBelow(folder), ...others]) hash.update(file).update('\0').update(readFileSync(file))
  return hash.digest('hex')
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.name === 'dist' || entry.name === 'node_modules') return []
      const path = join(folder, entry.name)
      return entry.isDirectory() ? filesBelow(path) : [path]
    })
}
