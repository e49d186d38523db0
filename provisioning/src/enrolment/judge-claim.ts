import { isUnitId } from '@vigie/contract/ids'
import type { AuthorityRefusal } from '@vigie/contract/office'
import type { KeptClaim } from '../store/claim-table.ts'
import type { SigningRequest } from './signing-request.ts'

/** Names of the other parts: a unit of that name would be taken for one of them somewhere. */
const RESERVED = /^(cloud|broker|authority|configuration|tickets|localhost)/

export type Judgement =
  /** Certify the key for the unit at the site. */
  | { do: 'issue'; site: string }
  /** No technician has bound the claim to a site yet. */
  | { do: 'wait' }
  /** `isAlarm`: it may be an attack, or a mistake that a person must put right. */
  | { do: 'refuse'; refusal: AuthorityRefusal; isAlarm: boolean }

/**
 * Judges a unit's wish to be certified by a claim. The same unit may come again with the same key for as long as the
 * claim lives: the answer may have been lost, or the power cut before the certificate was on disk.
 * @param asked.liveSites where the unit has certificates that are neither expired nor revoked
 * @param asked.isKeyRevoked whether a certificate of this key was revoked: no claim makes such a key good again
 */
export function judgeClaim(
  claim: KeptClaim | undefined,
  asked: {
    unit: string
    request: Pick<SigningRequest, 'key' | 'units' | 'sites'>
    liveSites: readonly string[]
    isKeyRevoked: boolean
  },
  now: number,
): Judgement {
  const { unit, request } = asked
  if (claim === undefined) return refuse('claim-unknown')
  if (claim.withdrawnAt !== null) return refuse('claim-withdrawn', true)
  if (claim.usedAt !== null && (claim.usedBy !== unit || claim.usedKey !== request.key))
    return refuse('second-use', true)
  if (claim.expiresAt <= now) return refuse('claim-expired')
  if (!isUnitId(unit) || RESERVED.test(unit)) return refuse('name-not-usable')
  if (claim.unit !== null && claim.unit !== unit) return refuse('claim-of-another-unit', true)
  if (request.units.length !== 1 || request.units[0] !== unit) return refuse('name-differs', true)
  if (asked.isKeyRevoked) return refuse('certificate-revoked', true)
  const { site } = claim
  if (site === null) return { do: 'wait' }
  if (request.sites.length > 1 || request.sites.some((named) => named !== site)) return refuse('site-differs', true)
  if (asked.liveSites.some((live) => live !== site)) return refuse('unit-elsewhere', true)
  return { do: 'issue', site }
}

const refuse = (refusal: AuthorityRefusal, isAlarm = false): Judgement => ({ do: 'refuse', refusal, isAlarm })
