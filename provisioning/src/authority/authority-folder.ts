import { type KeyObject, X509Certificate } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../faults.ts'
import { writeWhole } from './atomic-file.ts'
import type { Issuer } from './certificate.ts'
import { readSealedKey } from './sealed-key.ts'

/**
 * One generation of the authority: a root, whose key is kept off-line, and below it the issuing authority, whose key the
 * authority's process holds. From the second on, `cross` is the new root certified by the one before it, so that a box
 * that was in a drawer while the root changed still follows the way from the root that it knows.
 */
export type Generation = {
  number: number
  root: X509Certificate
  issuing: X509Certificate
  cross: X509Certificate | undefined
}

/** Where each file of the folder is. */
export const authorityFiles = (folder: string) => ({
  rootKey: (number: number) => join(folder, `root-${number}.key`),
  root: (number: number) => join(folder, `root-${number}.crt`),
  /** The root's own list: that its issuing authority is not revoked. Whoever checks whole chains asks for it. */
  rootList: (number: number) => join(folder, `root-${number}.crl`),
  cross: (number: number) => join(folder, `cross-${number}.crt`),
  issuingKey: (number: number) => join(folder, `issuing-${number}.key`),
  issuing: (number: number) => join(folder, `issuing-${number}.crt`),
  /** Roots alone: what a box is given when it is prepared. */
  roots: join(folder, 'roots.crt'),
  /** Roots and issuing authorities: what servers check units by. */
  trust: join(folder, 'ca.crt'),
})

/** The generations of a folder, the oldest first; none in a folder without an authority. */
export function readGenerations(folder: string): Generation[] {
  const files = authorityFiles(folder)
  const names = existsSync(folder) ? readdirSync(folder) : []
  const numbers = names.flatMap((name) => {
    const [, number] = /^issuing-(\d{1,4})\.crt$/.exec(name) ?? []
    return number === undefined ? [] : [Number(number)]
  })
  return numbers
    .toSorted((a, b) => a - b)
    .map((number) => ({
      number,
      root: readCertificate(files.root(number)),
      issuing: readCertificate(files.issuing(number)),
      cross: existsSync(files.cross(number)) ? readCertificate(files.cross(number)) : undefined,
    }))
}

/** The newest generation, by which everything new is issued. Throws a Fault when there is none. */
export function newestOf(generations: readonly Generation[], folder: string): Generation {
  const newest = generations.at(-1)
  if (newest === undefined) throw new Fault('authority-missing', folder)
  return newest
}

/** The issuing authority of a generation with its key; throws a Fault when the key is not the certificate's. */
export function openIssuing(folder: string, { number, issuing }: Generation, passphrase: string): Issuer {
  return withKey(issuing, readSealedKey(authorityFiles(folder).issuingKey(number), passphrase))
}

export function openRoot(folder: string, { number, root }: Generation, passphrase: string): Issuer {
  return withKey(root, readSealedKey(authorityFiles(folder).rootKey(number), passphrase))
}

/** What a party sends after its own certificate: all that leads to any root that may be trusted. PEM. */
export const chainOf = ({ issuing, cross }: Generation): string =>
  [issuing, ...(cross === undefined ? [] : [cross])].map(String).join('')

/** Writes the bundles anew from the generations that are in the folder. */
export function writeBundles(folder: string): void {
  const files = authorityFiles(folder)
  const generations = readGenerations(folder)
  writeWhole(files.roots, generations.map(({ root }) => String(root)).join(''), 0o644)
  writeWhole(files.trust, generations.map(({ root, issuing }) => `${root}${issuing}`).join(''), 0o644)
}

function withKey(certificate: X509Certificate, key: KeyObject): Issuer {
  if (!certificate.checkPrivateKey(key)) throw new Fault('authority-incomplete', certificate.subject)
  return { certificate, key }
}

function readCertificate(file: string): X509Certificate {
  const pem = readFileSync(file)
  try {
    return new X509Certificate(pem)
  } catch (cause) {
    throw new Fault('authority-incomplete', file, { cause })
  }
}
