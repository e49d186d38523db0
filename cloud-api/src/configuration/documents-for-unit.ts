import { createHash } from 'node:crypto'
import type { Configuration, StoredConfiguration } from '@vigie/config-schema/configuration/configuration'
import type { DesiredSet } from '@vigie/contract/desired'
import type { KeyId } from '@vigie/contract/ids'
import { DESIRED_DOCUMENTS, type DesiredDocument } from '@vigie/contract/topics'
import { sealSecret } from '../commands/seal-secret.ts'
import type { Vault } from '../vault.ts'

/** The unit's key, to which a password is sealed; the public one in PEM. */
export type UnitSealing = { key: KeyId; publicKey: string }
export type DocumentTexts = Record<DesiredDocument, string>

export const hasPasswords = ({ camera }: StoredConfiguration) =>
  camera.cameras.some(({ access }) => access?.password !== undefined)

/**
 * The text of each document, as a unit gets it: passwords go from the vault to its key, each with the camera and the host
 * that it is for. Null: a password does not come out of the vault.
 */
export async function documentsForUnit(
  stored: StoredConfiguration,
  unit: UnitSealing | null,
  vault: Vault | null,
): Promise<DocumentTexts | null> {
  const cameras: Configuration['camera']['cameras'] = []
  for (const { access, ...camera } of stored.camera.cameras) {
    if (access === undefined) {
      cameras.push(camera)
      continue
    }
    const { password: sealed, ...rest } = access
    if (sealed === undefined) {
      cameras.push({ ...camera, access: rest })
      continue
    }
    const { host } = new URL(access.url)
    const password = vault?.open(sealed, { site: stored.site.id, camera: camera.id, host }) ?? null
    if (password === null || unit === null) return null
    const sealedToUnit = await sealSecret(JSON.stringify({ camera: camera.id, host, password }), unit)
    cameras.push({ ...camera, access: { ...rest, password: sealedToUnit } })
  }
  const documents: Configuration = { ...stored, camera: { cameras } }
  return Object.fromEntries(DESIRED_DOCUMENTS.map((name) => [name, JSON.stringify(documents[name])])) as DocumentTexts // one of each
}

export const digestsOf = (texts: DocumentTexts): DesiredSet['documents'] =>
  Object.fromEntries(
    DESIRED_DOCUMENTS.map((name) => [name, createHash('sha256').update(texts[name]).digest('hex')]),
  ) as DesiredSet['documents'] // one of each
