import { createHmac, randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { writeWhole } from '../authority/atomic-file.ts'
import { readClaimCode } from './claim-code.ts'

/** What is kept of a claim's code; undefined when the text can be none. */
export type ClaimDigest = (text: string) => Buffer | undefined

/**
 * HMAC-SHA-256 under a key that lies beside the database, not in it: a copy of the database tells nothing. The slow
 * hashes made for passwords would add nothing to 128 random bits, and would let anybody keep the processor busy.
 */
export function createClaimDigest(keyFile: string): ClaimDigest {
  if (!existsSync(keyFile)) writeWhole(keyFile, randomBytes(32).toString('base64'), 0o600)
  const key = Buffer.from(readFileSync(keyFile, 'utf8'), 'base64')
  return (text) => {
    const secret = readClaimCode(text)
    return secret && createHmac('sha256', key).update(secret).digest()
  }
}
