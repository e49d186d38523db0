import { readFileSync } from 'node:fs'
import { readFleet } from '@vigie/config-schema/documents'
import { type Problem, ProblemsError } from '@vigie/config-schema/problems'
import { environmentName } from '@vigie/config-schema/settings'
import type { SiteDocument } from '@vigie/config-schema/site-document'
import type { SignerName } from '@vigie/contract/signer-chain'
import { type ReportSigner, readReportSigner } from './commissioning/report/sign-report.ts'
import { type ClientTls, readClientTls } from './credentials/client-tls.ts'
import { type Credential, createCredential } from './credentials/credential.ts'
import { readUnitAuthorities } from './credentials/unit-authorities.ts'
import { createDocumentSigner, type DocumentSigner } from './document-signer.ts'
import type { OidcSettings } from './people/oidc.ts'
import type { UnitAuthorities } from './presence/unit-certificate.ts'
import type { Settings } from './settings.ts'
import type { Offer } from './tickets/offer.ts'
import { readOffer } from './tickets/read-offer.ts'
import { createVault, readVaultKey, type Vault } from './vault.ts'

/** What stands in the files that the settings name. */
export type SettingsFiles = {
  sites: SiteDocument[]
  unitAuthorities: Credential<UnitAuthorities>
  /** Undefined: a broker without TLS. */
  brokerTls: Credential<ClientTls> | undefined
  influxPassword: string | undefined
  /** The identity provider of the house; undefined: there is none. */
  oidc: OidcSettings | undefined
  /** Who signs commissioning reports: a certificate of their own, else that of the cloud; null: nobody. */
  reportSigner: Credential<ReportSigner> | null
  /** Who signs what units should be; null: nobody, and nothing is published. */
  configurationSigner: Credential<DocumentSigner> | null
  /** Who signs what gates must know; null: nobody, and nothing is published. */
  ticketsSigner: Credential<DocumentSigner> | null
  /** Null: no password of a camera can be kept. */
  vault: Vault | null
  /** What the museums sell; null: nothing. */
  offer: Offer | null
}

/** Reads them all; throws one ProblemsError with every file that a person must mend. */
export function readSettingsFiles(settings: Settings): SettingsFiles {
  const problems: Problem[] = []
  const take = <Content>(key: keyof Settings, read: (path: string) => Content): Content | undefined => {
    const path = settings[key]
    if (typeof path !== 'string') return undefined
    try {
      return read(path)
    } catch (error) {
      if (error instanceof ProblemsError) problems.push({ place: error.message, message: '' })
      else problems.push({ place: `${key} (${environmentName(key)})`, message: `cannot be read: ${wordOf(error)}` })
      return undefined
    }
  }
  const readText = (path: string) => readFileSync(path, 'utf8')
  const { museumsFolder } = settings
  const readSites = (folder: string) => readFleet(folder, ...(museumsFolder === undefined ? [] : [museumsFolder]))
  const sites = take('fleetFolder', readSites)
  const unitAuthorities = take('unitCaFile', readUnitAuthorities)
  const isTls = settings.mqttUrl.startsWith('mqtts:') || settings.authorityUrl !== undefined
  const { caFile, keyFile } = settings
  // Each by its own name first: what cannot be read is told of the right one.
  const isWhole = isTls && [take('caFile', readText), take('keyFile', readText)].every((text) => text !== undefined)
  const brokerTls =
    isWhole && caFile !== undefined && keyFile !== undefined
      ? take('certificateFile', (path) => createCredential('cloud', [path, keyFile, caFile], readClientTls))
      : undefined
  if (isTls && brokerTls === undefined) take('certificateFile', readText)
  const signerKey = settings.reportKeyFile ?? settings.keyFile
  const signerAt = settings.reportCertificateFile === undefined ? 'certificateFile' : 'reportCertificateFile'
  const readSigner = (path: string) =>
    signerKey === undefined
      ? null
      : createCredential('reports', [path, signerKey], ([cert = '', key = '']) => readReportSigner(cert, key))
  const reportSigner = take(signerAt, readSigner) ?? null
  const { configurationKeyFile, ticketsKeyFile } = settings
  const readDocumentSigner = (name: SignerName, keyFile: string | undefined) => (path: string) =>
    keyFile === undefined
      ? null
      : createCredential(name, [path, keyFile], ([certificate = '', key = '']) =>
          createDocumentSigner(name, { certificate, key }),
        )
  const configurationSigner =
    take('configurationCertificateFile', readDocumentSigner('configuration', configurationKeyFile)) ?? null
  const ticketsSigner = take('ticketsCertificateFile', readDocumentSigner('tickets', ticketsKeyFile)) ?? null
  const vault = take('vaultKeyFile', (path) => createVault(readVaultKey(readText(path)))) ?? null
  const offer = take('offerFile', (path) => readOffer(readText(path))) ?? null
  const influxPassword = take('influxPasswordFile', readText)?.trimEnd()
  const clientSecret = take('oidcClientSecretFile', readText)?.trimEnd()
  const { oidcIssuer: issuer, oidcClientId: clientId, oidcLabel: label } = settings
  const isOidc = issuer !== undefined && clientId !== undefined && clientSecret !== undefined
  const oidc = isOidc ? { issuer, clientId, clientSecret, label } : undefined
  if (problems.length > 0 || sites === undefined || unitAuthorities === undefined) {
    throw new ProblemsError('The files of the configuration have problems', problems)
  }
  const signers = { reportSigner, configurationSigner, ticketsSigner }
  return { sites, unitAuthorities, brokerTls, influxPassword, oidc, ...signers, vault, offer }
}

/** The system's word (ENOENT), or the reason for which a content is not taken; never the content. */
function wordOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
