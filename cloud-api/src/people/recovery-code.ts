import { createHash, randomBytes } from 'node:crypto'

/** Without letters and digits that look alike on paper. */
const ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz'
const GROUPS = 4
const GROUP_LENGTH = 4
/** How many are given at once: one for each phone that is lost, and some for those that cannot be found any more. */
export const RECOVERY_CODES = 10

/** Codes to be written down, each for one sign-in without the phone: 79 bits, so that a plain hash can be kept. */
export const newRecoveryCodes = (): string[] => Array.from({ length: RECOVERY_CODES }, newRecoveryCode)

function newRecoveryCode(): string {
  const letters: string[] = []
  while (letters.length < GROUPS * GROUP_LENGTH) {
    for (const byte of randomBytes(GROUPS * GROUP_LENGTH)) {
      // A byte beyond the last whole multiple would make the first letters more likely.
      if (byte < ALPHABET.length * 8 && letters.length < GROUPS * GROUP_LENGTH)
        letters.push(ALPHABET[byte % ALPHABET.length] ?? '')
    }
  }
  const groups = Array.from({ length: GROUPS }, (_, at) =>
    letters.slice(at * GROUP_LENGTH, (at + 1) * GROUP_LENGTH).join(''),
  )
  return groups.join('-')
}

/** What is kept of a code, however it was typed. */
export const hashOfRecoveryCode = (code: string): string =>
  createHash('sha256')
    .update(code.toLowerCase().replaceAll(/[^a-z0-9]/g, ''))
    .digest('hex')
