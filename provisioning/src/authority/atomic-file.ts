import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Writes a whole file or nothing, and has it on the disk when it returns: a process that dies half-way, or a power cut,
 * leaves the old file. A key must be mode 0o600.
 */
export function writeWhole(file: string, content: string, mode: number): void {
  const draft = `${file}.${randomBytes(6).toString('hex')}.tmp`
  try {
    writeFileSync(draft, content, { mode, flag: 'wx' })
    synced(draft)
    renameSync(draft, file)
    synced(dirname(file))
  } catch (cause) {
    rmSync(draft, { force: true })
    throw cause
  }
}

function synced(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
