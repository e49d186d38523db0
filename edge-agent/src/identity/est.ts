// First: @peculiar/x509 wires itself with decorators, which need this at import.
import 'reflect-metadata'
import { X509Certificate } from 'node:crypto'
import { X509Certificates } from '@peculiar/x509'
import { AgentFault } from '../faults.ts'
import { type Answer, type AuthorityTrust, askAuthority } from './authority-connection.ts'

/** What the authority says to a request for a certificate. */
export type EstAnswer =
  | { outcome: 'granted'; certificate: X509Certificate }
  | { outcome: 'not-yet'; retryInMs: number }
  | { outcome: 'refused'; reason: string }

/** RFC 7030 §3.2.2 */
const PATH = '/.well-known/est'
/** Between these a claim that waits for its technician is asked about: he stands before the box, and the SIM is paid for. */
const RETRY_AT_LEAST_S = 2
const RETRY_AT_MOST_S = 3_600
/** More authorities than a fleet has in twenty years. Beyond: not believed. */
const AUTHORITIES_MAX = 20

/** The first certificate, by a claim (RFC 7030 §4.2.1, §3.2.3). @throws AgentFault `authority-…` */
export async function enrol(
  trust: AuthorityTrust,
  { unit, code, request }: { unit: string; code: string; request: string },
  signal: AbortSignal,
): Promise<EstAnswer> {
  const basic = Buffer.from(`${unit}:${code}`).toString('base64')
  return sendRequest(trust, 'simpleenroll', { request, headers: { authorization: `Basic ${basic}` } }, signal)
}

/** A further certificate, by the one that is shown (RFC 7030 §4.2.2), also when that has ended. @throws as `enrol` */
export async function reenrol(trust: AuthorityTrust, request: string, signal: AbortSignal): Promise<EstAnswer> {
  return sendRequest(trust, 'simplereenroll', { request, headers: {} }, signal)
}

/** The authorities that the fleet believes now (RFC 7030 §4.1). @throws as `enrol` */
export async function readAuthorities(trust: AuthorityTrust, signal: AbortSignal): Promise<X509Certificate[]> {
  const answer = await askAuthority(trust, { method: 'GET', path: `${PATH}/cacerts` }, signal)
  if (answer.status !== 200) throw unusable(answer)
  const authorities = certificatesOf(answer)
  const areUsable = authorities.length > 0 && authorities.length <= AUTHORITIES_MAX && authorities.every(({ ca }) => ca)
  if (!areUsable) throw new AgentFault('authority-silent', 'its list of authorities is none')
  return authorities
}

async function sendRequest(
  trust: AuthorityTrust,
  what: 'simpleenroll' | 'simplereenroll',
  { request, headers }: { request: string; headers: Record<string, string> },
  signal: AbortSignal,
): Promise<EstAnswer> {
  const type = { 'content-type': 'application/pkcs10', 'content-transfer-encoding': 'base64' }
  const asked = { method: 'POST', path: `${PATH}/${what}`, headers: { ...headers, ...type }, body: request } as const
  const answer = await askAuthority(trust, asked, signal)
  if (answer.status === 200) {
    const [certificate] = certificatesOf(answer)
    if (certificate === undefined) throw unusable(answer)
    return { outcome: 'granted', certificate }
  }
  // 202: not yet. 429: asked too often. 503: busy.
  if ([202, 429, 503].includes(answer.status)) return { outcome: 'not-yet', retryInMs: retryAfterMs(answer) }
  if (answer.status >= 400 && answer.status < 500) return { outcome: 'refused', reason: reasonOf(answer) }
  throw unusable(answer)
}

const unusable = ({ status }: Answer) => new AgentFault('authority-silent', `answered ${status}`)

function retryAfterMs(answer: Answer): number {
  const seconds = Number(answer.header('retry-after') ?? 60)
  return 1000 * Math.min(RETRY_AT_MOST_S, Math.max(RETRY_AT_LEAST_S, Number.isFinite(seconds) ? seconds : 60))
}

/** The last word of a problem's type (RFC 9457) when it has one, else the status. */
function reasonOf({ body, status }: Answer): string {
  const [, word] = /"type":"[\w:/.-]*?([a-z][a-z-]{1,40})"/.exec(body.subarray(0, 2_000).toString()) ?? []
  return word ?? `status ${status}`
}

/** Certificates without a signer: PKCS#7 in base64 (RFC 7030 §4.1.3). */
function certificatesOf({ body }: Answer): X509Certificate[] {
  try {
    const der = Buffer.from(body.toString('latin1').replaceAll(/\s/g, ''), 'base64')
    return [...new X509Certificates(Uint8Array.from(der))].map(
      ({ rawData }) => new X509Certificate(Buffer.from(rawData)),
    )
  } catch (cause) {
    throw new AgentFault('authority-silent', 'its certificates cannot be read', { cause })
  }
}
