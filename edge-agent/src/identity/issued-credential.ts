import { createPrivateKey, type X509Certificate } from 'node:crypto'
import { isIssuedByAuthority } from '../uplink/server-trust.ts'
import { bearerOf, type Credential } from './credential.ts'

/** More certificates between a unit's and its roots than anybody issues. */
const CHAIN_MAX = 6
const CLIENT_PURPOSE = '1.3.6.1.5.5.7.3.2'
const SERVER_PURPOSE = '1.3.6.1.5.5.7.3.1'

export type IssueProblem =
  | 'for-another-key'
  | 'for-another-unit'
  | 'for-another-site'
  | 'not-for-its-purpose'
  | 'for-other-names'
  | 'from-another-authority'
  | 'has-ended'

/**
 * Puts a certificate that came together with its key and the authorities, if it is what was asked for. A box keeps nothing by
 * which it could not come in again, and a gateway nothing by which its lanes would not know its doors.
 * @param asked.doors the certificate of a gateway's doors in whose place it comes; absent: it is a unit's own
 */
export function issuedCredential(
  { certificate, authorities }: { certificate: X509Certificate; authorities: readonly X509Certificate[] },
  asked: { key: string; unit: string; site: string | null; nowMs: number; doors?: X509Certificate },
): { ok: true; credential: Credential } | { ok: false; problem: IssueProblem } {
  const bearer = bearerOf(certificate)
  const problem = ((): IssueProblem | null => {
    if (!certificate.checkPrivateKey(createPrivateKey(asked.key))) return 'for-another-key'
    if (bearer?.unit !== asked.unit) return 'for-another-unit'
    if (asked.site !== null && bearer.site !== asked.site) return 'for-another-site'
    const purpose = asked.doors ? SERVER_PURPOSE : CLIENT_PURPOSE
    if (!certificate.keyUsage?.includes(purpose)) return 'not-for-its-purpose'
    if (asked.doors && certificate.subjectAltName !== asked.doors.subjectAltName) return 'for-other-names'
    if (!isIssuedByAuthority(certificate, authorities, asked.nowMs)) return 'from-another-authority'
    return bearer.endMs < asked.nowMs ? 'has-ended' : null
  })()
  if (problem !== null) return { ok: false, problem }
  const chain = [certificate, ...leadingToRoots(certificate, authorities)]
  const credential = { key: asked.key, certificates: chain.join(''), authorities: authorities.join('') }
  return { ok: true, credential }
}

/**
 * What a peer needs that knows one of the roots only: the issuing authorities, and what certifies a new root by an old one.
 * Roots themselves are left out, since nobody believes one because it was sent.
 */
function leadingToRoots(leaf: X509Certificate, authorities: readonly X509Certificate[]): X509Certificate[] {
  const chain: X509Certificate[] = []
  const open = [leaf]
  for (let below = open.shift(); below !== undefined && chain.length < CHAIN_MAX; below = open.shift()) {
    for (const above of authorities) {
      const isRoot = above.checkIssued(above)
      if (chain.includes(above) || !below.checkIssued(above) || !below.verify(above.publicKey)) continue
      // A root that another one certifies stands there twice, under one name and key: the other leads further.
      if (!isRoot) chain.push(above)
      if (!isRoot) open.push(above)
    }
  }
  return chain
}
