import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { writeWhole } from '../authority/atomic-file.ts'

/** A session with a cloud: as much as a password while it lasts, so its file is its owner's alone (0600). */
export type KeptSession = { origin: string; cookie: string }

export function readSession(file: string): KeptSession | undefined {
  if (!existsSync(file)) return undefined
  try {
    const { origin, cookie } = JSON.parse(readFileSync(file, 'utf8')) as Partial<KeptSession> // tested next
    return typeof origin === 'string' && typeof cookie === 'string' ? { origin, cookie } : undefined
  } catch {
    return undefined // a file that is damaged is none: one signs in again
  }
}

export function keepSession(file: string, session: KeptSession): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeWhole(file, JSON.stringify(session), 0o600)
}

export const forgetSession = (file: string): void => rmSync(file, { force: true })
