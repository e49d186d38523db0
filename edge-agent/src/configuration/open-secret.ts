import { jsonDecoder } from '@vigie/contract/decode'
import type { CameraId } from '@vigie/contract/ids'
import Type from 'typebox'
import type { UnitKey } from '../frame/seal-frame.ts'
import { openSealed } from '../identity/open-sealed.ts'

/** What a sealed password says of itself, so that it cannot be told to another camera or another host. */
const SealedPassword = Type.Object({
  camera: Type.String(),
  /** Host and port of the camera's address. */
  host: Type.String(),
  password: Type.String({ maxLength: 400 }),
})
const decodeSealedPassword = jsonDecoder(SealedPassword)

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
    const opened = await openSealed(sealed, privateKey)
    if (opened === null) continue // sealed to another key, perhaps an older one of ours
    const said = decodeSealedPassword(opened)
    const isForIt = said.ok && said.value.camera === camera && said.value.host === new URL(url).host
    return isForIt ? said.value.password : null
  }
  return null
}
