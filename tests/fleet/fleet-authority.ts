// First: @peculiar/x509 wires itself with decorators, which need this at import.
import 'reflect-metadata'
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { X509Certificates } from '@peculiar/x509'
import type { SiteDocument } from '@vigie/config-schema/site-document'
import { authorityFiles, newestOf, openIssuing, readGenerations } from '@vigie/provisioning/authority/authority-folder'
import type { CertificateFiles } from '@vigie/provisioning/authority/development-authority'
import { foundAuthority } from '@vigie/provisioning/authority/found-authority'
import { newKey } from '@vigie/provisioning/authority/sealed-key'
import { issueServerPart } from '@vigie/provisioning/authority/server-part'
import { askAuthority, askOffice } from '../fixtures/ask-authority.ts'
import { signingRequestOf } from '../fixtures/signing-request.ts'
import type { FleetPlaces } from './places.ts'

/** It lies beside what it opens, so it protects nothing, and few rounds do: this authority is for one machine. */
const PASSPHRASE = 'une phrase que tout le monde connaît'
const PASSPHRASES = { root: PASSPHRASE, issuing: PASSPHRASE, rounds: 1_000 }
/** A unit's certificate with less than this left is got anew, for the same key. */
const RENEWED_BEFORE_MS = 30 * 86_400_000

/** The certificates that a simulated fleet runs with, wherever they came from. */
export type FleetCertificates = {
  /** Roots and issuing authorities. */
  caFile: string
  broker: CertificateFiles
  cloud: CertificateFiles
  configuration: CertificateFiles
  tickets: CertificateFiles
  unit(unit: string): CertificateFiles
}

/** Where they are; nothing is made. */
export function certificatesOf(places: FleetPlaces): FleetCertificates {
  const part = (name: string) => ({
    certificateFile: `${places.parts}/${name}.crt`,
    keyFile: `${places.parts}/${name}.key`,
  })
  return {
    caFile: authorityFiles(places.authority).trust,
    ...{ broker: part('broker'), cloud: part('cloud') },
    ...{ configuration: part('configuration'), tickets: part('tickets') },
    unit: (unit) => ({
      certificateFile: `${places.pki}/units/${unit}.crt`,
      keyFile: `${places.pki}/units/${unit}.key`,
    }),
  }
}

/** Makes the authority of the fleet's folder if there is none, and the certificates of the cloud's parts anew. */
export async function prepareAuthority(places: FleetPlaces): Promise<FleetCertificates> {
  const folder = places.authority
  if (readGenerations(folder).length === 0) await foundAuthority(folder, PASSPHRASES, Date.now())
  writeFileSync(places.issuingPassphrase, `${PASSPHRASE}\n`, { mode: 0o600 })
  const generation = newestOf(readGenerations(folder), folder)
  const issuing = openIssuing(folder, generation, PASSPHRASE)
  for (const [part, names] of [
    ['broker', ['localhost', '127.0.0.1', '::1']],
    ['cloud', []],
    ['configuration', []],
    ['tickets', []],
  ] as const) {
    await issueServerPart({ part, names, folder: places.parts }, { generation, issuing }, Date.now())
  }
  return certificatesOf(places)
}

/**
 * Enrols the units that have no certificate of this authority, as their boxes would: with a claim bound to the site, for
 * a key of their own. A key that is there is kept, since what waits in the unit's outbox is signed with it.
 */
export async function enrolUnits(
  port: number,
  certificates: FleetCertificates,
  fleet: readonly Pick<SiteDocument, 'id' | 'unit'>[],
): Promise<void> {
  const { caFile, cloud } = certificates
  const isOurs = issuedUnder(caFile)
  const isSound = (file: string) => {
    if (!existsSync(file)) return false
    const certificate = new X509Certificate(readFileSync(file))
    return isOurs(certificate) && Date.parse(certificate.validTo) - Date.now() > RENEWED_BEFORE_MS
  }
  for (const { id: site, unit } of fleet) {
    const { certificateFile, keyFile } = certificates.unit(unit)
    if (isSound(certificateFile)) continue
    const wish = { unit, site, expiresInS: 600, by: 'fleet' }
    const { value: claim } = await askOffice(port, caFile, cloud, { method: 'POST', path: '/claims', body: wish })
    const authorization = `Basic ${Buffer.from(`${unit}:${claim.code}`).toString('base64')}`
    const answer = await askAuthority(port, caFile, '/.well-known/est/simpleenroll', {
      ...{ method: 'POST', headers: { authorization, 'content-type': 'application/pkcs10' } },
      body: await signingRequestOf(unit, keyIn(keyFile), site),
    })
    if (answer.status !== 200) throw new Error(`${unit} was not enrolled: ${answer.body}`)
    const [certificate] = new X509Certificates(Buffer.from(answer.body.toString(), 'base64'))
    writeFileSync(certificateFile, certificate?.toString('pem') ?? '')
  }
}

/** Whether a certificate is issued by one of the authorities in a file. */
export function issuedUnder(caFile: string): (certificate: X509Certificate) => boolean {
  const issuers = (readFileSync(caFile, 'utf8').match(/-----BEGIN[\s\S]+?-----END CERTIFICATE-----/g) ?? []).map(
    (pem) => new X509Certificate(pem),
  )
  return (certificate) => issuers.some(({ publicKey }) => certificate.verify(publicKey))
}

function keyIn(file: string): KeyObject {
  if (existsSync(file)) return createPrivateKey(readFileSync(file))
  const key = newKey()
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(file, key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  return key
}
