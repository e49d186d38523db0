import type { UnitCertificateTable } from '@vigie/cloud-api/store/unit-certificates'
import type { KeyId, UnitId } from '@vigie/contract/ids'
import { describe, expect, test } from 'vitest'
import { HOUR_MS, NOON, type OpenDatabase, site, unit, useStore } from './store-trial.ts'

const KEY = '0123456789abcdef' as KeyId // has the pattern of a key id
const certificate = (serial: string, change: Partial<UnitCertificateTable> = {}): UnitCertificateTable => ({
  ...{ serial, unit, site, key: KEY, issuedAt: NOON, startsAt: NOON, endsAt: NOON + 4_320 * HOUR_MS },
  ...{ revokedAt: null, reason: null, ...change },
})
const entry = (action: string) => ({ at: NOON, who: 'authority', action, what: unit, site })

/** What the store promises of the certificates that the authority told of. */
export function unitCertificatesAreKnown(open: OpenDatabase) {
  const trial = useStore(open)
  const take = (from: number, upTo: number, certificates: UnitCertificateTable[] = [], store = trial.store) =>
    store.unitCertificates.take({ from, upTo, certificates, entries: [entry('unit.enrolled')] })

  describe('what the authority told', () => {
    test('is taken in once with its rows in the trail, whichever of two instances is faster', async () => {
      const other = await trial.second()
      const taken = await Promise.all([take(0, 3, [certificate('AA')]), take(0, 3, [certificate('AA')], other)])
      expect(taken.toSorted()).toEqual([false, true])
      expect(await other.unitCertificates.position()).toBe(3)
      expect(await other.audit.search({ limit: 10 })).toHaveLength(1)
      expect(await take(0, 2)).toBe(false)
      expect(await take(3, 9_007_199_254_740_991)).toBe(true)
      expect(await trial.store.unitCertificates.position()).toBe(9_007_199_254_740_991)
    })

    test('revokes a certificate that was known as good, and its key with it', async () => {
      const { unitCertificates } = trial.store
      await take(0, 1, [certificate('AA'), certificate('BB', { issuedAt: NOON + 1 })])
      expect([await unitCertificates.isRevoked('AA'), await unitCertificates.revocationOf(unit, KEY)]).toEqual([
        false,
        null,
      ])
      await take(1, 2, [certificate('AA', { revokedAt: NOON + 5, reason: 'stolen' })])
      expect([await unitCertificates.isRevoked('AA'), await unitCertificates.isRevoked('BB')]).toEqual([true, false])
      expect(await unitCertificates.revocationOf(unit, KEY)).toBe('stolen')
      expect(await unitCertificates.revocationOf('vg-0002' as UnitId, KEY)).toBeNull() // an id of the pattern
      expect((await unitCertificates.ofUnit(unit)).map(({ serial }) => serial)).toEqual(['BB', 'AA'])
    })

    test('gives the newest certificate of each unit', async () => {
      const other = 'vg-0002' as UnitId // an id of the pattern
      await take(0, 1, [
        certificate('BB', { issuedAt: NOON + 2 }),
        certificate('AA'),
        certificate('CC', { unit: other, issuedAt: NOON + 1 }),
      ])
      const newest = await trial.store.unitCertificates.newestOfEach()
      expect(newest.map(({ serial }) => serial).toSorted()).toEqual(['BB', 'CC'])
    })
  })
}
