import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { ProblemsError } from '@vigie/config-schema/problems'
import { readTlsMaterial, type TlsFiles, type TlsMaterial } from '../settings.ts'
import type { MuseumSettings } from './museum-settings.ts'

/** By what this gateway is known: to the cloud as a unit, to lanes and phones by its doors. */
export type OwnCertificates = {
  /** What the next connection to the cloud shows; null before the first certificate. Throws a ProblemsError. */
  unit(): TlsMaterial | null
  /** Aborted when `unit` gives another one from now on. */
  changed(): AbortSignal
  /** The cloud's broker let the unit in with this certificate. */
  letIn(certificate: string): void
  /** A connection with this certificate did not come about, or ended. */
  turnedAway(certificate: string, error: unknown): void
  /** Whom the unit believes, in PEM. */
  roots(): string
  /** What lanes and phones are shown. Throws a ProblemsError. */
  doors(): TlsMaterial
  /** Renews them until aborted, where they can be. Throws only what is a bug. */
  run(signal: AbortSignal): Promise<void>
}

/** Files that a person put there and replaces. */
export function readOwnCertificates(settings: Readonly<MuseumSettings>): OwnCertificates {
  const files = unitFilesOf(settings)
  const never = new AbortController().signal
  return {
    unit: () => (files === null ? null : readTlsMaterial(files)),
    changed: () => never,
    letIn: () => {},
    turnedAway: () => {},
    roots: () => readAuthorities('unitCaFile (UNIT_CA_FILE)', settings.unitCaFile),
    doors: () => readTlsMaterial(settings),
    run: async () => {},
  }
}

/** Whom somebody believes, in PEM, as a person put them there. Throws a ProblemsError. */
export function readAuthorities(place: string, file: string): string {
  try {
    const pem = readFileSync(file, 'utf8')
    new X509Certificate(pem)
    return pem
  } catch {
    throw new ProblemsError('The configuration has problems', [{ place, message: 'holds no certificate' }])
  }
}

export function unitFilesOf(settings: Readonly<MuseumSettings>): TlsFiles | null {
  const { unitCaFile: caFile, unitCertificateFile: certificateFile, unitKeyFile: keyFile } = settings
  return certificateFile === undefined || keyFile === undefined ? null : { caFile, certificateFile, keyFile }
}

/** The certificate in it; null: there is none, or it is just being replaced, and whoever needs it says so. */
export function certificateOf(read: () => TlsMaterial | null): X509Certificate | null {
  try {
    const material = read()
    return material && new X509Certificate(material.certificate)
  } catch {
    return null
  }
}
