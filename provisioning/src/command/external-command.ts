import { spawn } from 'node:child_process'
import { accessSync, constants, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const PREFIX = 'vigie-'
const WORD = /^[a-z][a-z0-9-]*$/

/**
 * Finds the commands that other packages bring, as git does: `vigie camera` is an executable `vigie-camera`. The first
 * folder that has one wins.
 */
export function findExternalCommand(word: string, folders: readonly string[]): string | undefined {
  if (!WORD.test(word)) return undefined
  return folders.map((folder) => join(folder, PREFIX + word)).find(isExecutable)
}

/** The first words that would find a command, sorted, each once. */
export function listExternalCommands(folders: readonly string[]): string[] {
  const names = folders.flatMap((folder) => namesIn(folder).filter((name) => isExecutable(join(folder, name))))
  const words = names.map((name) => name.slice(PREFIX.length)).filter((word) => WORD.test(word))
  return [...new Set(words)].sort()
}

/**
 * Runs it on this terminal and gives its exit code; one that a signal ended gives 128. Ctrl-C reaches the whole group
 * from the terminal, so a signal is passed on only when it was sent to this process alone.
 */
export function runExternalCommand(file: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: 'inherit' })
    const passOn = () => child.kill('SIGTERM')
    const wait = () => undefined
    process.on('SIGTERM', passOn).on('SIGINT', wait)
    const release = () => process.off('SIGTERM', passOn).off('SIGINT', wait)
    child.once('error', (cause) => {
      release()
      reject(cause)
    })
    child.once('exit', (code) => {
      release()
      resolve(code ?? 128)
    })
  })
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.startsWith(PREFIX))
  } catch {
    return [] // PATH may name folders that are not there
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
