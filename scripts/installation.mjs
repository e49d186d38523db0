import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder } from './project.mjs'
import { runLogged } from './step.mjs'

const lockFile = join(projectFolder, 'package-lock.json')
const modules = join(projectFolder, 'node_modules')
const stampFile = join(modules, '.vigie-installed')

/** Installs exactly what package-lock.json says, unless that stands already for this version of Node. */
export async function installPackages() {
  if (isInstalled()) return 'up to date'
  await runLogged('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  writeFileSync(stampFile, wantedStamp())
}

function isInstalled() {
  if (existsSync(stampFile)) {
    const stamp = readFileSync(stampFile, 'utf8')
    if (stamp === wantedStamp()) return true
    // Built for another Node: better-sqlite3 would not load.
    if (stamp.split(' ')[0] !== process.versions.modules) return false
  }
  if (!isInstalledByHand()) return false
  writeFileSync(stampFile, wantedStamp())
  return true
}

const wantedStamp = () =>
  `${process.versions.modules} ${createHash('sha256').update(readFileSync(lockFile)).digest('hex')}`

/** Whether somebody's own `npm install` left what the lock file wants; npm writes down what it did as its last act. */
function isInstalledByHand() {
  try {
    const wanted = packagesOf(lockFile)
    const found = packagesOf(join(modules, '.package-lock.json'))
    return Object.entries(wanted).every(([path, { version, optional, devOptional }]) => {
      if (!path.startsWith('node_modules/') || optional || devOptional) return true
      return found[path] !== undefined && found[path].version === version
    })
  } catch {
    return false // no node_modules, or npm did not finish
  }
}

const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages
