import type { CameraId } from '@vigie/contract/ids'
import { compactDecrypt } from 'jose'
import Type from 'typebox'
import { Value } from 'typebox/value'
import type { UnitKey } from '../frame/seal-frame.ts'

/** What a sealed password says of itself, so that it cannot be told to another camera or another host. */
const SealedPassword = Type.Object({
  camera: Type.String(),
  /** Host and port of the camera's address. */
  host: Type.String(),
  password: Type.String({ maxLength: 400 }),
})

/**
 * Opens a camera's password that was sealed to one of the unit's keys.
 * @param keys the present one and those before it: what was sealed to an old key opens until it is sealed anew
 * @returns null: it is sealed to no key of ours, or for another camera
 */
export async function openSecret(
  sealed: string,
  { camera, url }: { camera: CameraId; url: string },
  keys: readonly UnitKey[],
): Promise<string | null> {
  for (const { privateKey } of keys) {
    try {
      const { plaintext } = await compactDecrypt(sealed, privateKey, {
        keyManagementAlgorithms: ['ECDH-ES'],
        contentEncryptionAlgorithms: ['A256GCM'],
      })
      const opened: unknown = JSON.parse(new TextDecoder().decode(plaintext))
      if (!Value.Check(SealedPassword, opened)) return null
      return opened.camera === camera && opened.host === new URL(url).host ? opened.password : null
    } catch {
      // Sealed to another key, perhaps an older one of ours.
    }
  }
  return null
}
