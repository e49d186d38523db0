import type { KeyObject } from 'node:crypto'
import { compactDecrypt } from 'jose'

/** Opens what was sealed to a key of the unit; null when it was sealed to another, or is nothing of the kind. */
export async function openSealed(sealed: string, key: KeyObject): Promise<Uint8Array | null> {
  try {
    const { plaintext } = await compactDecrypt(sealed, key, {
      keyManagementAlgorithms: ['ECDH-ES'],
      contentEncryptionAlgorithms: ['A256GCM'],
    })
    return plaintext
  } catch {
    return null
  }
}
