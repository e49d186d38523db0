import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Secret, TOTP } from 'otpauth'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CONFIRMED_FOR_MS, SECOND_FACTOR_GRACE_MS } from '../people/session-life.ts'
import { openTrialCloud, siteDocument, type TrialCloud } from './trial-cloud.fixture.ts'

const CLIENT = { 'x-vigie-client': 'test' }
const PASSWORD = 'sept marmottes sur la Bonette'
type Headers = Record<string, string>

/** Accounts as they are made and used over HTTP, with the real rules; only the clock is ours. */
describe('people', () => {
  let cloud: TrialCloud
  let admin: Headers
  beforeEach(async () => {
    cloud = await openTrialCloud({ sites: [siteDocument(), siteDocument('vars', 'vg-0002')] })
    admin = await cloud.signIn('administrator')
  })
  afterEach(() => cloud.close())

  const ask = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, headers: Headers, payload?: object) =>
    cloud.http.inject({ method, url: `/api/v1${url}`, headers: { ...CLIENT, ...headers }, ...(payload && { payload }) })
  const problemOf = (answer: { json(): { type?: string } }) => answer.json().type?.replace('urn:vigie:problem:', '')
  const cookiesOf = (answer: { cookies: { name: string; value: string }[] }): Headers => ({
    cookie: answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
  })

  /** Invites somebody and opens the account, as the two would. */
  async function enter(name: string, roles: object[] = [{ role: 'technician', sites: ['vars'] }]) {
    const invited = await ask('POST', '/invitations', admin, { displayName: name, roles })
    const secret = invited.json().address.split('#')[1]
    const opened = await ask('POST', '/welcome/account', {}, { secret, name, displayName: name, password: PASSWORD })
    expect([opened.statusCode, opened.body]).toEqual([200, expect.anything()])
    return { headers: cookiesOf(opened), me: opened.json().me, secret }
  }
  const signIn = (name: string, password = PASSWORD, headers: Headers = {}, address = '192.0.2.7') =>
    cloud.http.inject({
      ...{ method: 'POST', url: '/api/v1/session', payload: { name, password } },
      headers: { ...CLIENT, ...headers },
      remoteAddress: address,
    })
  const codeNow = (secret: string, afterMs = 0) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: cloud.clock.now() + afterMs })
  /** All that somebody reads who takes the database's files away. */
  const databaseText = async () => {
    const files = (await readdir(cloud.folder)).filter((name) => name.startsWith('vigie.sqlite'))
    const texts = await Promise.all(files.map((name) => readFile(join(cloud.folder, name), 'latin1')))
    return texts.join()
  }
  async function setUpTotp(headers: Headers) {
    const { setup, secret } = (await ask('POST', '/me/totp', headers)).json()
    const ended = await ask('PUT', '/me/totp', headers, { setup, code: codeNow(secret) })
    return { secret: secret as string, recoveryCodes: ended.json().recoveryCodes as string[] }
  }

  it('who are invited have the roles they were invited with, and see no further', async () => {
    const { headers, me } = await enter('luc')
    expect(me).toMatchObject({ name: 'luc', roles: [{ role: 'technician', sites: ['vars'] }] })
    const wall = (await ask('GET', '/operators/wall', headers)).json()
    expect(wall.sites.map(({ site }: { site: string }) => site)).toEqual(['vars'])
    expect(problemOf(await ask('GET', '/people', headers))).toBe('not-allowed')
    expect((await ask('GET', '/invitations', admin)).json().invitations).toEqual([])
  })

  it('who were invited and not awaited any more do not come in', async () => {
    const { id, address } = (
      await ask('POST', '/invitations', admin, { displayName: 'x', roles: [{ role: 'viewer', sites: 'all' }] })
    ).json()
    expect((await ask('DELETE', `/invitations/${id}`, admin)).statusCode).toBe(204)
    expect((await ask('POST', '/welcome', {}, { secret: address.split('#')[1] })).statusCode).toBe(404)
  })

  it('are not given roles at sites that there are not, nor the right to everything at some', async () => {
    for (const roles of [[{ role: 'viewer', sites: ['nowhere'] }], [{ role: 'administrator', sites: ['vars'] }]]) {
      const answer = await ask('POST', '/invitations', admin, { displayName: 'x', roles })
      expect([roles, answer.statusCode]).toEqual([roles, 400])
    }
  })

  it('choose no password that is easily guessed', async () => {
    const invited = await ask('POST', '/invitations', admin, {
      displayName: 'x',
      roles: [{ role: 'viewer', sites: 'all' }],
    })
    const secret = invited.json().address.split('#')[1]
    const body = { secret, name: 'luc', displayName: 'Luc', password: 'motdepasse123' }
    const weak = await ask('POST', '/welcome/account', {}, body)
    expect([weak.statusCode, weak.json().reason]).toEqual([422, 'guessable'])
    expect((await ask('POST', '/welcome/account', {}, { ...body, password: PASSWORD })).statusCode).toBe(200)
  })

  it('with an authenticator give its code, once, and can do nothing before', async () => {
    const { headers } = await enter('luc')
    const { secret } = await setUpTotp(headers)
    cloud.pass(60_000)
    const first = await signIn('luc')
    expect(first.json()).toEqual({ state: 'second-factor', me: null })
    const waiting = cookiesOf(first)
    expect(problemOf(await ask('GET', '/me', waiting))).toBe('sign-in-needed')
    expect(problemOf(await ask('POST', '/session/second-factor', waiting, { code: '000000' }))).toBe(
      'second-factor-refused',
    )
    const code = codeNow(secret)
    const second = await ask('POST', '/session/second-factor', waiting, { code })
    expect(second.json()).toMatchObject({ state: 'signed-in', me: { name: 'luc' } })
    // The secret of the waiting session opens nothing, before or after; the code was taken.
    expect(problemOf(await ask('GET', '/me', waiting))).toBe('sign-in-needed')
    const again = cookiesOf(await signIn('luc'))
    expect(problemOf(await ask('POST', '/session/second-factor', again, { code }))).toBe('second-factor-refused')
  })

  it('who have lost their phone come in by a code on paper, each once', async () => {
    const { headers } = await enter('luc')
    const { recoveryCodes } = await setUpTotp(headers)
    const [code = ''] = recoveryCodes
    const give = async () => ask('POST', '/session/second-factor', cookiesOf(await signIn('luc')), { code })
    expect((await give()).json()).toMatchObject({ state: 'signed-in', me: { secondFactor: { recoveryCodes: 9 } } })
    expect(problemOf(await give())).toBe('second-factor-refused')
  })

  it('who set up an authenticator must show that it works, in the same account', async () => {
    const [luc, eve] = [await enter('luc'), await enter('eve')]
    const { setup, secret } = (await ask('POST', '/me/totp', luc.headers)).json()
    const stolen = await ask('PUT', '/me/totp', eve.headers, { setup, code: codeNow(secret) })
    expect(problemOf(stolen)).toBe('second-factor-refused')
    expect((await ask('GET', '/me', eve.headers)).json().secondFactor.totp).toBe(false)
  })

  it('have what their authenticator shares sealed in the database, also while it is set up', async () => {
    const { headers, me } = await enter('luc')
    const begun = await ask('POST', '/me/totp', headers)
    const { setup, secret } = begun.json()
    expect(await databaseText()).not.toContain(secret)
    await ask('PUT', '/me/totp', headers, { setup, code: codeNow(secret) })
    expect((await cloud.store.people.byId(me.id))?.totpSecret).toMatch(/^vault:/)
    expect(await databaseText()).not.toContain(secret)
  })

  it('whose authenticator is sealed by another key, or for somebody else, come in by a code on paper alone', async () => {
    const [luc, eve] = [await enter('luc'), await enter('eve')]
    const { recoveryCodes } = await setUpTotp(luc.headers)
    const { secret } = await setUpTotp(eve.headers)
    const totpSecret = (await cloud.store.people.byName('eve'))?.totpSecret ?? ''
    const entry = { at: cloud.clock.now(), who: 'x', action: 'x', what: 'x', site: null }
    await cloud.store.people.change((await cloud.store.people.byName('luc'))?.id ?? '', { totpSecret }, entry)
    cloud.pass(60_000)
    const give = async (code = '') =>
      problemOf(await ask('POST', '/session/second-factor', cookiesOf(await signIn('luc')), { code }))
    expect(await give(codeNow(secret))).toBe('second-factor-refused')
    expect(cloud.lines.filter(({ event }) => event === 'people.vault-closed')).toMatchObject([{ person: 'luc' }])
    expect(await give(recoveryCodes[0])).toBeUndefined()
  })

  it('cannot set up an authenticator where no vault would keep what it shares', async () => {
    const bare = await openTrialCloud({ vault: null })
    try {
      const headers = { ...CLIENT, ...(await bare.signIn('viewer')) }
      const answer = await bare.http.inject({ method: 'POST', url: '/api/v1/me/totp', headers })
      expect([answer.statusCode, problemOf(answer)]).toEqual([409, 'vault-missing'])
    } finally {
      await bare.close()
    }
  })

  it('are not locked out by whoever tries their name: neither in their own browser nor from another address', async () => {
    const { headers } = await enter('luc')
    for (let time = 0; time < 5; time += 1) expect((await signIn('luc', 'wrong')).statusCode).toBe(401)
    const paused = await signIn('luc', 'wrong')
    expect([paused.statusCode, paused.headers['retry-after']]).toEqual([429, '60'])
    // At the same address, in the browser in which Luc has signed in before; and from elsewhere, in a new one.
    expect((await signIn('luc', PASSWORD, headers)).statusCode).toBe(200)
    expect((await signIn('luc', PASSWORD, {}, '192.0.2.9')).statusCode).toBe(200)
    expect((await signIn('luc', PASSWORD)).statusCode).toBe(429)
    cloud.pass(60_000)
    expect((await signIn('luc', PASSWORD)).statusCode).toBe(200)
  })

  it('are told to wait alike, whether or not there is somebody of that name', async () => {
    await enter('luc')
    const statuses = async (name: string, address: string) => {
      const seen: number[] = []
      for (let time = 0; time < 7; time += 1) seen.push((await signIn(name, 'wrong', {}, address)).statusCode)
      return seen
    }
    expect(await statuses('luc', '192.0.2.20')).toEqual(await statuses('nobody', '192.0.2.21'))
  })

  it('confirm who they are before they change what opens the account', async () => {
    const { headers } = await enter('luc')
    cloud.pass(CONFIRMED_FOR_MS + 1)
    expect(problemOf(await ask('POST', '/me/totp', headers))).toBe('confirmation-needed')
    const wrong = await ask('POST', '/session/confirmation', headers, { password: 'wrong' })
    expect(problemOf(wrong)).toBe('confirmation-refused')
    expect((await ask('POST', '/session/confirmation', headers, { password: PASSWORD })).statusCode).toBe(204)
    expect((await ask('POST', '/me/totp', headers)).statusCode).toBe(200)
  })

  it('who change their password are signed out everywhere else', async () => {
    const { headers } = await enter('luc')
    const other = cookiesOf(await signIn('luc'))
    const changed = 'chaise orage violon 42'
    expect((await ask('PUT', '/me/password', headers, { password: changed })).statusCode).toBe(204)
    expect((await ask('GET', '/me', headers)).statusCode).toBe(200)
    expect((await ask('GET', '/me', other)).statusCode).toBe(401)
    expect((await signIn('luc')).statusCode).toBe(401)
    expect((await signIn('luc', changed)).statusCode).toBe(200)
  })

  it('who have lost their password get a link, which keeps the second factor', async () => {
    const { headers, me } = await enter('luc')
    await setUpTotp(headers)
    const { address } = (await ask('POST', `/people/${me.id}/password-link`, admin)).json()
    const secret = address.split('#')[1]
    const body = { secret, password: 'chaise orage violon 42' }
    expect((await ask('POST', '/welcome', {}, { secret })).json().kind).toBe('new-password')
    expect((await ask('POST', '/welcome/password', {}, body)).statusCode).toBe(204)
    expect((await ask('POST', '/welcome/password', {}, body)).statusCode).toBe(404)
    expect((await ask('GET', '/me', headers)).statusCode).toBe(401)
    expect((await signIn('luc', body.password)).json().state).toBe('second-factor')
  })

  it('see where they are signed in, and end what is not theirs, and nobody else’s', async () => {
    const [luc, eve] = [await enter('luc'), await enter('eve')]
    const other = cookiesOf(await signIn('luc', PASSWORD, { 'user-agent': 'another browser' }))
    const { sessions } = (await ask('GET', '/me/sessions', luc.headers)).json()
    expect(sessions).toHaveLength(2)
    const { id } = sessions.find(({ isThis }: { isThis: boolean }) => !isThis)
    expect((await ask('DELETE', `/me/sessions/${id}`, eve.headers)).statusCode).toBe(404)
    expect((await ask('DELETE', `/me/sessions/${id}`, luc.headers)).statusCode).toBe(204)
    expect((await ask('GET', '/me', other)).statusCode).toBe(401)
  })

  it('who administrate have a second factor after a week, or can do nothing but set one up', async () => {
    const { headers } = await enter('ada', [{ role: 'administrator', sites: 'all' }])
    expect((await ask('GET', '/people', headers)).statusCode).toBe(200)
    cloud.pass(SECOND_FACTOR_GRACE_MS)
    const late = cookiesOf(await signIn('ada'))
    expect(problemOf(await ask('GET', '/people', late))).toBe('second-factor-needed')
    expect((await ask('GET', '/me', late)).json().secondFactor).toMatchObject({ isNeeded: true, totp: false })
    await setUpTotp(late)
    expect((await ask('GET', '/people', late)).statusCode).toBe(200)
  })

  it('cannot all cease to administrate', async () => {
    const [{ id }] = (await ask('GET', '/people', admin)).json().people
    for (const change of [{ isDisabled: true }, { roles: [{ role: 'viewer', sites: 'all' }] }]) {
      expect(problemOf(await ask('PATCH', `/people/${id}`, admin, change))).toBe('last-administrator')
    }
    const { me } = await enter('ada', [{ role: 'administrator', sites: 'all' }])
    expect((await ask('PATCH', `/people/${me.id}`, admin, { isDisabled: true })).statusCode).toBe(200)
    expect(problemOf(await ask('PATCH', `/people/${id}`, admin, { isDisabled: true }))).toBe('last-administrator')
  })

  it('who lose a role lose it with their next request, and who are disabled are out', async () => {
    const { headers, me } = await enter('luc', [{ role: 'supervisor', sites: 'all' }])
    expect((await ask('GET', '/audit', headers)).statusCode).toBe(200)
    await ask('PATCH', `/people/${me.id}`, admin, { roles: [{ role: 'viewer', sites: ['vars'] }] })
    expect(problemOf(await ask('GET', '/audit', headers))).toBe('not-allowed')
    const disabled = (await ask('PATCH', `/people/${me.id}`, admin, { isDisabled: true })).json()
    expect(disabled).toMatchObject({ name: 'luc', isDisabled: true, lastSeenAt: null })
    expect((await ask('GET', '/me', headers)).statusCode).toBe(401)
    expect((await signIn('luc')).statusCode).toBe(401)
  })

  it('are in the trail with what they were before and after, by who did it', async () => {
    const { me } = await enter('luc')
    await ask('PATCH', `/people/${me.id}`, admin, { roles: [{ role: 'viewer', sites: 'all' }] })
    const { rows } = (await ask('GET', '/audit?action=person.changed', admin)).json()
    expect(rows).toMatchObject([
      {
        who: expect.stringContaining('administrator'),
        what: 'luc',
        before: { roles: [{ role: 'technician', sites: ['vars'] }] },
        after: { roles: [{ role: 'viewer', sites: 'all' }] },
      },
    ])
  })

  it('take the trail away as lines of JSON and as a table, and a supervisor of some sites only theirs', async () => {
    const at = cloud.clock.now()
    const entry = { at, who: '=cmd()', action: 'unit.revoked', what: 'vg-0002, "volée"', reason: 'x' }
    await cloud.store.audit.append({ ...entry, site: 'vars' as never }) // an id of the fixture
    const lines = (await ask('GET', '/audit/export', admin)).body.trim().split('\n')
    expect(lines.map((line) => JSON.parse(line).seq)).toEqual(lines.map((_line, index) => index + 1))
    const { headers } = await ask('GET', '/audit/export?format=csv', admin)
    expect(headers['content-disposition']).toContain('journal-vigie.csv')
    const table = (await ask('GET', '/audit/export?format=csv', admin)).body
    expect(table).toContain(`,'=cmd(),unit.revoked,"vg-0002, ""volée""",vars,`)
    const some = await cloud.signIn('supervisor', ['vars'])
    const seen = (await ask('GET', '/audit/export', some)).body.trim().split('\n')
    expect(seen.map((line) => JSON.parse(line).action)).toEqual(['unit.revoked'])
    expect((await ask('GET', '/audit', some)).json().rows).toHaveLength(1)
    expect((await ask('GET', '/audit?site=col-d-allos', some)).json().rows).toEqual([])
  })
})
