import { readFileSync } from 'node:fs'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import { newUnitRequest, startTrialAuthority, type TrialAuthority } from '@vigie/tests/fixtures/trial-authority'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTrialCloud, siteDocument, type TrialCloud } from '../http/trial-cloud.fixture.ts'
import { type AuthorityOffice, createAuthorityOffice } from './authority-office.ts'
import { createAuthorityWatch } from './authority-watch.ts'

/* A real authority, with its door and its database, and the cloud's routes before it. */
let authority: TrialAuthority
let office: AuthorityOffice
let cloud: TrialCloud
let count = 0

beforeAll(async () => {
  authority = await startTrialAuthority()
  const [cert, key] = [authority.cloud.certificateFile, authority.cloud.keyFile].map((file) =>
    readFileSync(file, 'utf8'),
  )
  if (cert === undefined || key === undefined) throw new Error('no certificate of the cloud')
  const tls = { ca: readFileSync(authority.files.trust, 'utf8'), cert, key }
  office = createAuthorityOffice({ url: authority.url, tls: () => tls })
})
afterAll(() => authority.remove())
beforeEach(async () => {
  count += 1
  cloud = await openTrialCloud({ office, sites: [siteDocument('col-d-allos'), siteDocument('seyne', 'vg-0002')] })
})
afterEach(() => cloud.close())

const watch = () => createAuthorityWatch({ office, certificates: cloud.store.unitCertificates, log: cloud.log })

async function ask(headers: Record<string, string>, method: 'GET' | 'POST' | 'DELETE', url: string, body?: object) {
  const sent = body === undefined ? {} : { payload: body }
  const answer = await cloud.http.inject({ method, url: `/api/v1${url}`, headers, ...sent })
  return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() }
}

/** A box that enrols with a claim that the cloud gave. */
async function enrolled(unit: string, site = 'col-d-allos') {
  const headers = await cloud.signIn('technician')
  const { body } = await ask(headers, 'POST', '/claims', { unit, site })
  const { request } = await newUnitRequest(unit)
  expect((await authority.enrol(unit, body.code, request)).status).toBe(200)
}

describe('a technician', () => {
  test('makes a claim, whose code is told once and whose label names no server anything', async () => {
    const headers = await cloud.signIn('technician')
    const unit = `vg-1${count}`
    const { status, body } = await ask(headers, 'POST', '/claims', { unit })
    expect(status).toBe(201)
    expect(body.words.split(' ')).toHaveLength(12)
    expect(body.path).toBe(`/pose#u=${unit}&c=${body.code}`)
    const { body: listed } = await ask(headers, 'GET', '/claims')
    expect(listed.claims.find(({ id }: { id: string }) => id === body.id)).toMatchObject({ unit, state: 'open' })
    expect(JSON.stringify(listed)).not.toContain(body.code)
    expect(JSON.stringify(cloud.lines)).not.toContain(body.code)
  })

  test('binds it to the site where the box stands, and to no other after that', async () => {
    const headers = await cloud.signIn('technician')
    const { body: claim } = await ask(headers, 'POST', '/claims', {})
    const bind = (site: string) => ask(headers, 'POST', '/claims/bind', { code: claim.words, site })
    expect(await bind('seyne')).toMatchObject({ status: 200, body: { state: 'bound', site: 'seyne' } })
    expect(await bind('col-d-allos')).toMatchObject({ status: 409, body: { reason: 'claim-of-another-site' } })
    expect((await ask(headers, 'DELETE', `/claims/${claim.id}`)).status).toBe(204)
    expect((await ask(headers, 'DELETE', `/claims/${claim.id}`)).status).toBe(404)
  })

  test('of one site makes, sees and withdraws no claim of another', async () => {
    const [here, everywhere] = [await cloud.signIn('technician', ['seyne']), await cloud.signIn('technician')]
    const { body: claim } = await ask(everywhere, 'POST', '/claims', { site: 'col-d-allos' })
    expect((await ask(here, 'POST', '/claims', { site: 'col-d-allos' })).status).toBe(403)
    expect((await ask(here, 'POST', '/claims/bind', { code: claim.code, site: 'col-d-allos' })).status).toBe(403)
    expect((await ask(here, 'DELETE', `/claims/${claim.id}`)).status).toBe(403)
    const { body } = await ask(here, 'GET', '/claims')
    expect(body.claims.map(({ site }: { site: string }) => site)).not.toContain('col-d-allos')
  })
})

describe('what happens at the authority', () => {
  test('stands in the trail once, with who did it, however often it is asked for', async () => {
    const unit = `vg-2${count}`
    await enrolled(unit)
    await Promise.all([watch().takeNews(), watch().takeNews()])
    await watch().takeNews()
    const rows = (await cloud.store.audit.search({ limit: 500 })).filter(({ what }) => what === unit)
    expect(rows.map(({ action }) => action)).toEqual(['unit.enrolled', 'claim.made'])
    expect(rows[1]?.who).toMatch(/^technician-/)
    expect(rows[0]).toMatchObject({ site: 'col-d-allos', who: unit })
  })

  test('raises an alarm when a claim comes a second time', async () => {
    const unit = `vg-3${count}`
    const headers = await cloud.signIn('technician')
    const { body: claim } = await ask(headers, 'POST', '/claims', { unit, site: 'seyne' })
    for (const { request } of [await newUnitRequest(unit), await newUnitRequest(unit)]) {
      await authority.enrol(unit, claim.code, request)
    }
    await watch().takeNews()
    expect(cloud.lines).toContainEqual(
      expect.objectContaining({ event: 'authority.alarm', reason: 'second-use', unit }),
    )
  })
})

describe('an alarm of the authority', () => {
  test('is seen by a supervisor of its site, once, with the name, and by nobody else', async () => {
    const unit = `vg-6${count}`
    const { body: claim } = await ask(await cloud.signIn('technician'), 'POST', '/claims', { unit, site: 'seyne' })
    for (const { request } of [await newUnitRequest(unit), await newUnitRequest(unit)]) {
      await authority.enrol(unit, claim.code, request)
    }
    await watch().takeNews()
    const [alarm] = await cloud.store.audit.search({ action: 'unit.refused', limit: 1 })
    const see = async (headers: Record<string, string>, row = alarm?.seq) =>
      (await ask(headers, 'POST', `/audit/${row}/seen`)).status
    expect(await see(await cloud.signIn('technician'))).toBe(403)
    expect(await see(await cloud.signIn('supervisor', ['col-d-allos']))).toBe(403)
    expect(await cloud.store.audit.search({ action: 'unit.refusal-seen', limit: 9 })).toEqual([])

    const supervisor = await cloud.signIn('supervisor', ['seyne'])
    expect([await see(supervisor), await see(await cloud.signIn('administrator'))]).toEqual([204, 204])
    const rows = await cloud.store.audit.search({ action: 'unit.refusal-seen', limit: 9 })
    expect(rows).toMatchObject([{ what: unit, site: 'seyne', reason: 'second-use' }])
    expect(rows[0]?.who).toMatch(/^supervisor-/)
    expect(JSON.parse(rows[0]?.after ?? '')).toEqual({ row: alarm?.seq })
    // What raises no alarm is not seen either.
    expect(await see(supervisor, rows[0]?.seq)).toBe(404)
    expect(await see(supervisor, 999_999)).toBe(404)
  })
})

describe('a unit that is revoked', () => {
  test('is known as such at once: by the list, by the API, and by what judges births and frames', async () => {
    const unit = `vg-4${count}`
    await enrolled(unit)
    await watch().takeNews()
    const supervisor = await cloud.signIn('supervisor')
    const { body: before } = await ask(supervisor, 'GET', `/units/${unit}`)
    expect(before).toMatchObject({ state: 'certified', site: 'col-d-allos' })
    const { serial, key } = before.certificates[0]
    const { status, body } = await ask(supervisor, 'POST', `/units/${unit}/revocation`, { reason: 'stolen' })
    expect([status, body.state]).toEqual([200, 'revoked'])
    const list = await authority.ask('/crl')
    expect(list.body.includes(Buffer.from(serial, 'hex'))).toBe(true)
    expect(await cloud.store.unitCertificates.isRevoked(serial)).toBe(true)
    expect(await cloud.store.unitCertificates.revocationOf(unit as UnitId, key)).toBe('stolen')
    const [row] = await cloud.store.audit.search({ action: 'unit.revoked', limit: 1 })
    expect(row).toMatchObject({ what: unit, reason: 'stolen', site: 'col-d-allos' as SiteId })
    expect(row?.who).toMatch(/^supervisor-/)
  })

  test('is revoked by no technician, nor by a supervisor of another site', async () => {
    const unit = `vg-5${count}`
    await enrolled(unit)
    await watch().takeNews()
    const people = [await cloud.signIn('technician'), await cloud.signIn('supervisor', ['seyne'])]
    for (const headers of people) {
      expect((await ask(headers, 'POST', `/units/${unit}/revocation`, { reason: 'stolen' })).status).toBe(403)
    }
    expect((await ask(people[0] ?? {}, 'GET', `/units/${unit}`)).body.state).toBe('certified')
    expect((await ask(people[1] ?? {}, 'GET', `/units/${unit}`)).status).toBe(403)
    const { body } = await ask(people[1] ?? {}, 'GET', '/units')
    expect(body.units.map((one: { unit: string }) => one.unit)).not.toContain(unit)
  })
})

test('says that it is the authority which does not answer, with or without its address', async () => {
  await cloud.close()
  const address = { url: 'https://127.0.0.1:9', tls: () => ({ ca: '', cert: '', key: '' }) }
  for (const away of [createAuthorityOffice(undefined), createAuthorityOffice(address)]) {
    await expect(away.claims()).rejects.toMatchObject({ code: 'authority-unreachable', retryable: true })
  }
  cloud = await openTrialCloud()
  const { status, body } = await ask(await cloud.signIn('technician'), 'POST', '/claims', {})
  expect([status, body.detail]).toEqual([503, 'Fault authority-unreachable.'])
})
