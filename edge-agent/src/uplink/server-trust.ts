import type { X509Certificate } from 'node:crypto'
import { checkServerIdentity, type TLSSocket } from 'node:tls'
import { certificatesIn } from '../identity/credential.ts'

/** What the unit believes and knows when it judges a server: a broker, or the authority. */
export type ServerTrust = {
  /** The authorities, in PEM. */
  ca: string
  /** The server's name or address, as the settings say it. */
  host: string
  /** Now, as honestly as the unit knows: the wall clock may stand at 1970. */
  nowMs: number
}

/** What OpenSSL says of dates, by the machine's wall clock. */
const BY_WALL_CLOCK = new Set(['CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED'])
/** More certificates between a server's and its authority than anybody issues. Beyond: not believed. */
const CHAIN_MAX = 5
const SERVER_PURPOSE = '1.3.6.1.5.5.7.3.1'

/**
 * Judges the certificate of a server once TLS stands; null when it is believed, else Node's code for what is wrong.
 *
 * OpenSSL asks the wall clock, and a box without a battery boots in 1970, when no certificate is valid yet: refusing it
 * would be for ever, since the time comes by this very connection. So where a date is all that OpenSSL minds, the rest is
 * judged again here, because its last complaint hides earlier ones: the chain up to an authority, the name, the purpose.
 * Of dates only the end counts, by honest time; a certificate that our authority signed is not too young for anybody.
 */
export function serverProblem(
  socket: TLSSocket,
  trust: ServerTrust,
  leaf: X509Certificate | undefined = socket.getPeerX509Certificate(),
): string | null {
  if (leaf === undefined) return 'CERT_MISSING'
  if (!socket.authorized) {
    // Typed as an Error, and the code of one in truth.
    const complaint = String(socket.authorizationError)
    if (!BY_WALL_CLOCK.has(complaint)) return complaint
    if (!isIssuedByAuthority(leaf, certificatesIn(trust.ca), trust.nowMs)) return 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'
    if (!isForServers(leaf)) return 'CERT_NOT_FOR_SERVERS'
    if (checkServerIdentity(trust.host, leaf.toLegacyObject()) !== undefined) return 'HOSTNAME_MISMATCH'
  }
  return hasEnded(leaf, trust.nowMs) ? 'CERT_HAS_EXPIRED' : null
}

const hasEnded = (certificate: X509Certificate, nowMs: number) => Date.parse(certificate.validTo) < nowMs

/** Whether a certificate leads to one of the authorities by those that came with it. */
export function isIssuedByAuthority(
  leaf: X509Certificate,
  authorities: readonly X509Certificate[],
  nowMs: number,
): boolean {
  let certificate = leaf
  for (let length = 0; length < CHAIN_MAX; length++) {
    const isIssuer = (other: X509Certificate) =>
      other.ca && certificate.checkIssued(other) && certificate.verify(other.publicKey)
    if (authorities.some((authority) => isIssuer(authority) && !hasEnded(authority, nowMs))) return true
    const next = certificate.issuerCertificate
    if (next === undefined || !isIssuer(next) || hasEnded(next, nowMs)) return false
    certificate = next
  }
  return false
}

/** Without a list of purposes a certificate is for any. */
export function isForServers({ keyUsage: purposes }: X509Certificate): boolean {
  // Typed as a list, and undefined where the certificate has none.
  return ((purposes as string[] | undefined) ?? [SERVER_PURPOSE]).includes(SERVER_PURPOSE)
}
