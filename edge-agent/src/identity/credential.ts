import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { keyIdOf } from '@vigie/contract/frame'
import { isSiteId, isUnitId } from '@vigie/contract/ids'
import type { UnitKey } from '../frame/seal-frame.ts'
import type { Bearer } from './identity-step.ts'

/** By what a unit shows who it is, and whom it believes. All in PEM. */
export type Credential = {
  /** P-256, made on this unit. It signs frames too. */
  key: string
  /** The unit's own certificate, then what leads from it to a root. */
  certificates: string
  /** Roots and those below them. */
  authorities: string
}

const ONE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g

/** The certificates of a PEM text, in order; throws when one is none. */
export const certificatesIn = (pem: string): X509Certificate[] =>
  (pem.match(ONE) ?? []).map((one) => new X509Certificate(one))

/** The unit's own certificate in PEM: what a birth says. The cloud knows what leads from it to a root. */
export const ownCertificate = ({ certificates }: Credential): string => `${certificates.match(ONE)?.[0] ?? ''}\n`

/** Whether all of it can be read and fits together: a flash disk can give other bytes than were written. */
export function isWhole({ key, certificates, authorities }: Credential): boolean {
  try {
    const [own] = certificatesIn(certificates)
    return certificatesIn(authorities).length > 0 && own?.checkPrivateKey(createPrivateKey(key)) === true
  } catch {
    return false
  }
}

/** Whose certificate it is, and for how long; null when it names no unit at a site. */
export function bearerOf(certificate: X509Certificate): Bearer | null {
  const { CN: unit, OU: site }: { CN?: unknown; OU?: unknown } = certificate.toLegacyObject().subject
  if (typeof unit !== 'string' || typeof site !== 'string' || !isUnitId(unit) || !isSiteId(site)) return null
  const [startMs, endMs] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)]
  return { unit, site, serial: certificate.serialNumber, startMs, endMs }
}

/** Reads a key as it signs frames; null when it is not P-256. @throws when it is no key at all */
export function readUnitKey(pem: string): UnitKey | null {
  const privateKey = createPrivateKey(pem)
  if (privateKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return null
  return { id: keyIdOf(createPublicKey(privateKey).export({ type: 'spki', format: 'der' })), privateKey }
}

/** Whether it is a key that signs frames, whatever the disk gave. */
export function isUnitKey(pem: string): boolean {
  try {
    return readUnitKey(pem) !== null
  } catch {
    return false
  }
}
