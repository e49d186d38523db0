import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import { createTrialFleet } from '@vigie/tests/fixtures/trial-fleet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { judgeCertificate, readAuthorities, type UnitAuthorities } from './unit-certificate.ts'

const NOW = Date.parse('2026-11-22T12:00:00.000Z')
const YEAR_MS = 365 * 86_400_000
const unit = { site: 'essai-1' as SiteId, unit: 'vg-0001' as UnitId }
type Fleet = Awaited<ReturnType<typeof createTrialFleet>>
let fleet: Fleet
let strangers: Fleet
let authorities: UnitAuthorities

beforeAll(async () => {
  fleet = await createTrialFleet({ sites: 2, now: NOW })
  strangers = await createTrialFleet({ now: NOW })
  authorities = readAuthorities(readFileSync(fleet.caFile, 'utf8'))
})
afterAll(async () => {
  await fleet.remove()
  await strangers.remove()
})

const pemOf = (name: string, of = fleet) => readFileSync(join(of.folder, name), 'utf8')
const judge = (pem: string, who = unit, now = NOW) => judgeCertificate(pem, who, authorities, now)

describe('the certificate of a birth', () => {
  test('of this unit at this site, issued by our authority, gives the key that signs', () => {
    expect(judge(pemOf('units/vg-0001.crt'))).toMatchObject({ ok: true, value: { key: fleet.unit.keyId } })
  })

  test('may be followed by its chain, which is not needed', () => {
    expect(judge(`${pemOf('units/vg-0001.crt')}\n${pemOf('ca.crt')}`).ok).toBe(true)
  })

  test('is not taken from another authority, though it has the same names', () => {
    expect(judge(pemOf('units/vg-0001.crt', strangers))).toMatchObject({
      ok: false,
      detail: expect.stringContaining('not issued'),
    })
  })

  test('is not taken for another unit, or the same unit at another site', () => {
    expect(judge(pemOf('units/vg-0002.crt'))).toMatchObject({
      ok: false,
      detail: expect.stringContaining('another unit'),
    })
    expect(judge(pemOf('units/vg-0001.crt'), { ...unit, site: 'essai-2' as SiteId }).ok).toBe(false)
  })

  test('is not taken from the authority itself, the cloud or the broker', () => {
    for (const name of ['ca.crt', 'cloud.crt', 'broker.crt']) expect(judge(pemOf(name)).ok).toBe(false)
  })

  test('is taken only while it is valid', () => {
    expect(judge(pemOf('units/vg-0001.crt'), unit, NOW + 2 * YEAR_MS)).toMatchObject({
      ok: false,
      detail: expect.stringContaining('not valid'),
    })
    expect(judge(pemOf('units/vg-0001.crt'), unit, NOW - YEAR_MS)).toMatchObject({
      ok: false,
      detail: expect.stringContaining('not valid'),
    })
  })

  test('that is none is refused, whatever it is', () => {
    const broken = pemOf('units/vg-0001.crt').replace('MII', 'AAA')
    for (const pem of ['', 'x', broken, '-----BEGIN CERTIFICATE-----\n\n-----END CERTIFICATE-----']) {
      expect(judge(pem).ok).toBe(false)
    }
  })
})
