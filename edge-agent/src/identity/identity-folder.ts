import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { jsonDecoder } from '@vigie/contract/decode'
import { UnitId } from '@vigie/contract/ids'
import Type, { type Static, type TSchema } from 'typebox'
import { AgentFault } from '../faults.ts'
import { isDiskFailure } from '../outbox/disk-failure.ts'
import { writeWhole } from '../whole-file.ts'
import { bearerOf, type Credential, certificatesIn, isUnitKey, isWhole } from './credential.ts'
import type { Bearer, Found } from './identity-step.ts'

const Pem = Type.String({ minLength: 1, maxLength: 64 * 1024 })
/** A key and its certificate in one file: one rename puts both in force, so that no power cut can part them. */
const KeptCredential = Type.Object({ v: Type.Literal(1), key: Pem, certificates: Pem, authorities: Pem })
/** The certificate of which the authority said that it was taken back. */
const RevokedFile = Type.Object({ v: Type.Literal(1), serial: Type.String({ minLength: 1, maxLength: 80 }) })
const AskedKey = Type.Object({ v: Type.Literal(1), key: Pem })
/** Which unit this box is, and the code by which it may ask for its first certificate. */
export const ClaimFile = Type.Object({ unit: UnitId, code: Type.String({ minLength: 1, maxLength: 200 }) })
export type ClaimFile = Static<typeof ClaimFile>

/** The files of an identity. Every change is one file written whole, or one rename; durable when it returns. */
export type IdentityFolder = ReturnType<typeof openIdentityFolder>

/** @throws AgentFault `disk-failing` here and from every function, when the disk does not do what it is told */
export function openIdentityFolder(folder: string) {
  onDisk(() => {
    mkdirSync(folder, { recursive: true })
    // Whoever put the claim there may have made the folder for all to read.
    chmodSync(folder, 0o700)
  })
  const path = (name: string) => join(folder, name)
  const [currentFile, nextFile, askedFile, claimFile, revokedFile] = [
    path('current.json'),
    path('next.json'),
    path('asked.json'),
    path('claim.json'),
    path('revoked.json'),
  ]

  /** Null when there is none, or when it cannot be read: a half-written file is never one of these, a damaged one may be. */
  function read<Schema extends TSchema>(file: string, schema: Schema): Static<Schema> | null {
    try {
      const decoded = jsonDecoder(schema)(readFileSync(file))
      return decoded.ok ? decoded.value : null
    } catch (error) {
      if (isDiskFailure(error)) return null
      throw error
    }
  }
  const credential = (file: string): Credential | null => {
    const kept = read(file, KeptCredential)
    return kept && isWhole(kept)
      ? { key: kept.key, certificates: kept.certificates, authorities: kept.authorities }
      : null
  }
  const askedKey = (): string | null => {
    const asked = read(askedFile, AskedKey)
    return asked && isUnitKey(asked.key) ? asked.key : null
  }
  const write = (file: string, value: object) => writeWhole(file, JSON.stringify({ v: 1, ...value }))
  const remove = (...files: string[]) =>
    onDisk(() => {
      for (const file of files) rmSync(file, { force: true })
      syncFolder(folder)
    })

  return {
    current: () => credential(currentFile),
    next: () => credential(nextFile),
    askedKey,
    claim: () => read(claimFile, ClaimFile),

    look(): Found {
      const [current, next] = [credential(currentFile), credential(nextFile)]
      const asked = askedKey()
      // A power cut between putting the certificate in force and taking the claim away.
      if (asked !== null && asked === current?.key) remove(claimFile, askedFile)
      const hasClaim = read(claimFile, ClaimFile) !== null
      const hasKey = askedKey() !== null
      return { hasKey, hasClaim, current: current && holderOf(current), next: next && holderOf(next) }
    },

    /** Makes the key that asks for a certificate. It never leaves this folder. */
    makeKey() {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      write(askedFile, { key: privateKey.export({ type: 'pkcs8', format: 'pem' }) })
    },

    /** Puts one in force that was made elsewhere: what a gateway's doors begin with. */
    put: (given: Credential) => write(currentFile, given),

    keepNext: (next: Credential) => write(nextFile, next),

    adoptNext() {
      onDisk(() => {
        renameSync(nextFile, currentFile)
        syncFolder(folder)
      })
      remove(claimFile, askedFile, revokedFile)
    },

    /** The number of the certificate that was taken back; null: none was, as far as is known. */
    revoked: () => read(revokedFile, RevokedFile)?.serial ?? null,
    keepRevoked: (serial: string) => write(revokedFile, { serial }),

    dropNext: () => remove(nextFile),
    forgetClaim: () => remove(claimFile, askedFile),

    /** For the technician's command: the claim by which this box is to ask. */
    putClaim: (claim: ClaimFile) => writeWhole(claimFile, JSON.stringify(claim)),
  }
}

/** Whose credential it is; null when it is nobody's, as if it were not there. */
function holderOf({ certificates }: Credential): Bearer | null {
  const [own] = certificatesIn(certificates)
  return own === undefined ? null : bearerOf(own)
}

function onDisk(work: () => void): void {
  try {
    work()
  } catch (cause) {
    if (!isDiskFailure(cause)) throw cause
    throw new AgentFault('disk-failing', undefined, { cause })
  }
}

function syncFolder(folder: string): void {
  const open = openSync(folder, 'r')
  try {
    fsyncSync(open)
  } finally {
    closeSync(open)
  }
}
