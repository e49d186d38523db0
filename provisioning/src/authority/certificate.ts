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
const AUTHORITY_VALID_MS = 3_652 * DAY_MS
/** What public authorities may give at most is 398 days; anything that depends on longer ones learns bad habits. */
const LEAF_VALID_MS = 397 * DAY_MS

const SIGNING = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** What a leaf certificate is for; `names` are the host names and addresses that a server answers to. */
export type Leaf = { subject: JsonName; purpose: 'server' | 'client'; dnsNames?: string[]; addresses?: string[] }

/** Makes the self-signed certificate of an authority that issues leaves only. Gives PEM. */
export async function issueAuthority(
  subject: JsonName,
  key: KeyObject,
  publicKey: KeyObject,
  now: number,
): Promise<string> {
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: subject,
    serialNumber: newSerial(),
    ...validity(now, AUTHORITY_VALID_MS),
    keys: { privateKey: await forSigning(key), publicKey: await forVerifying(publicKey) },
    signingAlgorithm: SIGNING,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(spki(publicKey)),
    ],
  })
  return pem(certificate)
}

/** Issues one leaf certificate for a P-256 public key, signed by the authority. Gives PEM. */
export async function issueLeaf(
  leaf: Leaf,
  publicKey: KeyObject,
  authority: { certificate: NodeCertificate; key: KeyObject },
  now: number,
): Promise<string> {
  const issuer = new X509Certificate(authority.certificate.raw)
  const names = [
    ...(leaf.dnsNames ?? []).map((value) => ({ type: 'dns' as const, value })),
    ...(leaf.addresses ?? []).map((value) => ({ type: 'ip' as const, value })),
  ]
  const certificate = await X509CertificateGenerator.create({
    subject: leaf.subject,
    issuer: issuer.subjectName,
    serialNumber: newSerial(),
    ...validity(now, LEAF_VALID_MS),
    publicKey: spki(publicKey),
    signingKey: await forSigning(authority.key),
    signingAlgorithm: SIGNING,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([
        leaf.purpose === 'server' ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth,
      ]),
      await SubjectKeyIdentifierExtension.create(spki(publicKey)),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
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

const forSigning = (key: KeyObject) =>
  webcrypto.subtle.importKey('pkcs8', key.export({ type: 'pkcs8', format: 'der' }), SIGNING, false, ['sign'])

const forVerifying = (key: KeyObject) =>
  webcrypto.subtle.importKey('spki', key.export({ type: 'spki', format: 'der' }), SIGNING, true, ['verify'])

const pem = (certificate: X509Certificate) => `${certificate.toString('pem').trim()}\n`
