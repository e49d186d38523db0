import { createPrivateKey, X509Certificate } from 'node:crypto'

/** PEM: by what the cloud knows broker and authority, and what it shows them. */
export type ClientTls = { ca: string; cert: string; key: string }

/** @throws when the key is not that of the certificate */
export function readClientTls([cert = '', key = '', ca = '']: readonly string[]): ClientTls {
  if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)))
    throw new Error('is not the certificate of its key')
  return { ca, cert, key }
}
