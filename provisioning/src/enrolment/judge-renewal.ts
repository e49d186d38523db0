import type { AuthorityRefusal } from '@vigie/contract/office'
import type { KeptCertificate } from '../store/certificate-table.ts'
import type { SigningRequest } from './signing-request.ts'

export type RenewalJudgement = { do: 'issue' } | { do: 'refuse'; refusal: AuthorityRefusal; isAlarm: boolean }

/** A certificate that is shown for a renewal: one that is kept, or that of a gateway's doors as it was made by hand. */
export type ShownCertificate = Pick<
  KeptCertificate,
  'serial' | 'unit' | 'site' | 'purpose' | 'der' | 'startsAt' | 'revokedAt'
>

/**
 * Judges a wish for a new certificate in place of one that is shown. An expired one will do, however old: a box comes back
 * from a drawer by itself. A revoked one never will. Doors go with their unit: they are renewed while it is let in itself.
 * @param asked.isUnitIn whether the unit has, at this site, a certificate as a client that neither ended nor was revoked
 * @param asked.isSpent whether it was made by hand, and another was given in its place long ago
 */
export function judgeRenewal(
  shown: ShownCertificate | undefined,
  request: Pick<SigningRequest, 'units' | 'sites'>,
  asked: { isKeyRevoked: boolean; isUnitIn: boolean; isSpent: boolean },
): RenewalJudgement {
  if (shown === undefined) return refuse('certificate-unknown')
  if (shown.revokedAt !== null || asked.isKeyRevoked) return refuse('certificate-revoked')
  if (asked.isSpent) return refuse('certificate-spent')
  if (request.units.length !== 1 || request.units[0] !== shown.unit) return refuse('name-differs')
  if (request.sites.length > 1 || request.sites.some((site) => site !== shown.site)) return refuse('site-differs')
  if (shown.purpose === 'server' && !asked.isUnitIn) return refuse('unit-not-in')
  return { do: 'issue' }
}

/** Each of them is told: whoever holds a unit's key and asks for something else is no unit in its right mind. */
const refuse = (refusal: AuthorityRefusal): RenewalJudgement => ({ do: 'refuse', refusal, isAlarm: true })
