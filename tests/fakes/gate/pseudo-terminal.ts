import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Why there are no pseudo-terminals to be had here; null: there are. */
export const reasonForNoTerminal = (): string | null =>
  spawnSync('socat', ['-V']).status === 0 ? null : 'socat is not installed'

/** A socat process that is ready; ended, its terminals are gone as a plug is pulled. */
export async function startSocat(ends: readonly [string, string], stdio: 'pipe' | 'ignore') {
  // -x writes every byte that goes through to stderr, in hexadecimal.
  const process_ = spawn('socat', ['-d', '-d', '-x', ...ends], { stdio: [stdio, stdio, 'pipe'] })
  let log = ''
  process_.stderr?.setEncoding('latin1').on('data', (text: string) => {
    log += text
  })
  while (!log.includes('starting data transfer')) {
    if (process_.exitCode !== null) throw new Error(`socat ended: ${log}`)
    await once(process_.stderr ?? process_, 'data')
  }
  return { process: process_, log: () => log, stop: () => ended(process_) }
}

/** Ends a process at once and waits until it is gone. */
export async function ended(process_: ChildProcess): Promise<void> {
  if (process_.exitCode !== null || process_.signalCode !== null) return
  const gone = once(process_, 'exit')
  process_.kill('SIGKILL')
  await gone
}

export function terminalFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-tty-'))
  return { at: (name: string) => join(folder, name), remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** One end of a socat address: a terminal under a name. */
export const terminal = (link: string) => `pty,raw,echo=0,link=${link}`

/** Two terminals that are one line: what is written to one is read from the other. */
export async function openTerminalPair() {
  const folder = terminalFolder()
  const [near, far] = [folder.at('near'), folder.at('far')]
  const socat = await startSocat([terminal(near), terminal(far)], 'ignore')
  return {
    near,
    far,
    /** Every chunk from near to far, in hexadecimal: `01 05 02 00 00 07 8d b0`. */
    sent: () => [...socat.log().matchAll(/^> .*\n ([0-9a-f ]+)$/gm)].map(([, hex = '']) => hex.trim()),
    async unplug() {
      await socat.stop()
      folder.remove()
    },
  }
}
