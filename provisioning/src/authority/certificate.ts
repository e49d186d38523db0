// First: @peculiar/x509 wires itself with decorators, which need this at import.
import 'reflect-metadata'
import { type KeyObject, type X509Certificate as NodeCertificate, randomBytes, webcrypto } from 'node:crypto'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonName,
  KeyUsageFlags,
  KeyUsagesExtension,
  PublicKey,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

cryptoProvider.set(crypto)

const DAY_MS = 86_400_000
/** A box whose clock is some hours behind must still take what was issued just now. */
const BACKDATED_MS = DAY_MS
/** What public authorities may give at most is 398 days; anything that depends on longer ones learns bad habits. */
export const SERVER_VALID_MS = 397 * DAY_MS

export const SIGNING = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** Whoever signs certificates: its own certificate and key. */
export type Issuer = { certificate: NodeCertificate; key: KeyObject }

/** For documents: RFC 9336, so that the certificate serves for signed configuration and for no TLS connection. */
const DOCUMENT_SIGNING = '1.3.6.1.5.5.7.3.36'
const PURPOSES = {
  server: ExtendedKeyUsage.serverAuth,
  client: ExtendedKeyUsage.clientAuth,
  documents: DOCUMENT_SIGNING,
} as const

/** What a leaf certificate is for; `names` are the host names and addresses that a server answers to. */
export type Leaf = {
  subject: JsonName
  purpose: keyof typeof PURPOSES
  dnsNames?: string[]
  addresses?: string[]
  validMs?: number
}

/** `pathLength`: how many authorities may stand below it; undefined: any number. */
export type AuthorityWish = { subject: JsonName; validMs: number; pathLength?: number }

/** Makes the certificate of an authority: self-signed without an issuer, which is then its own key. Gives PEM. */
export async function issueAuthority(
  { subject, validMs, pathLength }: AuthorityWish,
  publicKey: KeyObject,
  issuer: Issuer | { key: KeyObject },
  now: number,
): Promise<string> {
  const above = 'certificate' in issuer ? new X509Certificate(issuer.certificate.raw) : undefined
  const certificate = await X509CertificateGenerator.create({
    subject,
    issuer: above?.subjectName ?? subject,
    serialNumber: newSerial(),
    ...validity(now, validMs),
    publicKey: spki(publicKey),
    signingKey: await forSigning(issuer.key),
    signingAlgorithm: SIGNING,
    extensions: [
      new BasicConstraintsExtension(true, pathLength, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(spki(publicKey)),
      ...(above === undefined ? [] : [await AuthorityKeyIdentifierExtension.create(above.publicKey)]),
    ],
  })
  return pem(certificate)
}

/** Issues one leaf certificate for a P-256 public key. Gives PEM. */
export async function issueLeaf(leaf: Leaf, publicKey: KeyObject, issuer: Issuer, now: number): Promise<string> {
  const above = new X509Certificate(issuer.certificate.raw)
  const names = [
    ...(leaf.dnsNames ?? []).map((value) => ({ type: 'dns' as const, value })),
    ...(leaf.addresses ?? []).map((value) => ({ type: 'ip' as const, value })),
  ]
  const certificate = await X509CertificateGenerator.create({
    subject: leaf.subject,
    issuer: above.subjectName,
    serialNumber: newSerial(),
    ...validity(now, leaf.validMs ?? SERVER_VALID_MS),
    publicKey: spki(publicKey),
    signingKey: await forSigning(issuer.key),
    signingAlgorithm: SIGNING,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([PURPOSES[leaf.purpose]]),
      await SubjectKeyIdentifierExtension.create(spki(publicKey)),
      await AuthorityKeyIdentifierExtension.create(above.publicKey),
      ...(names.length === 0 ? [] : [new SubjectAlternativeNameExtension(names)]),
    ],
  })
  return pem(certificate)
}

const validity = (now: number, validMs: number) => ({
  notBefore: new Date(now - BACKDATED_MS),
  notAfter: new Date(now - BACKDATED_MS + validMs),
})

/** 127 random bits, positive and never zero at the front, as RFC 5280 §4.1.2.2 wants. */
function newSerial(): string {
  const bytes = randomBytes(16)
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0)
  return bytes.toString('hex')
}

const spki = (publicKey: KeyObject) => new PublicKey(publicKey.export({ type: 'spki', format: 'der' }))

/** Imported once for each key: an authority signs thousands of times with the same. */
const imported = new WeakMap<KeyObject, Promise<webcrypto.CryptoKey>>()

export function forSigning(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const known = imported.get(key)
  if (known !== undefined) return known
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' })
  const importing = webcrypto.subtle.importKey('pkcs8', pkcs8, SIGNING, false, ['sign'])
  imported.set(key, importing)
  return importing
}

const pem = (certificate: X509Certificate) => `${certificate.toString('pem').trim()}\n`
