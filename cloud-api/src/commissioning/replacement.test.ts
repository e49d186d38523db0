import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KeyId, SiteId, UnitId } from '@vigie/contract/ids'
import { createDevelopmentAuthority } from '@vigie/provisioning/authority/development-authority'
import { createTrialFleet } from '@vigie/tests/fixtures/trial-fleet'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { NOON, openTrialCloud, type TrialCloud } from '../http/trial-cloud.fixture.ts'
import { createJudge } from '../intake/judge.ts'
import { readAuthorities } from '../presence/unit-certificate.ts'
import type { AuthorityOffice } from '../units/authority-office.ts'
import { createReplacementWatch } from './replacement-watch.ts'

type Fleet = Awaited<ReturnType<typeof createTrialFleet>>
const SITE = 'essai-1' as SiteId
const [OLD, NEW, THIRD] = ['vg-0001', 'vg-0077', 'vg-0078'] as [UnitId, UnitId, UnitId]
let fleet: Fleet
let cloud: TrialCloud
let technician: Record<string, string>
let office: AuthorityOffice & { revoked: { unit: string; reason: string }[]; wishes: unknown[] }

beforeAll(async () => {
  fleet = await createTrialFleet({ sites: 2, now: NOON })
  const units = [NEW, THIRD].map((unit) => ({ unit, site: SITE }))
  await createDevelopmentAuthority({ folder: fleet.folder, units }, { now: () => NOON })
})
afterAll(() => fleet.remove())
beforeEach(async () => {
  const revoked: { unit: string; reason: string }[] = []
  const wishes: unknown[] = []
  office = {
    revoked,
    wishes,
    makeClaim: async (wish) => {
      wishes.push(wish)
      return {
        id: '0'.repeat(26),
        code: 'A'.repeat(26),
        words: 'mots '.repeat(12),
        expiresAt: new Date(NOON).toISOString(),
      }
    },
    revoke: async ({ unit = '', reason }) => {
      revoked.push({ unit, reason })
      return { serials: [] }
    },
    certificatesOf: async (unit) => {
      const revokedAt = revoked.some((one) => one.unit === unit) ? new Date(NOON).toISOString() : null
      return [{ unit, revokedAt }] as Awaited<ReturnType<AuthorityOffice['certificatesOf']>> // what is looked at
    },
    bindClaim: notAsked,
    claims: notAsked,
    withdrawClaim: notAsked,
    eventsAfter: notAsked,
  }
  cloud = await openTrialCloud({ sites: fleet.sites, office })
  technician = await cloud.signIn('technician')
})
afterEach(() => cloud.close())

const ask = (method: 'GET' | 'POST', url: string, payload?: object) =>
  cloud.http.inject({
    method,
    url: `/api/v1${url}`,
    headers: technician,
    ...(payload === undefined ? {} : { payload }),
  })
const notAsked = async (): Promise<never> => {
  throw new Error('nobody asks for it here')
}
const replace = (body: object = {}) =>
  ask('POST', `/sites/${SITE}/replacement`, { reason: 'foudre', oldUnitEnds: 'when-new-runs', ...body })

/** What a unit says when it connects, with the certificate that the authority gave it for this site. */
async function hearBirth(unit: UnitId, session = 1): Promise<string> {
  const birth = fleet.unit.birth(session)
  const said = JSON.parse(Buffer.from(birth.payload).toString())
  const certificate = readFileSync(join(fleet.folder, 'units', `${unit}.crt`), 'utf8')
  const payload = Buffer.from(JSON.stringify({ ...said, unit, certificate }))
  const message = { topic: birth.topic.replace(OLD, unit), payload, receivedAt: cloud.clock.now() }
  const authorities = () => readAuthorities(readFileSync(fleet.caFile, 'utf8'))
  const judge = createJudge({ store: cloud.store, authorities, isTimeCertain: () => true, onGateAsk: () => {} })
  const [judged] = await judge.judgeAll([message])
  return judged?.verdict.what === 'refused' ? judged.verdict.letter.reason : (judged?.verdict.what ?? '')
}
const standing = async () => (await cloud.store.fleet.site(SITE))?.unit

describe('the replacement of a unit', () => {
  it('gives a claim for this site, and changes nothing before the new unit is there', async () => {
    const answer = (await replace()).json()
    expect(answer).toMatchObject({
      commissioning: { kind: 'replacement', site: SITE, unit: null, replacedUnit: OLD, reason: 'foudre' },
      claim: { code: 'A'.repeat(26) },
    })
    expect(office.wishes).toMatchObject([{ site: SITE, by: expect.any(String) }])
    expect(office.revoked).toEqual([])
    expect(await standing()).toBe(OLD)
    expect(await hearBirth(OLD)).toBe('nothing')
  })

  it('lets the new unit take over with its first birth, and the site keeps all that it was', async () => {
    const before = await cloud.store.fleet.site(SITE)
    const { commissioning } = (await replace()).json()
    expect(await hearBirth(NEW)).toBe('nothing')
    expect(await cloud.store.fleet.site(SITE)).toEqual({ ...before, unit: NEW })
    expect((await ask('GET', `/commissionings/${commissioning.id}`)).json().unit).toBe(NEW)
    expect(await cloud.store.presence.of(NEW)).toMatchObject({ condition: 'online', site: SITE })
    const [entry] = await cloud.store.audit.search({ action: 'unit.took-over', limit: 1 })
    expect(entry).toMatchObject({ what: NEW, site: SITE, reason: 'foudre' })
  })

  it('stands also after a start whose files still name the unit that is gone', async () => {
    await cloud.store.configuration.seed(fleet.sites, NOON)
    await replace()
    await hearBirth(NEW)
    await cloud.store.configuration.seed(fleet.sites, NOON)
    expect(await standing()).toBe(NEW)
  })

  it('lets no other unit in: not the old one back, not a second one, not without a replacement', async () => {
    expect(await hearBirth(NEW)).toBe('unit-not-at-site')
    await replace()
    await hearBirth(NEW)
    expect(await hearBirth(OLD)).toBe('unit-not-at-site')
    expect(await hearBirth(THIRD)).toBe('unit-not-at-site')
    expect(await standing()).toBe(NEW)
  })

  it('lets no unit in whose certificate was revoked', async () => {
    await replace()
    const { serialNumber: serial } = new X509Certificate(readFileSync(join(fleet.folder, 'units', `${NEW}.crt`)))
    const times = { issuedAt: NOON, startsAt: NOON, endsAt: NOON + 1, revokedAt: NOON }
    const certificate = {
      serial,
      unit: NEW,
      site: SITE,
      key: '0'.repeat(16) as KeyId,
      reason: 'stolen',
      ...times,
    } as const
    await cloud.store.unitCertificates.take({ from: 0, upTo: 1, entries: [], certificates: [certificate] })
    expect(await hearBirth(NEW)).toBe('unit-not-at-site')
    expect(await standing()).toBe(OLD)
  })

  it('leaves a unit that was replaced what it has not sent: it hears nothing of it, and forgets nothing', async () => {
    const authorities = () => readAuthorities(readFileSync(fleet.caFile, 'utf8'))
    const judge = createJudge({ store: cloud.store, authorities, isTimeCertain: () => true, onGateAsk: () => {} })
    const { topic, payload } = fleet.unit.telemetry({}, { at: NOON })
    const verdict = async () => (await judge.judgeAll([{ topic, payload, receivedAt: NOON }]))[0]?.verdict.what
    await replace()
    expect(await verdict()).toBe('telemetry')
    await hearBirth(NEW)
    expect(await verdict()).toBe('later')
  })

  it('by a unit that was named takes that one only, and makes no claim beside the one of its label', async () => {
    expect((await replace({ unit: THIRD })).json().claim).toBeNull()
    expect(await hearBirth(NEW)).toBe('unit-not-at-site')
    expect(await hearBirth(THIRD)).toBe('nothing')
    expect(await standing()).toBe(THIRD)
    expect(office.wishes).toEqual([])
  })

  it('has what was drawn and measured at the site before, to be approved again', async () => {
    const drawn = { views: { 'cam1/amont': { measures: [{ y: 0.5, from: 0.4, to: 0.6, metres: 6 }] } } }
    const { id } = (await ask('POST', '/commissionings', { site: SITE })).json()
    const url = `/api/v1/commissionings/${id}/steps/masks`
    await cloud.http.inject({ method: 'PUT', url, headers: technician, payload: { entered: drawn, done: true } })
    await ask('POST', `/commissionings/${id}/report`)
    const { commissioning } = (await replace()).json()
    const { steps } = (await ask('GET', `/commissionings/${commissioning.id}`)).json()
    const masks = steps.find(({ step }: { step: string }) => step === 'masks')
    expect(masks).toMatchObject({ state: 'begun', entered: drawn })
  })

  it('revokes the old unit once the new one runs, and once', async () => {
    const watch = createReplacementWatch({ store: cloud.store, office, clock: cloud.clock, log: cloud.log })
    await replace()
    await watch.look()
    expect(office.revoked).toEqual([])
    await hearBirth(NEW)
    await watch.look()
    await watch.look()
    expect(office.revoked).toEqual([{ unit: OLD, reason: 'replaced' }])
  })

  it('of a stolen unit revokes it at once', async () => {
    await replace({ oldUnitEnds: 'at-once', reason: 'volé' })
    expect(office.revoked).toEqual([{ unit: OLD, reason: 'stolen' }])
  })

  it('is refused while another commissioning of the site is open, for an unknown site, and by the unit itself', async () => {
    await ask('POST', '/commissionings', { site: SITE })
    expect((await replace()).json().type).toBe('urn:vigie:problem:commissioning-open')
    expect(
      (await ask('POST', '/sites/nowhere/replacement', { reason: 'foudre', oldUnitEnds: 'at-once' })).statusCode,
    ).toBe(404)
    expect((await replace({ unit: OLD })).statusCode).toBe(400)
  })
})
