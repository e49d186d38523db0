import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../faults.ts'
import { writeWhole } from './atomic-file.ts'
import { issueAuthority, issueLeaf, type Leaf } from './certificate.ts'
import { newKey } from './sealed-key.ts'

const DAY_MS = 86_400_000
/** A leaf with less than this left is issued again, for the same key. */
const RENEWED_BEFORE_MS = 30 * DAY_MS
/** An authority with less than this left could issue leaves that outlive it; it gets a new certificate for its key. */
const AUTHORITY_RENEWED_BEFORE_MS = 400 * DAY_MS

const AUTHORITY_VALID_MS = 3_652 * DAY_MS

/** Whoever meets one of these certificates outside a developer's machine must see at once what it is. */
const DEVELOPMENT = 'Vigie development'

export type UnitAtSite = { site: string; unit: string }
export type CertificateFiles = { certificateFile: string; keyFile: string }

/** Where the files are, and what this call changed. */
export type DevelopmentAuthority = {
  caFile: string
  broker: CertificateFiles
  cloud: CertificateFiles
  /** Signs what units should be. */
  configuration: CertificateFiles
  /** Signs what the gates of museums must know. */
  tickets: CertificateFiles
  unit(unit: string): CertificateFiles
  /** Names, in order: `ca`, `broker`, `cloud`, `configuration`, `tickets`, unit ids. What is in neither list was kept as it was. */
  made: string[]
  renewed: string[]
}

/**
 * Makes, or completes, the certificates of a fleet on one machine: an authority, the broker's server certificate
 * (localhost), the cloud's and one for each unit. Calling it again keeps what is sound, adds what is missing and renews
 * what expires within 30 days; a key that is there is kept, so a unit goes on signing with the same key.
 *
 * Throws a Fault `authority-incomplete` when ca.crt and ca.key do not belong together, because a new authority would
 * silently disown every certificate in the folder.
 */
export async function createDevelopmentAuthority(
  { folder, units }: { folder: string; units: readonly UnitAtSite[] },
  { now }: { now: () => number },
): Promise<DevelopmentAuthority> {
  for (const { site, unit } of units) {
    for (const name of [site, unit]) if (!/^[a-z0-9-]{1,40}$/.test(name)) throw new Fault('name-not-usable', name)
  }
  mkdirSync(join(folder, 'units'), { recursive: true, mode: 0o700 })
  const filesOf = (name: string): CertificateFiles => ({
    certificateFile: join(folder, `${name}.crt`),
    keyFile: join(folder, `${name}.key`),
  })
  const unitFiles = (unit: string) => filesOf(join('units', unit))
  const made: string[] = []
  const renewed: string[] = []

  const authority = await takeAuthority(filesOf('ca'), now())
  if (authority.change === 'made') made.push('ca')
  if (authority.change === 'renewed') renewed.push('ca')

  const ensure = async (name: string, files: CertificateFiles, leaf: Leaf) => {
    const outcome = await ensureLeaf(files, leaf, authority, now())
    if (outcome === 'made') made.push(name)
    if (outcome === 'renewed') renewed.push(name)
  }
  await ensure('broker', filesOf('broker'), {
    subject: [{ CN: ['localhost'] }, { O: [DEVELOPMENT] }],
    purpose: 'server',
    dnsNames: ['localhost'],
    addresses: ['127.0.0.1', '::1'],
  })
  await ensure('cloud', filesOf('cloud'), { subject: [{ CN: ['cloud'] }], purpose: 'client' })
  await ensure('configuration', filesOf('configuration'), {
    subject: [{ CN: ['configuration'] }],
    purpose: 'documents',
  })
  await ensure('tickets', filesOf('tickets'), { subject: [{ CN: ['tickets'] }], purpose: 'documents' })
  for (const { site, unit } of units) {
    await ensure(unit, unitFiles(unit), { subject: [{ CN: [unit] }, { OU: [site] }], purpose: 'client' })
  }
  return {
    caFile: filesOf('ca').certificateFile,
    broker: filesOf('broker'),
    cloud: filesOf('cloud'),
    configuration: filesOf('configuration'),
    tickets: filesOf('tickets'),
    unit: unitFiles,
    made,
    renewed,
  }
}

type Authority = { certificate: X509Certificate; key: KeyObject; change: 'none' | 'made' | 'renewed' }

async function takeAuthority({ certificateFile, keyFile }: CertificateFiles, now: number): Promise<Authority> {
  if (existsSync(certificateFile)) {
    const certificate = readCertificate(certificateFile)
    const key = readKey(keyFile)
    if (certificate === undefined || key === undefined || !certificate.checkPrivateKey(key)) {
      throw new Fault('authority-incomplete', certificateFile)
    }
    if (Date.parse(certificate.validTo) - now > AUTHORITY_RENEWED_BEFORE_MS) {
      return { certificate, key, change: 'none' }
    }
    return { certificate: await certify(key, certificateFile, now), key, change: 'renewed' }
  }
  // The key goes first: dying between the two leaves a key that the next call overwrites, never a certificate alone.
  const key = newKey()
  writeKey(keyFile, key)
  return { certificate: await certify(key, certificateFile, now), key, change: 'made' }
}

async function certify(key: KeyObject, certificateFile: string, now: number): Promise<X509Certificate> {
  const subject = [{ CN: ['Vigie development authority'] }, { O: [DEVELOPMENT] }]
  const wish = { subject, validMs: AUTHORITY_VALID_MS, pathLength: 0 }
  const pem = await issueAuthority(wish, createPublicKey(key), { key }, now)
  writeWhole(certificateFile, pem, 0o644)
  return new X509Certificate(pem)
}

async function ensureLeaf(
  { certificateFile, keyFile }: CertificateFiles,
  leaf: Leaf,
  authority: Authority,
  now: number,
): Promise<'kept' | 'renewed' | 'made'> {
  const key = readKey(keyFile)
  const present = readCertificate(certificateFile)
  if (key !== undefined && present !== undefined && isSound(present, key, leaf, authority, now)) return 'kept'
  const signing = key ?? newKey()
  if (key === undefined) writeKey(keyFile, signing)
  writeWhole(certificateFile, await issueLeaf(leaf, createPublicKey(signing), authority, now), 0o644)
  return key !== undefined && present !== undefined ? 'renewed' : 'made'
}

function isSound(present: X509Certificate, key: KeyObject, leaf: Leaf, authority: Authority, now: number): boolean {
  const subject = leaf.subject.flatMap((part) => Object.entries(part).map(([name, [value]]) => `${name}=${value}`))
  return (
    present.checkPrivateKey(key) &&
    present.verify(authority.certificate.publicKey) &&
    present.subject === subject.join('\n') &&
    Date.parse(present.validFrom) <= now &&
    Date.parse(present.validTo) - now > RENEWED_BEFORE_MS
  )
}

const writeKey = (file: string, key: KeyObject) =>
  writeWhole(file, String(key.export({ type: 'pkcs8', format: 'pem' })), 0o600)

/** Undefined when the file is missing or is no P-256 key: it is then made anew. */
function readKey(file: string): KeyObject | undefined {
  if (!existsSync(file)) return undefined
  const pem = readFileSync(file)
  try {
    const key = createPrivateKey(pem)
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined
  } catch {
    return undefined
  }
}

function readCertificate(file: string): X509Certificate | undefined {
  if (!existsSync(file)) return undefined
  const pem = readFileSync(file)
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined
  }
}
