import { createHash } from 'node:crypto'
import { readFileSync, renameSync } from 'node:fs'
import { writeWhole } from '../whole-file.ts'

/** What a disk gave back of a value. `damaged`: other bytes than were written, or nothing that can be read. */
export type Read = { state: 'read'; value: unknown } | { state: 'absent' | 'damaged' }

export const digestOf = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex')

/**
 * Writes a value as JSON behind its SHA-256: a flash disk can give other bytes than were written, also where they read well.
 * @throws AgentFault `disk-failing`
 */
export function writeDigested(file: string, value: unknown): void {
  const text = JSON.stringify(value)
  writeWhole(file, `${digestOf(text)}\n${text}`)
}

export function readDigested(file: string): Read {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    return { state: error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'absent' : 'damaged' }
  }
  const end = bytes.indexOf('\n')
  const content = bytes.subarray(end + 1)
  if (digestOf(content) !== bytes.subarray(0, Math.max(0, end)).toString('latin1')) return { state: 'damaged' }
  return { state: 'read', value: JSON.parse(content.toString()) }
}

/** Keeps what is damaged for whoever wants to know what the disk does; one is enough. */
export function setAside(file: string): void {
  try {
    renameSync(file, `${file}.damaged`)
  } catch {
    // What can be neither read nor moved is written over.
  }
}
