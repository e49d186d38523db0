import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OfficeEvent } from '@vigie/contract/office'
import type { Answer } from '@vigie/tests/fixtures/ask-authority'
import { certificatesIn } from '@vigie/tests/fixtures/certificates-in'
import { newUnitRequest, startTrialAuthority, type TrialAuthority } from '@vigie/tests/fixtures/trial-authority'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const DAY_MS = 86_400_000
const GATEWAY = { unit: 'vg-0101', site: 'musee-salagon' }
let now: number
let count = 0
let authority: TrialAuthority
beforeEach(async () => {
  now = Date.now()
  authority = await startTrialAuthority({ now: () => now })
})
afterEach(() => authority.remove())

type As = { cert: string; key: string }
const reasonOf = ({ body }: Answer): string => JSON.parse(body.toString()).type.split(':').at(-1)
const renew = (as: As, body: string) => authority.ask('/.well-known/est/simplereenroll', { method: 'POST', body, as })
const requestOf = (unit = GATEWAY.unit, site = GATEWAY.site) => newUnitRequest(unit, { site })

/** Lets the gateway in as a unit. */
async function enrolUnit(): Promise<void> {
  const { code } = await authority.claim(GATEWAY)
  const { request } = await newUnitRequest(GATEWAY.unit)
  expect((await authority.enrol(GATEWAY.unit, code, request)).status).toBe(200)
}

async function byHand(of = GATEWAY): Promise<As> {
  const files = await authority.issueDoors(of, { into: join(authority.folder, `doors-${count++}`) })
  return { cert: readFileSync(files.certificateFile, 'utf8'), key: readFileSync(files.keyFile, 'utf8') }
}

/** Renews, with a key of its own; gives what to renew with the next time. */
async function renewed(
  as: As,
): Promise<As & { subject: string; names: string | undefined; keyUsage: string[]; serial: string }> {
  const { request, keyPem } = await requestOf()
  const [certificate] = certificatesIn(await renew(as, request))
  if (certificate === undefined) throw new Error('no certificate came')
  const { subject, subjectAltName: names, keyUsage, serialNumber: serial } = certificate
  return { cert: String(certificate), key: keyPem, ...{ subject, names, keyUsage, serial } }
}

describe("the doors of a museum's gateway", () => {
  test('are renewed with a new key for the same names and the same purpose, first by what was made by hand', async () => {
    await enrolUnit()
    const first = await renewed(await byHand())
    const second = await renewed(first)
    for (const { subject, names, keyUsage } of [first, second]) {
      expect(subject).toBe('CN=vg-0101\nOU=musee-salagon')
      expect(names).toBe('DNS:localhost, IP Address:127.0.0.1')
      expect(keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
    }
    // The cloud hears of the unit's own alone.
    const { value } = await authority.office('GET', `/certificates?unit=${GATEWAY.unit}`)
    expect(value.certificates).toHaveLength(1)
  })

  test('are given the same certificate again when the answer was lost', async () => {
    await enrolUnit()
    const shown = await byHand()
    const { request } = await requestOf()
    const [one, again] = [await renew(shown, request), await renew(shown, request)].map((got) => certificatesIn(got)[0])
    expect(again?.raw).toEqual(one?.raw)
  })

  test('are not renewed before their unit is let in, nor once it was revoked, with all that it was given', async () => {
    const shown = await byHand()
    const { request } = await requestOf()
    expect(reasonOf(await renew(shown, request))).toBe('unit-not-in')
    await enrolUnit()
    const doors = await renewed(shown)
    const done = await authority.office('POST', '/revocations', { unit: GATEWAY.unit, reason: 'stolen', by: 'jeanne' })
    expect(done.value.serials).toContain(doors.serial)
    expect(reasonOf(await renew(doors, request))).toBe('certificate-revoked')
    expect(reasonOf(await renew(shown, request))).toBe('unit-not-in')
    const { value } = await authority.office('GET', '/events?after=0')
    const refused = value.events.filter(({ kind }: OfficeEvent) => kind === 'refused')
    expect(refused.every(({ isAlarm }: OfficeEvent) => isAlarm)).toBe(true)
  })

  test('keep what they have when their unit is enrolled anew', async () => {
    await enrolUnit()
    const doors = await renewed(await byHand())
    now += 1_000
    await enrolUnit()
    await renewed(doors)
  })

  test('are renewed by a copy of what was made by hand for one day only, until it is made anew', async () => {
    await enrolUnit()
    const shown = await byHand()
    await renewed(shown)
    await renewed(shown)
    now += 2 * DAY_MS
    const { request } = await requestOf()
    expect(reasonOf(await renew(shown, request))).toBe('certificate-spent')
    await renewed(await byHand())
  })

  test('cannot become those of another unit or museum, and a unit no doors', async () => {
    await enrolUnit()
    const shown = await byHand()
    expect(reasonOf(await renew(shown, (await requestOf('vg-0102')).request))).toBe('name-differs')
    expect(reasonOf(await renew(shown, (await requestOf(GATEWAY.unit, 'seyne')).request))).toBe('site-differs')
    const elsewhere = await byHand({ ...GATEWAY, site: 'seyne' })
    expect(reasonOf(await renew(elsewhere, (await requestOf(GATEWAY.unit, 'seyne')).request))).toBe('unit-not-in')
    const broker = await authority.issuePart('broker')
    const as = { cert: readFileSync(broker.certificateFile, 'utf8'), key: readFileSync(broker.keyFile, 'utf8') }
    expect(reasonOf(await renew(as, (await requestOf()).request))).toBe('certificate-unknown')
  })
})
