import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { AgentFault } from './faults.ts'
import { isDiskFailure } from './outbox/disk-failure.ts'

/**
 * Writes a small file whole or not at all, for its owner's eyes alone; durable when it returns.
 * @throws AgentFault `disk-failing`
 */
export function writeWhole(file: string, text: string): void {
  try {
    const half = `${file}.half`
    writeFileSync(half, text, { mode: 0o600, flush: true })
    renameSync(half, file)
    // A new name is only durable when its folder is.
    const folder = openSync(dirname(file), 'r')
    try {
      fsyncSync(folder)
    } finally {
      closeSync(folder)
    }
  } catch (cause) {
    if (!isDiskFailure(cause)) throw cause
    throw new AgentFault('disk-failing', undefined, { cause })
  }
}
