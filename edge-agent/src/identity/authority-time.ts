import { randomBytes, verify, X509Certificate } from 'node:crypto'
import { decodeTimeStatement, type TimeStatement, timeStatementText } from '@vigie/contract/time-statement'
import type { ClockComparison } from '../clock/honest-time.ts'
import { AgentFault } from '../faults.ts'
import { isForServers } from '../uplink/server-trust.ts'
import { type AuthorityTrust, askAuthority } from './authority-connection.ts'
import { certificatesIn } from './credential.ts'

/** Twice what is asked for at least: nobody meets the same twice. */
const NONCE_BYTES = 32

/**
 * Asks the authority what time it is. Its answer is signed together with our nonce, and its signer must lead to a root that we
 * know and have been valid at the time that it says: so the time may be believed before there is one to judge dates by.
 * @throws AgentFault `authority-…`
 */
export async function readAuthorityTime(
  trust: AuthorityTrust,
  monotonicMs: () => number,
  signal: AbortSignal,
): Promise<ClockComparison> {
  const nonce = randomBytes(NONCE_BYTES).toString('base64url')
  const askedMonoMs = monotonicMs()
  const answer = await askAuthority(trust, { method: 'GET', path: `/time?nonce=${nonce}` }, signal)
  const receivedMonoMs = monotonicMs()
  const statement = decodeTimeStatement(answer.body)
  if (answer.status !== 200 || !statement.ok) throw new AgentFault('authority-silent', 'told no time')
  const cloudAtMs = timeIn(statement.value, { nonce, roots: certificatesIn(trust.authorities) })
  if (cloudAtMs === null) throw new AgentFault('authority-untrusted', 'the signature of its time')
  return { cloudAtMs, receivedMonoMs, roundTripMs: receivedMonoMs - askedMonoMs }
}

/** The time that a statement tells in answer to our nonce, in milliseconds; null when it is not to be believed. */
export function timeIn(
  statement: TimeStatement,
  { nonce, roots }: { nonce: string; roots: readonly X509Certificate[] },
): number | null {
  if (statement.nonce !== nonce) return null
  const atMs = Date.parse(statement.time)
  let chain: X509Certificate[]
  try {
    chain = statement.certificates.map((der) => new X509Certificate(Buffer.from(der, 'base64')))
  } catch {
    return null
  }
  const [signer] = chain
  if (signer === undefined || !signer.subject.split('\n').includes('CN=authority') || !isForServers(signer)) return null
  if (!leadsTo(roots, chain, atMs)) return null
  const signature = Buffer.from(statement.signature, 'base64url')
  const key = { key: signer.publicKey, dsaEncoding: 'ieee-p1363' as const }
  return verify('sha256', timeStatementText(statement), key, signature) ? atMs : null
}

/** Whether the first leads to one of the roots by the others, with all of them valid at that time. */
function leadsTo(roots: readonly X509Certificate[], chain: readonly X509Certificate[], atMs: number): boolean {
  const isValid = ({ validFrom, validTo }: X509Certificate) =>
    Date.parse(validFrom) <= atMs && atMs <= Date.parse(validTo)
  const reached = new Set<X509Certificate>()
  const climb = (below: X509Certificate): boolean => {
    if (reached.has(below) || !isValid(below)) return false
    reached.add(below)
    const isAbove = (other: X509Certificate) =>
      other.ca && below.checkIssued(other) && below.verify(other.publicKey) && isValid(other)
    return roots.some(isAbove) || chain.some((other) => isAbove(other) && climb(other))
  }
  const [signer] = chain
  return signer !== undefined && climb(signer)
}
