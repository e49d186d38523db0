import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hashOfSecret, newSecret } from '../people/secret.ts'
import { SESSION_COOKIE } from './session-cookie.ts'
import { openTrialCloud, type TrialCloud } from './trial-cloud.fixture.ts'

const CLIENT = { 'x-vigie-client': 'test' }
const PASSWORD = 'sept marmottes sur la Bonette'

describe('an account', () => {
  let cloud: TrialCloud
  beforeEach(async () => {
    cloud = await openTrialCloud()
  })
  afterEach(() => cloud.close())

  const post = (url: string, payload: object, headers: Record<string, string> = {}) =>
    cloud.http.inject({ method: 'POST', url: `/api/v1${url}`, payload, headers: { ...CLIENT, ...headers } })

  async function makeLink(kind: 'first-administrator' | 'invitation', endsInMs = 60_000) {
    const secret = newSecret()
    const now = cloud.clock.now()
    const link = { id: secret.slice(0, 8), tokenHash: hashOfSecret(secret), kind, person: null, displayName: '' }
    const roles = JSON.stringify([{ role: 'administrator', sites: 'all' }])
    await cloud.store.oneTimeLinks.make({ ...link, roles, madeBy: 'cloud', madeAt: now, endsAt: now + endsInMs }, null)
    return secret
  }
  const open = (secret: string, name = 'Marie.Blanc') =>
    post('/welcome/account', { secret, name, displayName: 'Marie Blanc', password: PASSWORD })

  it('is opened by the link of the first administrator, once', async () => {
    const secret = await makeLink('first-administrator')
    expect((await post('/welcome', { secret })).json()).toMatchObject({ kind: 'first-administrator' })
    const opened = await open(secret)
    expect(opened.statusCode).toBe(200)
    expect(opened.json()).toMatchObject({
      state: 'signed-in',
      me: { name: 'marie.blanc', roles: [{ role: 'administrator', sites: 'all' }], secondFactor: { isNeeded: true } },
    })
    expect((await post('/welcome', { secret })).statusCode).toBe(404)
    expect((await open(secret, 'other')).json().type).toBe('urn:vigie:problem:link-void')
  })

  it('is opened by one of two who use a link together', async () => {
    const secret = await makeLink('invitation')
    const both = await Promise.all([open(secret, 'first'), open(secret, 'second')])
    expect(both.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, 404])
    expect(await cloud.store.people.all()).toHaveLength(1)
  })

  it('is not made by a link for the first administrator when there is somebody already', async () => {
    const [one, two] = [await makeLink('first-administrator'), await makeLink('first-administrator')]
    expect((await open(one)).statusCode).toBe(200)
    expect((await open(two, 'intruder')).statusCode).toBe(404)
  })

  it('is not opened by a link that is too old, nor by one with a name that somebody has', async () => {
    const old = await makeLink('invitation', 1_000)
    cloud.pass(1_001)
    expect((await open(old)).statusCode).toBe(404)
    await open(await makeLink('invitation'))
    const again = await makeLink('invitation')
    expect((await open(again)).json().type).toBe('urn:vigie:problem:name-taken')
    expect((await open(again, 'another')).statusCode).toBe(200)
  })

  it('is signed in to with its password, whatever case the name is typed in', async () => {
    await open(await makeLink('invitation'))
    const answer = await post('/session', { name: ' MARIE.blanc ', password: PASSWORD })
    expect(answer.statusCode).toBe(200)
    const [cookie] = answer.cookies
    expect(cookie).toMatchObject({ name: SESSION_COOKIE, path: '/', httpOnly: true, secure: true, sameSite: 'Lax' })
    const me = await cloud.http.inject({ url: '/api/v1/me', cookies: { [SESSION_COOKIE]: cookie?.value ?? '' } })
    expect(me.json()).toMatchObject({ name: 'marie.blanc', displayName: 'Marie Blanc' })
  })

  it('gives the same answer to a wrong password, an unknown name and a disabled person', async () => {
    await open(await makeLink('invitation'))
    const wrong = await post('/session', { name: 'marie.blanc', password: 'wrong' })
    const unknown = await post('/session', { name: 'nobody', password: PASSWORD })
    await cloud.signIn('administrator')
    const person = await cloud.store.people.byName('marie.blanc')
    const at = cloud.clock.now()
    const entry = { at, who: 'test', action: 'person.disabled', what: 'marie.blanc', site: null }
    await cloud.store.people.change(person?.id ?? '', { disabledAt: at }, entry)
    const disabled = await post('/session', { name: 'marie.blanc', password: PASSWORD })
    for (const answer of [wrong, unknown, disabled]) {
      expect([answer.statusCode, answer.body, answer.cookies]).toEqual([401, wrong.body, []])
    }
  })

  it('keeps no password and no secret in clear, in no table and no line of the log', async () => {
    const secret = await makeLink('invitation')
    const answer = await open(secret)
    await post('/session', { name: 'marie.blanc', password: 'a wrong one' })
    const kept = JSON.stringify([
      await cloud.store.people.all(),
      await cloud.store.audit.after(0, 100),
      await cloud.store.sessions.ofPerson((await cloud.store.people.all())[0]?.id ?? '', cloud.clock.now()),
      cloud.lines,
    ])
    for (const text of [PASSWORD, 'a wrong one', secret, answer.cookies[0]?.value ?? '-'])
      expect(kept).not.toContain(text)
    expect(kept).toContain('$argon2id$v=19$m=65536,t=3,p=1$')
  })

  it('is tried from where the proxy in front says, and from nowhere that a stranger makes up', async () => {
    const behind = await openTrialCloud({ http: { trustedProxies: '192.0.2.1, 10.0.0.0/8' } })
    for (const [remoteAddress, claimed] of [
      ['192.0.2.1', '203.0.113.5'],
      ['10.1.2.3', '198.51.100.66, 203.0.113.6'],
      ['198.51.100.1', '203.0.113.7'],
    ] as const) {
      const headers = { ...CLIENT, 'x-forwarded-for': claimed }
      const payload = { name: 'nobody', password: 'wrong' }
      await behind.http.inject({ method: 'POST', url: '/api/v1/session', payload, headers, remoteAddress })
    }
    const refused = behind.lines.filter(({ event }) => event === 'people.refused')
    expect(refused.map(({ address }) => address)).toEqual(['203.0.113.5', '203.0.113.6', '198.51.100.1'])
    await behind.close()
  })

  it('is not asked for at the identity provider more often than the database bears', async () => {
    const oidc = { issuer: 'http://127.0.0.1:9', clientId: 'vigie', clientSecret: 'x', label: 'x' }
    const away = await openTrialCloud({ http: { oidc } })
    const ask = () => away.http.inject({ url: '/api/v1/session/oidc' })
    const answers = await Promise.all(Array.from({ length: 60 }, ask))
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([303]))
    const tooMany = await ask()
    expect([tooMany.statusCode, tooMany.headers['retry-after']]).toEqual([429, '10'])
    await away.close()
  })

  it('is told of in the trail from its first moment', async () => {
    await open(await makeLink('invitation'))
    const rows = await cloud.store.audit.after(0, 10)
    expect(rows.map(({ who, action }) => [who, action])).toEqual([
      ['marie.blanc', 'person.entered'],
      ['marie.blanc', 'session.begun'],
    ])
  })
})
