import type { AuthorityRefusal } from '@vigie/contract/office'
import type { KeptCertificate } from '../store/certificate-table.ts'
import type { SigningRequest } from './signing-request.ts'

export type RenewalJudgement = { do: 'issue' } | { do: 'refuse'; refusal: AuthorityRefusal; isAlarm: boolean }

/**
 * Judges a unit's wish for a new certificate in place of one that it shows. An expired one will do, however old: a box
 * comes back from a drawer by itself. A revoked one never will.
 */
export function judgeRenewal(
  shown: KeptCertificate | undefined,
  request: Pick<SigningRequest, 'units' | 'sites'>,
  isKeyRevoked: boolean,
): RenewalJudgement {
  if (shown === undefined) return refuse('certificate-unknown')
  if (shown.revokedAt !== null || isKeyRevoked) return refuse('certificate-revoked')
  if (request.units.length !== 1 || request.units[0] !== shown.unit) return refuse('name-differs')
  if (request.sites.length > 1 || request.sites.some((site) => site !== shown.site)) return refuse('site-differs')
  return { do: 'issue' }
}

/** Each of them is told: whoever holds a unit's key and asks for something else is no unit in its right mind. */
const refuse = (refusal: AuthorityRefusal): RenewalJudgement => ({ do: 'refuse', refusal, isAlarm: true })
