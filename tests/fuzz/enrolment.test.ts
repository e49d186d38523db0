import { REFUSALS } from '@vigie/contract/office'
import { readSigningRequest } from '@vigie/provisioning/enrolment/signing-request'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { certificatesIn } from '../fixtures/certificates-in.ts'
import { newUnitRequest, startTrialAuthority, type TrialAuthority } from '../fixtures/trial-authority.ts'
import { between, fuzz, pick, randomBytes } from './fuzz.ts'
import { mutateBytes } from './mutate-bytes.ts'

const UNIT = 'vg-0001'
const SITE = 'seyne'
let authority: TrialAuthority
let claim: string
let own: Awaited<ReturnType<typeof newUnitRequest>>

beforeAll(async () => {
  // Time enough passes between two attempts that the limit on failures never steps in.
  authority = await startTrialAuthority({ monotonicMs: () => performance.now() * 1e6 })
  claim = (await authority.claim({ unit: UNIT, site: SITE })).code
  own = await newUnitRequest(UNIT)
})
afterAll(() => authority.remove())

/** A request that was spoilt in its DER or in its text; sometimes it is as it was. */
function spoilt(random: () => number): string {
  const der = Buffer.from(own.request, 'base64')
  const bytes = random() < 0.8 ? mutateBytes(der, random) : der
  const text = pick(random, [bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('latin1')])
  return random() < 0.3 ? mutateBytes(Buffer.from(text), random).toString('latin1') : text
}

test('a spoilt request is read as what its key has signed, or refused with a reason', async () => {
  await fuzz(async (random) => {
    const read = await readSigningRequest(spoilt(random))
    if (read.ok) expect(read.value).toMatchObject({ units: [UNIT], sites: [] })
    else expect(Object.keys(REFUSALS)).toContain(read.refusal)
  })
})

test('whatever is asked, the door answers with a certificate for that key or with a reason, and stays open', async () => {
  await fuzz(async (random) => {
    const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`
    const credential = pick(random, [
      basic(`${UNIT}:${claim}`),
      basic(`${UNIT}:${mutateBytes(Buffer.from(claim), random).toString('latin1')}`),
      basic(mutateBytes(Buffer.from(`${UNIT}:${claim}`), random).toString('latin1')),
      basic(randomBytes(random, between(random, 0, 700)).toString('latin1')),
      `Basic ${randomBytes(random, 40).toString('hex')}=`,
      'Bearer x',
    ])
    const type = pick(random, ['application/pkcs10', 'application/json', 'text/plain; charset=utf-16', 'x', ''])
    const path = pick(random, ['simpleenroll', 'simpleenroll', 'simplereenroll', 'cacerts', 'serverkeygen', '%00'])
    const answer = await authority.ask(`/.well-known/est/${path}`, {
      method: pick(random, ['POST', 'POST', 'POST', 'PUT']),
      headers: { authorization: credential, ...(type === '' ? {} : { 'content-type': type }) },
      body: Buffer.from(spoilt(random), 'latin1'),
    })
    if (answer.status === 200) {
      const [certificate] = certificatesIn(answer)
      expect(certificate?.checkPrivateKey(own.key)).toBe(true)
      expect(certificate?.subject).toBe(`CN=${UNIT}\nOU=${SITE}`)
      return
    }
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    const said = JSON.parse(answer.body.toString())
    // A header that is too long is refused by HTTP itself, before there is a request that our door could name.
    if (answer.status === 431) expect(said.error).toBe('Request Header Fields Too Large')
    else expect(said.type).toMatch(/^urn:vigie:authority:[a-z-]+$/)
  })
  const { value } = await authority.office('GET', `/certificates?unit=${UNIT}`)
  expect(value.certificates.length).toBeLessThanOrEqual(1)
})
