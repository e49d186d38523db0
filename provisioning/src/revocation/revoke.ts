import type { RevocationWish } from '@vigie/contract/office'
import type { AuthorityStore } from '../store/authority-store.ts'
import type { NewRevocation } from '../store/certificate-table.ts'

/**
 * Revokes all certificates of a unit, expired ones too, or one certificate by its serial number, and withdraws every claim
 * that the unit could come back by. A serial number that is not a unit's is taken as that of a part of the cloud side,
 * issued by hand. Gives the serials that were not revoked before.
 */
export function revoke(store: AuthorityStore, { unit, serial, reason, by }: RevocationWish, now: number): string[] {
  const { certificates, claims, events } = store
  return store.atOnce(() => {
    const known = serial === undefined ? [] : [certificates.bySerial(serial)]
    const found = unit === undefined ? known : certificates.notRevoked(unit)
    const wanted = found.flatMap((one): NewRevocation[] => {
      if (one !== undefined) return [{ ...one, revokedAt: now, reason, by }]
      return serial === undefined ? [] : [{ serial, issuer: null, endsAt: null, revokedAt: now, reason, by }]
    })
    const done = wanted.filter((revocation) => certificates.revoke(revocation)).map((one) => one.serial)
    const units = new Set([unit, ...known.map((one) => one?.unit)].filter((name) => name !== undefined))
    for (const name of units) claims.withdrawOf(name, now)
    for (const one of done) {
      const certificate = certificates.bySerial(one)
      const about = { unit: certificate?.unit ?? null, site: certificate?.site ?? null }
      events.add({ at: now, kind: 'revoked', reason, serial: one, by, ...about })
    }
    return done
  })
}
