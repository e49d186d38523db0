import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { openTrialCloud, type TrialCloud } from '@vigie/cloud-api/http/trial-cloud.fixture'
import Provider from 'oidc-provider'
import { afterAll, beforeAll, expect, test } from 'vitest'

/*
 * Signing in by a provider that nobody here wrote (oidc-provider), over real HTTP. Its own login page takes any name; the
 * name is the `sub`, and the mail address is <name>@example.org, verified unless the name begins with `unsure`.
 */
type Jar = Map<string, string>

let cloud: TrialCloud
let origin: string
let issuer: string
let provider: Server

beforeAll(async () => {
  // Its address is known when it listens, and it must know it, and that of the cloud, before it can answer.
  provider = createServer().listen(0, '127.0.0.1')
  await once(provider, 'listening')
  const address = provider.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  issuer = `http://127.0.0.1:${address.port}`
  const oidc = { issuer, clientId: 'vigie', clientSecret: 'a secret of the test', label: 'Compte du Département' }
  cloud = await openTrialCloud({ http: { oidc } })
  origin = await cloud.http.listen({ host: '127.0.0.1', port: 0 })
  const house = new Provider(issuer, {
    clients: [
      {
        client_id: 'vigie',
        client_secret: 'a secret of the test',
        redirect_uris: [`${origin}/api/v1/session/oidc/callback`],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@example.org`, email_verified: !id.startsWith('unsure') }),
    }),
  })
  house.on('server_error', (_context, error) => console.log(error))
  provider.on('request', house.callback())
})

afterAll(async () => {
  provider?.close()
  await cloud?.close()
})

/** Follows redirects as a browser does, with a jar for each of the two servers, and fills in the provider's two forms. */
async function signInAt(
  account: string,
  start = `${origin}/api/v1/session/oidc?retour=/journal`,
  jars = new Map<string, Jar>(),
) {
  let address = start
  let form: URLSearchParams | null = null
  for (let step = 0; step < 20; step += 1) {
    const { host } = new URL(address)
    const jar = jars.get(host) ?? new Map<string, string>()
    jars.set(host, jar)
    const answer: Response = await fetch(address, {
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === null ? {} : { method: 'POST', body: form }),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      jar.set(pair.slice(0, at), pair.slice(at + 1))
    }
    const location = answer.headers.get('location')
    const page = await answer.text()
    form = null
    if (location !== null) {
      const next = new URL(location, address)
      if (next.origin === origin && !next.pathname.startsWith('/api/')) {
        return { landed: next.pathname + next.search, jars }
      }
      address = next.href
      continue
    }
    const action = /<form[^>]* action="([^"]+)"/.exec(page)?.[1]
    if (action === undefined) throw new Error(`${answer.status} at ${address}: ${page.slice(0, 200)}`)
    form = new URLSearchParams(
      page.includes('name="login"') ? { prompt: 'login', login: account, password: 'x' } : { prompt: 'consent' },
    )
    address = new URL(action, address).href
  }
  throw new Error('went round in circles')
}

const cookieOf = (jars: Map<string, Jar>) => ({
  cookie: [...(jars.get(new URL(origin).host) ?? [])].map(([name, value]) => `${name}=${value}`).join('; '),
})
const meOf = async (jars: Map<string, Jar>) => {
  const answer = await cloud.http.inject({ url: '/api/v1/me', headers: cookieOf(jars) })
  return answer.statusCode === 200 ? answer.json().name : answer.statusCode
}

async function enter(email: string | null) {
  const before = new Set((await cloud.store.people.all()).map(({ id }) => id))
  await cloud.signIn('supervisor')
  const person = (await cloud.store.people.all()).find(({ id }) => !before.has(id))
  const entry = { at: cloud.clock.now(), who: 'test', action: 'person.changed', what: '', site: null }
  await cloud.store.people.change(person?.id ?? '', { email }, entry)
  return person?.name
}

test('somebody with an account here comes in by the verified address, and is known by the number from then on', async () => {
  const name = await enter('ada@example.org')
  const { landed, jars } = await signInAt('ada')
  expect(landed).toBe('/journal')
  expect(await meOf(jars)).toBe(name)
  // The address is taken away: the provider's number for the person stays.
  const person = await cloud.store.people.byName(name ?? '')
  const entry = { at: cloud.clock.now(), who: 'test', action: 'person.changed', what: '', site: null }
  await cloud.store.people.change(person?.id ?? '', { email: null }, entry)
  expect(await meOf((await signInAt('ada')).jars)).toBe(name)
})

test('nobody comes in who has no account here, or whose address the provider is not sure of', async () => {
  await enter('unsure@example.org')
  for (const account of ['stranger', 'unsure']) {
    const { landed, jars } = await signInAt(account)
    expect([account, landed]).toEqual([account, '/connexion?refus=compte'])
    expect(await meOf(jars)).toBe(401)
  }
})

test('nobody comes in whose account is closed here', async () => {
  const name = await enter('gone@example.org')
  const person = await cloud.store.people.byName(name ?? '')
  const entry = { at: cloud.clock.now(), who: 'test', action: 'person.changed', what: '', site: null }
  await cloud.store.people.change(person?.id ?? '', { disabledAt: cloud.clock.now() }, entry)
  expect((await signInAt('gone')).landed).toBe('/connexion?refus=compte')
})

test('a second factor that somebody has here is asked after the provider, too', async () => {
  const name = await enter('two@example.org')
  const person = await cloud.store.people.byName(name ?? '')
  const entry = { at: cloud.clock.now(), who: 'test', action: 'authenticator.set-up', what: '', site: null }
  await cloud.store.people.change(person?.id ?? '', { totpSecret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' }, entry)
  const { landed, jars } = await signInAt('two')
  expect(landed).toBe('/connexion?etape=second-facteur&retour=%2Fjournal')
  expect(await meOf(jars)).toBe(401)
})

test('a code that was meant for another browser opens nothing, nor does one that comes twice', async () => {
  await enter('eve@example.org')
  const stolen = `${origin}/api/v1/session/oidc/callback?code=x&state=y`
  const answer = await fetch(stolen, { redirect: 'manual' })
  expect(answer.headers.get('location')).toBe('/connexion?refus=compte')
  const begun = await fetch(`${origin}/api/v1/session/oidc`, { redirect: 'manual' })
  const [cookie = ''] = (begun.headers.getSetCookie()[0] ?? '').split(';')
  const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state')
  for (const code of ['forged', 'forged']) {
    const back = await fetch(`${origin}/api/v1/session/oidc/callback?code=${code}&state=${state}`, {
      redirect: 'manual',
      headers: { cookie },
    })
    expect(back.headers.get('location')).toBe('/connexion?refus=compte')
  }
})

test('it is asked with PKCE, state and nonce, and never leads to another site', async () => {
  const begun = await fetch(`${origin}/api/v1/session/oidc?retour=//elsewhere.example`, { redirect: 'manual' })
  const asked = new URL(begun.headers.get('location') ?? '').searchParams
  expect(asked.get('code_challenge_method')).toBe('S256')
  for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.get(name)?.length).toBeGreaterThan(40)
  await enter('far@example.org')
  expect((await signInAt('far', `${origin}/api/v1/session/oidc?retour=//elsewhere.example`)).landed).toBe('/veille')
})
