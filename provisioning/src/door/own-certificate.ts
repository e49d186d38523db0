import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { chainOf, type Generation } from '../authority/authority-folder.ts'
import { type Issuer, issueLeaf, SERVER_VALID_MS } from '../authority/certificate.ts'
import { newKey } from '../authority/sealed-key.ts'

/** With less than half of its life left it is made anew: there is nobody to remind. */
const RENEWED_BEFORE_MS = SERVER_VALID_MS / 2

export type OwnCertificate = {
  /** For a TLS server. */
  current(): { key: string; cert: string }
  /** For what is signed outside TLS. */
  signer(): { key: KeyObject; certificates: readonly X509Certificate[] }
  /** True when there is a new one. */
  renewWhenDue(): Promise<boolean>
}

/**
 * The certificate by which boxes and the cloud know the authority (CN=authority). It makes it for itself, under a key
 * that lives no longer than the process: nothing on disk could be stolen.
 */
export async function createOwnCertificate(
  { issuer, generation, now }: { issuer: Issuer; generation: Generation; now: () => number },
  names: readonly string[],
): Promise<OwnCertificate> {
  const key = newKey()
  const make = async () => {
    const dnsNames = names.filter((name) => isIP(name) === 0)
    const addresses = names.filter((name) => isIP(name) !== 0)
    const leaf = { subject: [{ CN: ['authority'] }], purpose: 'server' as const, dnsNames, addresses }
    return issueLeaf(leaf, createPublicKey(key), issuer, now())
  }
  let pem = await make()
  const { issuing, cross, root } = generation
  return {
    current: () => ({ key: String(key.export({ type: 'pkcs8', format: 'pem' })), cert: pem + chainOf(generation) }),
    signer: () => ({
      key,
      certificates: [new X509Certificate(pem), issuing, ...(cross === undefined ? [] : [cross]), root],
    }),
    async renewWhenDue() {
      if (Date.parse(new X509Certificate(pem).validTo) - now() > RENEWED_BEFORE_MS) return false
      pem = await make()
      return true
    },
  }
}
