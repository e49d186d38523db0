import { verify, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { OfficeEvent } from '@vigie/contract/office'
import { decodeTimeStatement, timeStatementText } from '@vigie/contract/time-statement'
import type { Answer } from '@vigie/tests/fixtures/ask-authority'
import { certificatesIn } from '@vigie/tests/fixtures/certificates-in'
import { newUnitRequest, startTrialAuthority, type TrialAuthority } from '@vigie/tests/fixtures/trial-authority'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const DAY_MS = 86_400_000
let now: number
let authority: TrialAuthority

beforeEach(async () => {
  now = Date.now()
  authority = await startTrialAuthority({ now: () => now })
})
afterEach(() => authority.remove())

const reasonOf = ({ body }: Answer): string => JSON.parse(body.toString()).type.split(':').at(-1)

const eventsOf = async (kind: OfficeEvent['kind']): Promise<OfficeEvent[]> =>
  (await authority.office('GET', '/events?after=0')).value.events.filter((event: OfficeEvent) => event.kind === kind)

async function enrolled(unit = 'vg-0001', site = 'col-d-allos') {
  const { code } = await authority.claim({ unit, site })
  const asked = await newUnitRequest(unit)
  const answer = await authority.enrol(unit, code, asked.request)
  const [certificate] = certificatesIn(answer)
  if (certificate === undefined) throw new Error('no certificate came')
  return { ...asked, code, certificate, as: { cert: String(certificate), key: asked.keyPem } }
}

const renew = (as: { cert: string; key: string }, body: string) =>
  authority.ask('/.well-known/est/simplereenroll', { method: 'POST', body, as })

describe('a box with a claim', () => {
  test('waits until a technician has bound it, then gets a certificate for the site that he chose', async () => {
    const { code } = await authority.claim({ unit: 'vg-0001' })
    const { request, key } = await newUnitRequest('vg-0001')
    const waiting = await authority.enrol('vg-0001', code, request)
    expect(waiting).toMatchObject({ status: 202, headers: { 'retry-after': '5' } })

    const bound = await authority.office('POST', '/claims/bind', { code, site: 'seyne', by: 'jeanne' })
    expect(bound).toMatchObject({ status: 200, value: { state: 'bound', site: 'seyne', boundBy: 'jeanne' } })
    const [certificate] = certificatesIn(await authority.enrol('vg-0001', code, request))
    expect(certificate?.subject).toBe('CN=vg-0001\nOU=seyne')
    expect(certificate?.checkPrivateKey(key)).toBe(true)
    expect((Date.parse(certificate?.validTo ?? '') - now) / DAY_MS).toBeCloseTo(179, 0)
    expect(await eventsOf('enrolled')).toMatchObject([{ unit: 'vg-0001', site: 'seyne', address: '127.0.0.1' }])
  })

  test('may type its words instead, without accents and in capitals', async () => {
    const { words } = await authority.claim({ site: 'seyne' })
    const { request } = await newUnitRequest('vg-0001')
    const typed = words.normalize('NFKD').replaceAll(/\p{M}/gu, '').toUpperCase()
    expect((await authority.enrol('vg-0001', typed, request)).status).toBe(200)
  })

  test('whose answer was lost gets the same certificate again, and no second one', async () => {
    const { code, request, certificate } = await enrolled()
    const [again] = certificatesIn(await authority.enrol('vg-0001', code, request))
    expect(again?.raw).toEqual(certificate.raw)
    const { value } = await authority.office('GET', '/certificates?unit=vg-0001')
    expect(value.certificates).toHaveLength(1)
  })

  test('that asks twice at once has one certificate', async () => {
    const { code } = await authority.claim({ site: 'seyne' })
    const { request } = await newUnitRequest('vg-0001')
    const answers = await Promise.all([1, 2, 3].map(() => authority.enrol('vg-0001', code, request)))
    expect(new Set(answers.map((answer) => certificatesIn(answer)[0]?.serialNumber)).size).toBe(1)
  })

  test.each([
    ['another key', 'second-use', { unit: 'vg-0001' }],
    ['the name of another unit', 'second-use', { unit: 'vg-0002' }],
  ])('cannot be followed by %s: refused, told, an alarm', async (_what, reason, { unit }) => {
    const { code } = await enrolled()
    const thief = await newUnitRequest(unit)
    const answer = await authority.enrol(unit, code, thief.request)
    expect([answer.status, reasonOf(answer)]).toEqual([403, reason])
    expect(await eventsOf('refused')).toMatchObject([{ reason, unit, isAlarm: true }])
  })

  test('is refused when the claim is unknown, expired, withdrawn, or for another unit', async () => {
    const { request } = await newUnitRequest('vg-0001')
    const withdrawn = await authority.claim({ site: 'seyne' })
    await authority.office('DELETE', `/claims/${withdrawn.id}?by=jeanne`)
    const other = await authority.claim({ site: 'seyne', unit: 'vg-0002' })
    const expired = await authority.claim({ site: 'seyne', expiresInS: 60 })
    now += 61_000
    const answers = []
    for (const code of ['00000-00000-00000-00000-00000-0', expired.code, withdrawn.code, other.code]) {
      answers.push(await authority.enrol('vg-0001', code, request))
    }
    expect(answers.map((answer) => [answer.status, reasonOf(answer)])).toEqual([
      [401, 'claim-unknown'],
      [403, 'claim-expired'],
      [403, 'claim-withdrawn'],
      [403, 'claim-of-another-unit'],
    ])
    expect(answers[0]?.headers['www-authenticate']).toMatch(/^Basic/)
  })

  test('that names another site than its claim is refused, and it is an alarm', async () => {
    const { code } = await authority.claim({ site: 'seyne' })
    const { request } = await newUnitRequest('vg-0001', { site: 'col-d-allos' })
    expect(reasonOf(await authority.enrol('vg-0001', code, request))).toBe('site-differs')
    expect(await eventsOf('refused')).toMatchObject([{ reason: 'site-differs', site: 'seyne', isAlarm: true }])
  })

  test('cannot take the name of a unit that works at another site', async () => {
    await enrolled('vg-0001', 'col-d-allos')
    const { code } = await authority.claim({ site: 'seyne' })
    const { request } = await newUnitRequest('vg-0001')
    expect(reasonOf(await authority.enrol('vg-0001', code, request))).toBe('unit-elsewhere')
  })

  test.each(['cloud', 'broker-1', 'authority', 'configuration', 'tickets', 'VG-1', '../x'])(
    'cannot be called %s',
    async (unit) => {
      const { code } = await authority.claim({ site: 'seyne' })
      const { request } = await newUnitRequest(unit)
      expect(reasonOf(await authority.enrol(unit, code, request))).toBe('name-not-usable')
    },
  )

  test('that comes with a new key takes the place of its earlier certificate, which is revoked', async () => {
    const before = await enrolled()
    now += 1_000
    const after = await enrolled()
    const { value } = await authority.office('GET', '/certificates?unit=vg-0001')
    expect(value.certificates).toMatchObject([
      { serial: after.certificate.serialNumber, revokedAt: null },
      { serial: before.certificate.serialNumber, reason: 'superseded' },
    ])
    expect(reasonOf(await renew(before.as, before.request))).toBe('certificate-revoked')
  })

  test('may fail twenty times from one address, then waits, whatever it shows', async () => {
    const { request } = await newUnitRequest('vg-0001')
    const { code } = await authority.claim({ site: 'seyne' })
    for (let count = 0; count < 20; count++) await authority.enrol(`vg-${count}`, 'not-a-claim', request)
    const limited = await authority.enrol('vg-0001', code, request)
    expect([limited.status, reasonOf(limited)]).toEqual([429, 'too-many-attempts'])
    expect(Number(limited.headers['retry-after'])).toBeLessThanOrEqual(30)
    expect(await eventsOf('refused')).toHaveLength(20)
  })
})

describe('a unit with a certificate', () => {
  test('renews it for a new key, and the old one stays good until it ends', async () => {
    const unit = await enrolled()
    const next = await newUnitRequest('vg-0001', { site: 'col-d-allos' })
    const [renewed] = certificatesIn(await renew(unit.as, next.request))
    expect(renewed?.subject).toBe('CN=vg-0001\nOU=col-d-allos')
    expect(renewed?.checkPrivateKey(next.key)).toBe(true)
    const [again] = certificatesIn(await renew(unit.as, next.request))
    expect(again?.raw).toEqual(renewed?.raw)
  })

  test('renews it 400 days later, when it has long expired', async () => {
    const unit = await enrolled()
    now += 400 * DAY_MS
    const [renewed] = certificatesIn(await renew(unit.as, unit.request))
    expect(Date.parse(renewed?.validTo ?? '')).toBeGreaterThan(now)
  })

  test('renews nothing for another site or another unit, and nothing once it is revoked', async () => {
    const unit = await enrolled()
    for (const [name, site] of [
      ['vg-0002', 'col-d-allos'],
      ['vg-0001', 'seyne'],
    ] as const) {
      const { request } = await newUnitRequest(name, { site })
      expect((await renew(unit.as, request)).status).toBe(403)
    }
    await authority.office('POST', '/revocations', { unit: 'vg-0001', reason: 'stolen', by: 'paul' })
    expect(reasonOf(await renew(unit.as, unit.request))).toBe('certificate-revoked')
    const reasons = (await eventsOf('refused')).map(({ reason, isAlarm }) => [reason, isAlarm])
    expect(reasons).toEqual([
      ['name-differs', true],
      ['site-differs', true],
      ['certificate-revoked', true],
    ])
  })

  test('that was stolen comes back by no claim that it knows, nor with its key by another', async () => {
    const unit = await enrolled()
    const label = await authority.claim({ unit: 'vg-0001' })
    await authority.office('POST', '/revocations', { unit: 'vg-0001', reason: 'stolen', by: 'paul' })
    expect(reasonOf(await authority.enrol('vg-0001', unit.code, unit.request))).toBe('claim-withdrawn')
    const binding = await authority.office('POST', '/claims/bind', { code: label.code, site: 'col-d-allos', by: 'x' })
    expect(binding).toMatchObject({ status: 403, value: { type: 'urn:vigie:authority:claim-withdrawn' } })
    const fresh = await authority.claim({ unit: 'vg-0001', site: 'col-d-allos' })
    expect(reasonOf(await authority.enrol('vg-0001', fresh.code, unit.request))).toBe('certificate-revoked')
  })

  test('is in the list of the revoked as soon as the office has its answer', async () => {
    const unit = await enrolled()
    const before = await authority.ask('/crl')
    expect((await authority.ask('/crl', { headers: { 'if-none-match': String(before.headers['etag']) } })).status).toBe(
      304,
    )
    const { value } = await authority.office('POST', '/revocations', { unit: 'vg-0001', reason: 'stolen', by: 'paul' })
    expect(value.serials).toEqual([unit.certificate.serialNumber])
    const after = await authority.ask('/crl')
    expect(after.headers).toMatchObject({ 'content-type': 'application/pkix-crl' })
    expect(after.headers['etag']).not.toBe(before.headers['etag'])
    expect(after.body.includes(Buffer.from(unit.certificate.serialNumber, 'hex'))).toBe(true)
    expect((await authority.ask('/crl.pem')).body.toString()).toMatch(/^-----BEGIN X509 CRL-----/)
  })
})

describe('the office', () => {
  test('answers the cloud alone: nobody, a unit and a certificate of elsewhere are refused', async () => {
    const unit = await enrolled()
    const elsewhere = await startTrialAuthority()
    const answers = [
      await authority.ask('/office/claims'),
      await authority.ask('/office/claims', { as: unit.as }),
      await authority.ask('/office/claims', { as: elsewhere.cloud }),
    ]
    await elsewhere.remove()
    expect(answers.map(({ status }) => status)).toEqual([401, 403, 403])
  })

  test('refuses a cloud whose certificate was revoked by its serial number', async () => {
    const { serialNumber: serial } = new X509Certificate(readFileSync(authority.cloud.certificateFile))
    expect((await authority.office('POST', '/revocations', { serial, reason: 'compromised', by: 'x' })).status).toBe(
      201,
    )
    expect((await authority.office('GET', '/claims')).status).toBe(403)
  })

  test('lists claims without their codes, and binds none to a second site', async () => {
    const { code, id } = await authority.claim({})
    await authority.office('POST', '/claims/bind', { code, site: 'seyne', by: 'jeanne' })
    expect((await authority.office('POST', '/claims/bind', { code, site: 'seyne', by: 'jeanne' })).status).toBe(200)
    const second = await authority.office('POST', '/claims/bind', { code, site: 'col-d-allos', by: 'jeanne' })
    expect(second).toMatchObject({ status: 403, value: { type: 'urn:vigie:authority:claim-of-another-site' } })
    const { value } = await authority.office('GET', '/claims')
    expect(value.claims).toMatchObject([{ id, state: 'bound', site: 'seyne' }])
    expect(JSON.stringify(value)).not.toContain(code)
    const unknown = await authority.office('POST', '/claims/bind', { code: '0'.repeat(26), site: 'seyne', by: 'x' })
    expect(unknown.status).toBe(404)
  })

  test('tells what happened after the last that was taken, in order', async () => {
    await enrolled()
    const { value } = await authority.office('GET', '/events?after=1')
    expect(value.events.map(({ kind }: OfficeEvent) => kind)).toEqual(['claim-made', 'enrolled'])
    expect(value.newest).toBe(value.events.at(-1).seq)
  })

  test('says where a body is wrong, never what stands there', async () => {
    const answer = await authority.office('POST', '/claims', { by: '', expiresInS: 1, unit: 'SECRET' })
    expect(answer.status).toBe(400)
    expect(JSON.stringify(answer.value)).toMatch(/\/unit/)
    expect(JSON.stringify(answer.value)).not.toContain('SECRET')
  })
})

test('says the time with a signature that leads to the root, for one nonce', async () => {
  const nonce = 'q83vEjRWeJCrze8SNFZ4kA'
  const answer = await authority.ask(`/time?nonce=${nonce}`)
  const decoded = decodeTimeStatement(answer.body)
  if (!decoded.ok) throw new Error(decoded.detail)
  const [signer, ...above] = decoded.value.certificates.map((text) => new X509Certificate(Buffer.from(text, 'base64')))
  expect(decoded.value).toMatchObject({ nonce, time: new Date(now).toISOString() })
  expect(signer?.subject).toBe('CN=authority')
  expect(above.at(-1)?.raw).toEqual(new X509Certificate(readFileSync(authority.files.roots)).raw)
  if (signer === undefined) throw new Error('no signer')
  const key = { key: signer.publicKey, dsaEncoding: 'ieee-p1363' as const }
  const signature = Buffer.from(decoded.value.signature, 'base64url')
  expect(verify('sha256', timeStatementText(decoded.value), key, signature)).toBe(true)
  expect(verify('sha256', timeStatementText({ ...decoded.value, nonce: 'other' }), key, signature)).toBe(false)
  expect((await authority.ask('/time?nonce=short')).status).toBe(400)
})

test('knows after a restart who was enrolled and revoked, and counts its lists on', async () => {
  const unit = await enrolled()
  await authority.office('POST', '/revocations', { unit: 'vg-0001', reason: 'stolen', by: 'paul' })
  const before = (await authority.ask('/crl')).body
  await authority.stop()
  authority = await startTrialAuthority({ folder: authority.folder, now: () => now })
  expect(reasonOf(await renew(unit.as, unit.request))).toBe('certificate-revoked')
  const after = (await authority.ask('/crl')).body
  expect(after.includes(Buffer.from(unit.certificate.serialNumber, 'hex'))).toBe(true)
  expect(after.equals(before)).toBe(false)
})
