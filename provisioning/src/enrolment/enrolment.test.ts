import { createPublicKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import { newUnitRequest } from '@vigie/tests/fixtures/trial-authority'
import { monotonicFactory } from 'ulid'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { issueAuthority } from '../authority/certificate.ts'
import { newKey } from '../authority/sealed-key.ts'
import { createClaimDigest } from '../claims/claim-digest.ts'
import { createClaimsOffice } from '../claims/claims-office.ts'
import { revoke } from '../revocation/revoke.ts'
import { type AuthorityStore, openAuthorityStore } from '../store/authority-store.ts'
import { createEnrolment } from './enrolment.ts'

const [unit, site] = ['vg-0001' as UnitId, 'seyne' as SiteId]
let folder: string
let store: AuthorityStore

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-enrolment-'))
  store = openAuthorityStore(join(folder, 'authority.sqlite'))
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

test('gives no certificate to a unit that is revoked while its first one is signed', async () => {
  const digestOf = createClaimDigest(join(folder, 'claims.key'))
  const claims = createClaimsOffice({ store, digestOf, now: Date.now, newId: monotonicFactory() })
  const { code } = claims.make({ unit, site, expiresInS: 3_600, by: 'jeanne' })
  const key = newKey()
  const wish = { subject: [{ CN: ['issuing'] }], validMs: 86_400_000 }
  const issuing = await issueAuthority(wish, createPublicKey(key), { key }, Date.now())
  /** The thief is found out between the claim's being used and the certificate's being kept. */
  const interrupted: AuthorityStore = {
    ...store,
    atOnce: (work) => {
      const result = store.atOnce(work)
      revoke(store, { unit, reason: 'stolen', by: 'paul' }, Date.now())
      return result
    },
  }
  const enrolment = createEnrolment({
    ...{ store: interrupted, digestOf, now: Date.now, renewLists: async () => {} },
    issuer: { certificate: new X509Certificate(issuing), key },
  })
  const { request } = await newUnitRequest(unit)
  const asked = { unit, claim: code, body: request, address: '127.0.0.1' }
  expect(await enrolment.enrol(asked)).toEqual({ ok: false, refusal: 'claim-withdrawn' })
  expect(store.certificates.newest({}, 10)).toEqual([])
  expect(store.events.after(0, 10).at(-1)).toMatchObject({ kind: 'refused', reason: 'claim-withdrawn', isAlarm: true })
})
