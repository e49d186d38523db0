import { X509Certificate } from 'node:crypto'
import { keyIdOf } from '@vigie/contract/frame'
import type { KeyId, SiteId, UnitId } from '@vigie/contract/ids'

/** The authorities whose word on a unit's key is taken: every certificate of UNIT_CA_FILE. */
export type UnitAuthorities = readonly X509Certificate[]

export type CertifiedKey = { key: KeyId; serial: string; publicKeyPem: string; certificateEndsAt: number }

export type CertificateJudgement = { ok: true; value: CertifiedKey } | { ok: false; detail: string }

/** Reads a PEM file with one or more certificates; throws when one is none. */
export function readAuthorities(pem: string): UnitAuthorities {
  return certificatesIn(pem).map((text) => new X509Certificate(text))
}

/**
 * Judges the certificate of a birth. It must be issued directly by one of the authorities, be valid now, be no authority
 * itself, hold a P-256 key, and name this unit (CN) at this site (OU): else a unit could sign in another's name.
 */
export function judgeCertificate(
  pem: string,
  { site, unit }: { site: SiteId; unit: UnitId },
  authorities: UnitAuthorities,
  now: number,
): CertificateJudgement {
  const certificate = parsed(pem)
  if (certificate === null) return refused('is no certificate')
  const issuer = authorities.find((one) => certificate.checkIssued(one) && certificate.verify(one.publicKey))
  if (issuer === undefined) return refused('is not issued by an authority of UNIT_CA_FILE')
  if (!issuer.ca) return refused('its issuer is no authority')
  if (certificate.ca) return refused('is an authority')
  if (!isValid(certificate, now) || !isValid(issuer, now)) return refused('is not valid now')
  const { CN, OU } = subjectOf(certificate)
  if (CN !== unit || OU !== site) return refused('names another unit or site')
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey
  if (asymmetricKeyType !== 'ec' || asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    return refused('its key is not P-256')
  }
  return {
    ok: true,
    value: {
      key: keyIdOf(certificate.publicKey.export({ type: 'spki', format: 'der' })),
      serial: certificate.serialNumber,
      publicKeyPem: certificate.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      certificateEndsAt: Date.parse(certificate.validTo),
    },
  }
}

const refused = (detail: string): CertificateJudgement => ({ ok: false, detail })

/** The first certificate of the text: a birth may carry its chain after it. */
function parsed(pem: string): X509Certificate | null {
  const [first] = certificatesIn(pem)
  if (first === undefined) return null
  try {
    return new X509Certificate(first)
  } catch {
    return null
  }
}

const certificatesIn = (pem: string): string[] =>
  pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []

const isValid = ({ validFrom, validTo }: X509Certificate, now: number): boolean =>
  Date.parse(validFrom) <= now && now <= Date.parse(validTo)

/** A name that stands twice comes as a list, and is then nobody's. */
function subjectOf(certificate: X509Certificate): { CN?: unknown; OU?: unknown } {
  return certificate.toLegacyObject().subject
}
