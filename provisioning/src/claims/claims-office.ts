import {
  type AuthorityRefusal,
  BOUND_CLAIM_MAX_S,
  type Claim,
  type ClaimBinding,
  type ClaimMade,
  type ClaimWish,
} from '@vigie/contract/office'
import type { AuthorityStore } from '../store/authority-store.ts'
import type { KeptClaim } from '../store/claim-table.ts'
import { newClaimCode } from './claim-code.ts'
import type { ClaimDigest } from './claim-digest.ts'

type Outcome<Value> = { ok: true; value: Value } | { ok: false; refusal: AuthorityRefusal }

/** What people do with claims, by way of the cloud. */
export type ClaimsOffice = {
  make(wish: ClaimWish): ClaimMade
  /** Binds the claim that a technician read from a box to the site where he stands. Doing it again changes nothing. */
  bind(binding: ClaimBinding): Outcome<Claim>
  /** False: there is no such claim, or it was withdrawn before. */
  withdraw(id: string, by: string): boolean
  newest(count: number): Claim[]
}

export type ClaimsOfficeDeps = { store: AuthorityStore; digestOf: ClaimDigest; now: () => number; newId: () => string }

export function createClaimsOffice({ store, digestOf, now, newId }: ClaimsOfficeDeps): ClaimsOffice {
  const { claims, events } = store
  return {
    make({ unit = null, site = null, expiresInS, by }) {
      const { code, words } = newClaimCode()
      const digest = digestOf(code)
      if (digest === undefined) throw new Error('a claim code that does not read back')
      const at = now()
      const livesS = site === null ? expiresInS : Math.min(expiresInS, BOUND_CLAIM_MAX_S)
      const claim = { id: newId(), unit, site, madeAt: at, madeBy: by, expiresAt: at + livesS * 1000 }
      store.atOnce(() => {
        claims.add(claim, digest)
        if (site !== null) claims.bind(claim.id, { site, by, at, until: claim.expiresAt })
        events.add({ at, kind: 'claim-made', unit, site, claim: claim.id, by })
      })
      return { id: claim.id, code, words, expiresAt: utc(claim.expiresAt) }
    },

    bind: ({ code, site, by }) =>
      store.atOnce(() => {
        const at = now()
        const digest = digestOf(code)
        const claim = digest && claims.byDigest(digest)
        const refusal = whyNotBound(claim, site, at)
        if (claim === undefined || refusal !== null) {
          const about = { site, claim: claim?.id ?? null, unit: claim?.unit ?? null, by }
          events.add({ at, kind: 'refused', reason: refusal, isAlarm: refusal !== 'claim-unknown', ...about })
          return { ok: false, refusal: refusal ?? 'claim-unknown' }
        }
        if (claim.site === null) {
          claims.bind(claim.id, { site, by, at, until: at + BOUND_CLAIM_MAX_S * 1000 })
          events.add({ at, kind: 'claim-bound', unit: claim.unit, site, claim: claim.id, by })
        }
        return { ok: true, value: toldOf(claims.byId(claim.id) ?? claim, at) }
      }),

    withdraw: (id, by) =>
      store.atOnce(() => {
        const claim = claims.byId(id)
        if (claim === undefined || !claims.withdraw(id, now())) return false
        events.add({ at: now(), kind: 'claim-withdrawn', unit: claim.unit, site: claim.site, claim: id, by })
        return true
      }),

    newest: (count) => claims.newest(count).map((claim) => toldOf(claim, now())),
  }
}

function whyNotBound(claim: KeptClaim | undefined, site: string, now: number): AuthorityRefusal | null {
  if (claim === undefined) return 'claim-unknown'
  if (claim.withdrawnAt !== null) return 'claim-withdrawn'
  if (claim.site !== null && claim.site !== site) return 'claim-of-another-site'
  if (claim.usedAt !== null) return claim.site === site ? null : 'second-use'
  return claim.expiresAt <= now ? 'claim-expired' : null
}

function toldOf(claim: KeptClaim, now: number): Claim {
  const { id, unit, site, madeBy, boundBy } = claim
  return {
    ...{ id, unit, site, madeBy, boundBy, state: stateOf(claim, now) },
    madeAt: utc(claim.madeAt),
    boundAt: claim.boundAt === null ? null : utc(claim.boundAt),
    usedAt: claim.usedAt === null ? null : utc(claim.usedAt),
    expiresAt: utc(claim.expiresAt),
  } as Claim // names and ids were checked when they were stored
}

function stateOf({ withdrawnAt, usedAt, expiresAt, site }: KeptClaim, now: number): Claim['state'] {
  if (withdrawnAt !== null) return 'withdrawn'
  if (usedAt !== null) return 'used'
  if (expiresAt <= now) return 'expired'
  return site === null ? 'open' : 'bound'
}

const utc = (time: number) => new Date(time).toISOString()
