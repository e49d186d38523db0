import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { Fault } from '../faults.ts'
import { writeWhole } from './atomic-file.ts'
import { chainOf, type Generation } from './authority-folder.ts'
import { type Issuer, issueLeaf, type Leaf } from './certificate.ts'
import type { UnitAtSite } from './development-authority.ts'
import { newKey } from './sealed-key.ts'

/** What has a certificate that is made by hand, and what theirs is for. */
export const SERVER_PARTS = {
  broker: 'server',
  cloud: 'client',
  configuration: 'documents',
  tickets: 'documents',
  /** The doors of a museum's gateway, which renews it by itself from then on. */
  gateway: 'server',
} as const satisfies Record<string, Leaf['purpose']>
export type ServerPart = keyof typeof SERVER_PARTS

export const isServerPart = (word: string): word is ServerPart => word in SERVER_PARTS

/**
 * Issues the certificate of a part, with what leads from it to the root behind it, and a key when the folder has none.
 * The names are those by which clients reach it; a client has none. A gateway is told by `of`, the unit that it is and its site:
 * by these the authority knows it again.
 */
export async function issueServerPart(
  { part, names, folder, of }: { part: ServerPart; names: readonly string[]; folder: string; of?: UnitAtSite },
  issuer: { generation: Generation; issuing: Issuer },
  now: number,
): Promise<{ certificateFile: string; keyFile: string }> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const [certificateFile, keyFile] = [join(folder, `${part}.crt`), join(folder, `${part}.key`)]
  const key = existsSync(keyFile) ? readKey(keyFile) : newKey()
  if (!existsSync(keyFile)) writeWhole(keyFile, String(key.export({ type: 'pkcs8', format: 'pem' })), 0o600)
  const leaf: Leaf = {
    subject: of === undefined ? [{ CN: [part] }] : [{ CN: [of.unit] }, { OU: [of.site] }],
    purpose: SERVER_PARTS[part],
    dnsNames: names.filter((name) => isIP(name) === 0),
    addresses: names.filter((name) => isIP(name) !== 0),
  }
  const certificate = await issueLeaf(leaf, createPublicKey(key), issuer.issuing, now)
  writeWhole(certificateFile, certificate + chainOf(issuer.generation), 0o644)
  return { certificateFile, keyFile }
}

function readKey(file: string): KeyObject {
  const pem = readFileSync(file)
  try {
    return createPrivateKey(pem)
  } catch (cause) {
    throw new Fault('file-not-usable', file, { cause })
  }
}
