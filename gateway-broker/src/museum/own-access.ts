import { nameOfCertificate, type Revocations } from '../revocation/revocations.ts'
import { certificateOf, type OwnCertificates } from './own-certificates.ts'

/**
 * Whether this gateway's own access was taken back: one of its certificates, the unit's or that of its doors, stands in the
 * authority's signed list. Nothing else says so, not a line that is cut and not a cloud that closes: both can be made up.
 */
export function createOwnAccess(
  own: Pick<OwnCertificates, 'unit' | 'doors'>,
  revocations: Pick<Revocations, 'isRevoked'>,
): { isRevoked(): boolean } {
  return {
    isRevoked: () =>
      [own.unit, own.doors].some((read) => {
        const certificate = certificateOf(read)
        return certificate !== null && revocations.isRevoked(nameOfCertificate(certificate.toLegacyObject()))
      }),
  }
}
