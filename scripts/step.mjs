import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { projectFolder, setupLog } from './project.mjs'

const REFRESH_MS = 1_000
/** Compilers tell the cause first, npm last. */
const SHOWN_LINES = { first: 12, last: 25 }

/** A step of setting up that failed; the end of its log says why. */
export class StepFailed extends Error {}

/**
 * Shows numbered steps and how long each takes: `2/4 Build the programs  21 s`. On a terminal the time runs on the line.
 * @param total how many steps there will be
 */
export function createSteps(total) {
  let number = 0
  return async (title, run) => {
    number += 1
    const startedAt = performance.now()
    const line = (ending) => `${number}/${total} ${title.padEnd(28)} ${ending}`
    const elapsed = () => inWords(performance.now() - startedAt)
    const ticking = process.stdout.isTTY && setInterval(() => process.stdout.write(`\r${line(elapsed())}`), REFRESH_MS)
    try {
      const outcome = await run()
      finish(line(outcome ?? elapsed()))
    } catch (error) {
      finish(line(`failed after ${elapsed()}`))
      throw error
    } finally {
      clearInterval(ticking)
    }
  }
}

/** Runs a command of this project with its output in the setup log only; throws StepFailed with the log's end. */
export async function runLogged(command, args, { env = {} } = {}) {
  mkdirSync(dirname(setupLog), { recursive: true })
  const log = openSync(setupLog, 'a')
  try {
    writeSync(log, `\n$ ${[command, ...args].join(' ')}\n`)
    const exit = await exitOf(
      spawn(command, args, { cwd: projectFolder, env: { ...process.env, ...env }, stdio: ['ignore', log, log] }),
    )
    if (exit === 0) return
    throw new StepFailed(`${endOfLog()}\n\n${command} ended with ${exit}. All of it: ${setupLog}`)
  } finally {
    closeSync(log)
  }
}

/** Runs a command of this project in the open; gives its exit code, 1 when a signal ended it. */
export function runShown(command, args, { env = {} } = {}) {
  return exitOf(spawn(command, args, { cwd: projectFolder, env: { ...process.env, ...env }, stdio: 'inherit' }))
}

/** What the last command wrote, its middle left out when it is long. */
function endOfLog() {
  const log = readFileSync(setupLog, 'utf8').trimEnd()
  const lines = log.slice(log.lastIndexOf('\n$ ') + 1).split('\n')
  const { first, last } = SHOWN_LINES
  return (lines.length <= first + last ? lines : [...lines.slice(0, first), '...', ...lines.slice(-last)]).join('\n')
}

/** "850 ms", "21 s", "2 min 05 s". */
export function inWords(ms) {
  const seconds = Math.round(ms / 1_000)
  if (seconds < 1) return `${Math.round(ms)} ms`
  if (seconds < 60) return `${seconds} s`
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`
}

function exitOf(child) {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(new StepFailed(cause.message)))
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 1))
  })
}

function finish(line) {
  process.stdout.write(process.stdout.isTTY ? `\r\x1b[2K${line}\n` : `${line}\n`)
}
