import { generateKeyPairSync } from 'node:crypto'
import type { KeyId, SiteId, UnitId } from '@vigie/contract/ids'
import { compactDecrypt } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Role } from '../people/actions.ts'
import { openTrialCloud, siteDocument, type TrialCloud } from './trial-cloud.fixture.ts'

const SITE = 'col-d-allos'
const COMMANDS = `/api/v1/sites/${SITE}/commands`
const unit = 'vg-0001' as UnitId // of the trial's site

let cloud: TrialCloud
beforeEach(async () => {
  const museum = { ...siteDocument('musee-gassendi', 'vg-0002'), needsTwoPeople: true }
  cloud = await openTrialCloud({ sites: [siteDocument(), museum] })
})
afterEach(() => cloud.close())

type Headers = Awaited<ReturnType<TrialCloud['signIn']>>
async function ask(headers: Headers, payload: object, url = COMMANDS) {
  const answer = await cloud.http.inject({ method: 'POST', url, headers, payload })
  return { status: answer.statusCode, body: answer.json() }
}
const probe = { body: { name: 'probe', what: 'link' } }
const danger = { body: { name: 'free-rotation', lane: 'tripod1', on: true }, reason: 'incendie en face' }

describe('who asks something of a unit', () => {
  test('has it queued, can follow it, and is named in the audit trail', async () => {
    const headers = await cloud.signIn('technician')
    const { status, body } = await ask(headers, probe)
    expect(status).toBe(201)
    expect(body).toMatchObject({ step: 'queued', unit, approval: 'not-needed', body: probe.body, version: 1 })
    const followed = await cloud.http.inject({ method: 'GET', url: `${COMMANDS}/${body.id}`, headers })
    expect(followed.json()).toEqual(body)
    const listed = await cloud.http.inject({ method: 'GET', url: COMMANDS, headers })
    expect(listed.json().commands.map(({ id }: { id: string }) => id)).toEqual([body.id])
    const [entry] = await cloud.store.audit.search({ action: 'command', limit: 5 })
    expect(entry).toMatchObject({ action: 'command.asked', what: body.id, site: SITE, who: body.askedBy })
  })

  test.each<[Role, object, number]>([
    ['viewer', probe, 403],
    ['gate-staff', probe, 403],
    ['gate-staff', { body: { name: 'open-lane', lane: 'tripod1' } }, 201],
    ['technician', danger, 403],
    ['supervisor', danger, 201],
  ])('as %s gets what the table of rights says: %j', async (role, wish, status) => {
    expect(await ask(await cloud.signIn(role), wish)).toMatchObject({ status })
  })

  test('must say why, where people are let in uncounted', async () => {
    const { status, body } = await ask(await cloud.signIn('supervisor'), { body: danger.body })
    expect(status).toBe(400)
    expect(body.parameters).toEqual([{ name: 'reason', message: expect.stringContaining('missing') }])
  })

  test('cannot ask for what is not in the list, nor at another site, nor without end', async () => {
    const headers = await cloud.signIn('technician', [SITE])
    expect(await ask(headers, { body: { name: 'shell', line: 'reboot' } })).toMatchObject({ status: 400 })
    expect(await ask(headers, probe, '/api/v1/sites/musee-gassendi/commands')).toMatchObject({ status: 403 })
    const statuses: number[] = []
    for (let count = 0; count < 26; count += 1) statuses.push((await ask(headers, probe)).status)
    expect(statuses.slice(0, 24)).toEqual(Array(24).fill(201))
    expect(statuses.slice(24)).toEqual([429, 429])
  })
})

describe('where the site wants two people', () => {
  const url = '/api/v1/sites/musee-gassendi/commands'

  test('the second one lets it go, and the first one cannot', async () => {
    const first = await cloud.signIn('supervisor')
    const { body } = await ask(first, danger, url)
    expect(body.approval).toBe('awaited')
    expect(await cloud.store.commands.open()).toMatchObject([{ approvedAt: null }])
    expect(await ask(first, {}, `${url}/${body.id}/approval`)).toMatchObject({ status: 409 })
    const approved = await ask(await cloud.signIn('administrator'), {}, `${url}/${body.id}/approval`)
    expect(approved.body).toMatchObject({ approval: 'given', version: 2 })
    expect((await cloud.store.audit.search({ action: 'command', limit: 5 })).map(({ action }) => action)).toEqual([
      'command.approved',
      'command.asked',
    ])
  })

  test('what harms nobody needs no second one', async () => {
    expect((await ask(await cloud.signIn('technician'), probe, url)).body.approval).toBe('not-needed')
  })
})

describe('the password of a camera that is looked at', () => {
  const look = {
    body: {
      name: 'look',
      camera: 'cam1',
      access: { url: 'http://192.168.1.20/', user: 'vigie' },
      seconds: 60,
      perS: 2,
    },
    password: 'tres-secret',
  }

  test('is sealed to the key of the unit, and stands in the clear nowhere', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    await cloud.store.unitKeys.learn({
      ...{ unit, key: '0123456789abcdef' as KeyId, site: SITE as SiteId }, // of the contract's patterns
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      ...{ certificateEndsAt: cloud.clock.now() + 1e9, learntAt: cloud.clock.now() },
    })
    const { status, body } = await ask(await cloud.signIn('technician'), look)
    expect(status).toBe(201)
    expect(body.body.access).toEqual(look.body.access)
    const [kept] = await cloud.store.commands.open()
    const sealed = JSON.parse(kept?.body ?? '').access.password
    const { plaintext } = await compactDecrypt(sealed, privateKey)
    expect(Buffer.from(plaintext).toString()).toBe('tres-secret')
    const everything = JSON.stringify([kept, await cloud.store.audit.search({ limit: 50 }), cloud.lines])
    expect(everything).not.toContain('tres-secret')
  })

  test('is not taken while no key of the unit is known', async () => {
    expect(await ask(await cloud.signIn('technician'), look)).toMatchObject({ status: 409 })
  })
})
