// First: @peculiar/x509 wires itself with decorators, which need this at import.
import 'reflect-metadata'
import {
  AuthorityKeyIdentifierExtension,
  Extension,
  X509Certificate,
  X509CrlGenerator,
  X509CrlReason,
} from '@peculiar/x509'
import type { RevocationReason } from '@vigie/contract/office'
import { forSigning, type Issuer, SIGNING } from './certificate.ts'
import { integer } from './der.ts'

const REASONS: Record<RevocationReason, X509CrlReason> = {
  stolen: X509CrlReason.keyCompromise,
  lost: X509CrlReason.keyCompromise,
  compromised: X509CrlReason.keyCompromise,
  replaced: X509CrlReason.superseded,
  superseded: X509CrlReason.superseded,
  retired: X509CrlReason.cessationOfOperation,
}

/** A reader whose clock is some minutes behind must not find the list to be of the future. */
const BACKDATED_MS = 10 * 60_000

export type Revoked = { serial: string; revokedAt: number; reason: RevocationReason }

/**
 * Signs the list of what an issuer has revoked (RFC 5280 §5), in DER.
 * @param wish.number counts up with each list, so that a reader knows the newer of two
 */
export async function issueRevocationList(
  { certificate, key }: Issuer,
  { number, revoked, validMs }: { number: number; revoked: readonly Revoked[]; validMs: number },
  now: number,
): Promise<Buffer> {
  const issuer = new X509Certificate(certificate.raw)
  const list = await X509CrlGenerator.create({
    issuer: issuer.subjectName,
    thisUpdate: new Date(now - BACKDATED_MS),
    nextUpdate: new Date(now + validMs),
    signingAlgorithm: SIGNING,
    signingKey: await forSigning(key),
    entries: revoked.map(({ serial, revokedAt, reason }) => ({
      serialNumber: serial,
      revocationDate: new Date(revokedAt),
      reason: REASONS[reason],
    })),
    extensions: [
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      new Extension('2.5.29.20', false, new Uint8Array(integer(number))),
    ],
  })
  return Buffer.from(list.rawData)
}
