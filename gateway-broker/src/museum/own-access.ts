import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { nameOfCertificate, type Revocations } from '../revocation/revocations.ts'

/**
 * Whether this gateway's own access was taken back: one of its certificates, the unit's or that of its doors, stands in the
 * authority's signed list. Nothing else says so, not a line that is cut and not a cloud that closes: both can be made up.
 */
export function createOwnAccess(
  certificateFiles: readonly string[],
  revocations: Pick<Revocations, 'isRevoked'>,
): { isRevoked(): boolean } {
  return {
    isRevoked: () =>
      certificateFiles.some((file) => {
        const certificate = certificateIn(file)
        return certificate !== null && revocations.isRevoked(nameOfCertificate(certificate.toLegacyObject()))
      }),
  }
}

/** Null: it is just being replaced, or is none; whoever needs it says so. */
export function certificateIn(file: string): X509Certificate | null {
  try {
    return new X509Certificate(readFileSync(file))
  } catch {
    return null
  }
}
