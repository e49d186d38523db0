import { X509Certificate } from 'node:crypto'

/** Who signed, or why it is not believed. */
export type SignerVerdict = { ok: true; signer: X509Certificate } | { ok: false; why: string }

/** Signer, issuing authority, and one more between it and the root. */
const CHAIN_MAX = 4
/** RFC 9336: for documents, and for no connection. */
const DOCUMENT_SIGNING = '1.3.6.1.5.5.7.3.36'

/** Who signs what units should be, and who signs what a museum's gates must know. */
export type SignerName = 'configuration' | 'tickets'

/** Whom a signature must be of, and by what it is judged. */
export type SignerTrust = {
  /** The common name of the certificate. */
  name: SignerName
  roots: readonly X509Certificate[]
  /** Honest time. */
  nowMs: number
}

/**
 * Judges the chain of a signature over a document: from a certificate that is for nothing else to one of our roots, each
 * valid now. A unit's own certificate or the cloud's is of the same roots, and may not sign.
 * @param chain certificates in DER, the signer's first
 */
export function judgeSigner(chain: readonly Uint8Array[], { name, roots, nowMs }: SignerTrust): SignerVerdict {
  if (chain.length === 0 || chain.length > CHAIN_MAX) return { ok: false, why: `${chain.length} certificates` }
  let certificates: X509Certificate[]
  try {
    certificates = chain.map((der) => new X509Certificate(der))
  } catch {
    return { ok: false, why: 'a certificate that is none' }
  }
  const [signer, ...others] = certificates
  if (!signer) return { ok: false, why: 'no certificate' }
  if (!signer.subject.split('\n').includes(`CN=${name}`) || !signer.keyUsage?.includes(DOCUMENT_SIGNING) || signer.ca) {
    return { ok: false, why: `signed by a certificate that is not for ${name}` }
  }
  let link = signer
  for (const next of [...others, null]) {
    if (!isValidAt(link, nowMs)) return { ok: false, why: 'a certificate that is not valid now' }
    if (link !== signer && roots.some((root) => root.fingerprint256 === link.fingerprint256))
      return { ok: true, signer }
    const root = roots.find((one) => isIssuedBy(link, one))
    if (root) return isValidAt(root, nowMs) ? { ok: true, signer } : { ok: false, why: 'a root that is not valid now' }
    if (next === null || !isIssuedBy(link, next)) break
    link = next
  }
  return { ok: false, why: 'signed by a stranger' }
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
}

function isValidAt(certificate: X509Certificate, nowMs: number): boolean {
  return Date.parse(certificate.validFrom) <= nowMs && nowMs <= Date.parse(certificate.validTo)
}
