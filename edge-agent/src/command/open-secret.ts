import type { KeyObject } from 'node:crypto'
import { compactDecrypt } from 'jose'

/** Longest password of a camera; profile T of ONVIF asks for 16 at least. */
const MAX_BYTES = 128

/** Opens what was sealed to the unit's key; null when it was sealed to another, or is nothing of the kind. */
export async function openSecret(sealed: string, key: KeyObject): Promise<string | null> {
  try {
    const { plaintext } = await compactDecrypt(sealed, key, {
      keyManagementAlgorithms: ['ECDH-ES'],
      contentEncryptionAlgorithms: ['A256GCM'],
    })
    return plaintext.byteLength > MAX_BYTES ? null : new TextDecoder('utf-8', { fatal: true }).decode(plaintext)
  } catch {
    return null
  }
}
