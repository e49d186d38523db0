import { createPublicKey, randomBytes, X509Certificate } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { Fault } from '../faults.ts'
import { writeWhole } from './atomic-file.ts'
import { authorityFiles, newestOf, openRoot, readGenerations, writeBundles } from './authority-folder.ts'
import { type Issuer, issueAuthority } from './certificate.ts'
import { issueRevocationList } from './revocation-list.ts'
import { newKey, pemOf, writeSealedKey } from './sealed-key.ts'

const YEAR_MS = 365 * 86_400_000
/** A root outlives the boxes that carry it: ten years on a pole, and as long again in reserve. */
const ROOT_VALID_MS = 20 * YEAR_MS
/** The issuing key is on a machine of the network: five years, then the next generation. */
const ISSUING_VALID_MS = 5 * YEAR_MS

/**
 * The root's passphrase is a person's, the issuing one the authority's process is given. `rounds`: fewer than usual, for
 * keys that protect nothing.
 */
export type Passphrases = { root: string; issuing: string; rounds?: number }

/**
 * Makes the first generation of an authority: root and issuing authority, both keys encrypted. Throws a Fault
 * `authority-there` when the folder has one already: a second first root would disown every box.
 */
export async function foundAuthority(folder: string, passphrases: Passphrases, now: number): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (readGenerations(folder).length > 0) throw new Fault('authority-there', folder)
  await addGeneration(folder, 1, passphrases, undefined, now)
}

/**
 * Adds the next generation beside the others, its root certified by the root before it. What was issued before stays
 * valid; everything new is issued by the new one. `previousRoot` opens the key of the root before.
 */
export async function addNextGeneration(
  folder: string,
  passphrases: Passphrases,
  previousRoot: string,
  now: number,
): Promise<number> {
  const newest = newestOf(readGenerations(folder), folder)
  await addGeneration(folder, newest.number + 1, passphrases, openRoot(folder, newest, previousRoot), now)
  return newest.number + 1
}

/** The issuing certificate goes last: a generation is there when that file is. What was begun before is written over. */
async function addGeneration(
  folder: string,
  number: number,
  passphrases: Passphrases,
  before: Issuer | undefined,
  now: number,
): Promise<void> {
  const files = authorityFiles(folder)
  // Two authorities of one name would be taken for one another wherever lists and certificates are looked up by name.
  const tag = randomBytes(3).toString('hex')
  const name = (what: string) => [{ CN: [`Vigie ${what} ${number} ${tag}`] }, { O: ['Vigie'] }]
  const [rootKey, issuingKey] = [newKey(), newKey()]
  const rootWish = { subject: name('root'), validMs: ROOT_VALID_MS }
  const root = await issueAuthority(rootWish, createPublicKey(rootKey), { key: rootKey }, now)
  const rootIssuer = { certificate: new X509Certificate(root), key: rootKey }
  const issuing = await issueAuthority(
    { subject: name('issuing'), validMs: ISSUING_VALID_MS, pathLength: 0 },
    createPublicKey(issuingKey),
    rootIssuer,
    now,
  )
  // The root's key is in a safe: its list cannot be made anew each week, so it lives as long as what it could revoke.
  const list = await issueRevocationList(rootIssuer, { number: 1, revoked: [], validMs: ISSUING_VALID_MS }, now)
  writeSealedKey(files.rootKey(number), rootKey, passphrases.root, passphrases.rounds)
  writeSealedKey(files.issuingKey(number), issuingKey, passphrases.issuing, passphrases.rounds)
  writeWhole(files.root(number), root, 0o644)
  writeWhole(files.rootList(number), pemOf('X509 CRL', list), 0o644)
  if (before !== undefined) {
    const remainingMs = Date.parse(before.certificate.validTo) - now
    const wish = { ...rootWish, validMs: Math.min(ROOT_VALID_MS, remainingMs), pathLength: 1 }
    writeWhole(files.cross(number), await issueAuthority(wish, createPublicKey(rootKey), before, now), 0o644)
  }
  writeWhole(files.issuing(number), issuing, 0o644)
  writeBundles(folder)
}
