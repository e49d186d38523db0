import type { X509Certificate } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import { isSiteId, isUnitId } from '@vigie/contract/ids'
import type { ShownCertificate } from '../enrolment/judge-renewal.ts'
import type { AuthorityStore } from '../store/authority-store.ts'
import type { KeptCertificate } from '../store/certificate-table.ts'

const CLIENT = '1.3.6.1.5.5.7.3.2'
const SERVER = '1.3.6.1.5.5.7.3.1'

/** Whom a connection's client certificate names; TLS has proved that the peer holds its key. */
export type Peer =
  | { who: 'nobody' }
  /** A certificate that this authority did not issue, or that is no client's. */
  | { who: 'stranger' }
  | { who: 'cloud' }
  /** `certificate`: as it is kept, also when it has expired or is revoked. */
  | { who: 'unit'; certificate: KeptCertificate }
  /** The doors of a museum's gateway, by a certificate that was made by hand, also when that has expired or is revoked. */
  | { who: 'doors'; certificate: ShownCertificate }

/**
 * TLS lets everybody in, so that a box without a certificate, or with one that has expired, can ask at all: what the
 * certificate is worth is judged here, at each request, against the issuing authorities and what is stored.
 */
export function peerOf(
  request: IncomingMessage,
  { issuers, store, now }: { issuers: readonly X509Certificate[]; store: AuthorityStore; now: () => number },
): Peer {
  const certificate = request.socket instanceof TLSSocket ? request.socket.getPeerX509Certificate() : undefined
  if (certificate === undefined) return { who: 'nobody' }
  // What was given to a unit is known byte by byte, so also that of a generation whose issuer is long gone.
  const kept = store.certificates.bySerial(certificate.serialNumber)
  if (kept?.der.equals(certificate.raw)) return { who: 'unit', certificate: kept }
  const isOurs = issuers.some((issuer) => certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey))
  const doors = isOurs ? doorsOf(certificate, store, now) : null
  if (doors !== null) return { who: 'doors', certificate: doors }
  if (!isOurs || certificate.keyUsage?.includes(CLIENT) !== true) return { who: 'stranger' }
  const isValid = Date.parse(certificate.validFrom) <= now() && now() <= Date.parse(certificate.validTo)
  const isCloud = certificate.subject === 'CN=cloud' && isValid
  return isCloud && !store.certificates.isRevoked(certificate.serialNumber) ? { who: 'cloud' } : { who: 'stranger' }
}

/** Null: it is no server's of a unit at a site. */
function doorsOf(certificate: X509Certificate, store: AuthorityStore, now: () => number): ShownCertificate | null {
  const { CN: unit, OU: site }: { CN?: unknown; OU?: unknown } = certificate.toLegacyObject().subject
  if (typeof unit !== 'string' || typeof site !== 'string' || !isUnitId(unit) || !isSiteId(site)) return null
  if (!certificate.keyUsage?.includes(SERVER)) return null
  const serial = certificate.serialNumber
  return {
    ...{ serial, unit, site, purpose: 'server', der: certificate.raw, startsAt: Date.parse(certificate.validFrom) },
    revokedAt: store.certificates.isRevoked(serial) ? now() : null,
  }
}
