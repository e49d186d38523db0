import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { SignerName } from '@vigie/contract/signer-chain'
import { CompactSign } from 'jose'

/** Signs what units are told and must believe: gives a compact JWS, ES256, with its chain in `x5c`. */
export type DocumentSigner = (document: object) => Promise<string>

/**
 * @param name the CN of the certificate: whoever reads a document believes no other
 * @param certificate in PEM, with what leads from it to the units' root behind it; the root itself is left out, since the
 * unit must have it anyway
 * @throws when key and certificate do not belong together, or it is for something else
 */
export function createDocumentSigner(
  name: SignerName,
  { certificate, key }: { certificate: string; key: string },
): DocumentSigner {
  const chain = (certificate.match(PEM_CERTIFICATE) ?? []).map((block) => new X509Certificate(block))
  const privateKey = createPrivateKey(key)
  const [own] = chain
  if (own === undefined || !own.checkPrivateKey(privateKey)) throw new Error('is not the certificate of its key')
  if (!own.subject.split('\n').includes(`CN=${name}`)) throw new Error(`is not for ${name}`)
  const x5c = chain.filter((one) => one.subject !== one.issuer).map(({ raw }) => raw.toString('base64'))
  return (document) =>
    new CompactSign(new TextEncoder().encode(JSON.stringify(document)))
      .setProtectedHeader({ alg: 'ES256', x5c })
      .sign(privateKey)
}

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g
