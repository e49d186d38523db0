// First: @peculiar/x509 wires itself with decorators, which need this at import.
import 'reflect-metadata'
import { createPrivateKey, createPublicKey, webcrypto } from 'node:crypto'
import { cryptoProvider, Pkcs10CertificateRequestGenerator } from '@peculiar/x509'

cryptoProvider.set(crypto)

const SIGNING = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/**
 * A request for a certificate (PKCS#10), signed by the key that it is for. Gives DER in base64, as EST wants it.
 * @param site where the unit stands; null: the authority knows it by the claim
 */
export async function makeCertificateRequest(
  keyPem: string,
  { unit, site }: { unit: string; site: string | null },
): Promise<string> {
  const key = createPrivateKey(keyPem)
  const [pkcs8, spki] = [
    key.export({ type: 'pkcs8', format: 'der' }),
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
  ]
  const { subtle } = webcrypto
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [unit] }, ...(site === null ? [] : [{ OU: [site] }])],
    keys: {
      privateKey: await subtle.importKey('pkcs8', pkcs8, SIGNING, false, ['sign']),
      publicKey: await subtle.importKey('spki', spki, SIGNING, true, ['verify']),
    },
    signingAlgorithm: SIGNING,
  })
  return Buffer.from(request.rawData).toString('base64')
}
