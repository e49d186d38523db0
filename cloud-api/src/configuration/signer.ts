import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { DesiredSet } from '@vigie/contract/desired'
import { CompactSign } from 'jose'

/** Signs what units should be. */
export type ConfigurationSigner = (set: DesiredSet) => Promise<string>

/**
 * @param certificate CN=configuration, in PEM, with what leads from it to the units' root behind it; the root itself is left
 * out, since the unit must have it anyway
 * @throws when key and certificate do not belong together, or it is not for configuration
 */
export function createConfigurationSigner({
  certificate,
  key,
}: {
  certificate: string
  key: string
}): ConfigurationSigner {
  const chain = (certificate.match(PEM_CERTIFICATE) ?? []).map((block) => new X509Certificate(block))
  const privateKey = createPrivateKey(key)
  const [own] = chain
  if (own === undefined || !own.checkPrivateKey(privateKey)) throw new Error('is not the certificate of its key')
  if (!/^CN=configuration$/m.test(own.subject)) throw new Error('is not for configuration')
  const x5c = chain.filter((one) => one.subject !== one.issuer).map(({ raw }) => raw.toString('base64'))
  return (set) =>
    new CompactSign(new TextEncoder().encode(JSON.stringify(set)))
      .setProtectedHeader({ alg: 'ES256', x5c })
      .sign(privateKey)
}

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g
