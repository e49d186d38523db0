import { readFileSync } from 'node:fs'
import { Fault } from '../faults.ts'

/** Shorter passphrases fall to a night of guessing whatever the rounds; a sentence of four words is longer. */
export const PASSPHRASE_MIN_LENGTH = 12

/** The first line of the file. Throws a Fault `passphrase-weak` when it is too short. */
export function readPassphrase(file: string): string {
  const [line = ''] = readFileSync(file, 'utf8').split(/\r?\n/)
  if (line.length < PASSPHRASE_MIN_LENGTH) throw new Fault('passphrase-weak', file)
  return line
}
