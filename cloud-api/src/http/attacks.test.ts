import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ACTIONS, type Action, mayDo, ROLES } from '../people/actions.ts'
import { describeApi } from './describe-api.ts'
import { openTrialCloud, siteDocument, type TrialCloud } from './trial-cloud.fixture.ts'

/*
 * Every operation that the API's own description names is attacked, so that a new one cannot be forgotten. Where a new
 * operation fails here, it does not guard what it should; nothing is to be added to this file for it, but a line to
 * PUBLIC for what everybody may do.
 */
type Operation = {
  operationId: string
  'x-vigie-action'?: Action | 'public' | 'own-account'
  'x-vigie-site'?: string
  requestBody?: { content: Record<string, { schema: Schema }> }
}
type Schema = {
  type?: string
  $ref?: string
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  minItems?: number
  minLength?: number
  minimum?: number
  format?: string
  pattern?: string
}
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What everybody may ask without an account. Each has a reason: open data, the service's health, or the way in. */
const PUBLIC = [
  ...['listWebcams', 'readWebcam', 'listHistory', 'readLatest', 'readPicture', 'readHistory', 'readLatestPicture'],
  ...['listenToWebcams', 'readHealth'],
  ...['signIn', 'giveSecondFactor', 'readLink', 'openAccount', 'renewPassword'],
  ...['beginPasskeySignIn', 'signInWithPasskey', 'readSignInWays', 'beginOidc', 'endOidc'],
]

const OWN = 'col-d-allos'
const OTHERS = 'vars'
const OTHERS_UNIT = 'vg-0002'

const { paths, components } = JSON.parse(await describeApi()) as {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => {
    const action = operation['x-vigie-action']
    return { ...operation, method: method.toUpperCase() as Method, path, action, site: operation['x-vigie-site'] }
  }),
)
type Attacked = (typeof operations)[number] & { action: Action | 'own-account' }
const guarded = operations.filter(
  (one): one is Attacked => one.action !== undefined && one.action !== 'public' && one.path.startsWith('/api/'),
)
const byRole = guarded.filter((one): one is Attacked & { action: Action } => one.action !== 'own-account')
const writing = operations.filter(({ method, path }) => method !== 'GET' && path.startsWith('/api/'))

describe('every operation of the API', () => {
  let cloud: TrialCloud
  /** What there is at the site of others, by the name that it has in a path. */
  const theirs: Record<string, string> = { site: OTHERS, unit: OTHERS_UNIT }
  /** Of these, what was made for this test, with every step, check or photo that a path may name in it. */
  const made: Record<string, true> = { commissioning: true, step: true, check: true, photo: true }
  beforeAll(async () => {
    cloud = await openTrialCloud({ sites: [siteDocument(OWN, 'vg-0001'), siteDocument(OTHERS, OTHERS_UNIT)] })
    const headers = await cloud.signIn('administrator')
    const payload = { site: OTHERS, unit: OTHERS_UNIT }
    const begun = await cloud.http.inject({ method: 'POST', url: '/api/v1/commissionings', headers, payload })
    theirs['commissioning'] = begun.json().id
  })
  afterAll(() => cloud.close())

  const ask = async (operation: (typeof operations)[number], headers: Record<string, string>) => {
    const { method, path, requestBody } = operation
    const url = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => theirs[name] ?? 'none')
    const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? []
    const isJson = type?.includes('json') === true
    const payload = content === undefined ? undefined : isJson ? JSON.stringify(sampleOf(content.schema)) : 'x'
    const answer = await cloud.http.inject({
      ...{ method, url, headers: { ...headers, ...(type === undefined ? {} : { 'content-type': type }) } },
      ...(payload === undefined ? {} : { payload }),
    })
    const isProblem = String(answer.headers['content-type']).startsWith('application/problem+json')
    const problem = isProblem ? String(answer.json().type).replace('urn:vigie:problem:', '') : undefined
    return { status: answer.statusCode, problem, body: answer.body }
  }
  const client = { 'x-vigie-client': 'test' }

  it('says what it does, in a word of the one table; and what is public is known to be', () => {
    const actions = new Set<string | undefined>([...ACTIONS, 'public', 'own-account'])
    const ofTheApi = operations.filter(({ path }) => path.startsWith('/api/'))
    expect(ofTheApi.filter(({ action }) => !actions.has(action)).map(({ path }) => path)).toEqual([])
    const open = ofTheApi.filter(({ action }) => action === 'public').map(({ operationId }) => operationId)
    expect(open.filter((id) => !PUBLIC.includes(id))).toEqual([])
    expect(guarded.length).toBeGreaterThan(20)
  })

  it.each(guarded)('$method $path is nothing without a session', async (operation) => {
    expect(await ask(operation, client)).toMatchObject({ status: 401, problem: 'sign-in-needed' })
    const forged = { ...client, cookie: `__Host-vigie=${'A'.repeat(43)}` }
    expect(await ask(operation, forged)).toMatchObject({ status: 401, problem: 'sign-in-needed' })
  })

  it.each(guarded)('$method $path is nothing with a session that has ended', async (operation) => {
    const headers = await cloud.signIn('administrator')
    await cloud.http.inject({ method: 'DELETE', url: '/api/v1/session', headers })
    expect(await ask(operation, headers)).toMatchObject({ status: 401, problem: 'sign-in-needed' })
  })

  it.each(byRole)('$method $path is refused to every role that may not do $action', async (operation) => {
    for (const role of ROLES.filter((one) => !mayDo(operation.action, one))) {
      const answer = await ask(operation, await cloud.signIn(role))
      expect([role, answer]).toEqual([role, expect.objectContaining({ status: 403, problem: 'not-allowed' })])
    }
  })

  it.each(byRole)("$method $path gives nothing of another site's to who has the role elsewhere", async (operation) => {
    const role = ROLES.find((one) => one !== 'administrator' && mayDo(operation.action, one))
    if (role === undefined) return // administrators are so at all sites
    const answer = await ask(operation, await cloud.signIn(role, [OWN]))
    const { site } = operation
    // What this file does not know how to make (the authority is another process) is refused as what is not there.
    const isThere =
      site !== 'found' || [...operation.path.matchAll(/\{(\w+)\}/g)].every(([, name = '']) => name in made)
    // A body that is refused for what it is does not come so far.
    const isRead = site !== 'body' || answer.problem !== 'parameters-wrong'
    if (site !== undefined && isThere && isRead) {
      expect(answer).toMatchObject({ status: 403, problem: 'out-of-scope' })
      return
    }
    // A list without it, or nothing that has this id: what it does not show, it does not change either.
    expect(answer.body.replaceAll(operation.path, '')).not.toMatch(new RegExp(`"${OTHERS}"|"${OTHERS_UNIT}"`))
    if (operation.method !== 'GET') expect([operation.path, answer.status >= 400]).toEqual([operation.path, true])
  })

  it.each(writing)(
    '$method $path is refused to a page of another origin, with the best of cookies',
    async (operation) => {
      const headers = await cloud.signIn('administrator')
      const { cookie = '' } = headers
      for (const foreign of [
        { cookie },
        { ...headers, 'sec-fetch-site': 'cross-site' },
        { ...headers, origin: 'https://elsewhere.example' },
      ]) {
        expect(await ask(operation, foreign)).toMatchObject({ status: 403, problem: 'origin-foreign' })
      }
    },
  )
})

/** Something that the schema takes, about the site of others: a body that is wrong would be refused for that alone. */
function sampleOf(schema: Schema, name = ''): unknown {
  if (schema.$ref !== undefined) return sampleOf(components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, name)
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return schema.enum[0]
  if (schema.anyOf !== undefined) return sampleOf(schema.anyOf[0] ?? {}, name)
  if (name === 'site') return OTHERS
  if (name === 'unit') return OTHERS_UNIT
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([key]) => schema.required?.includes(key))
          .map(([key, member]) => [key, sampleOf(member, key)]),
      )
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => sampleOf(schema.items ?? {}, name))
    case 'integer':
    case 'number':
      return schema.minimum ?? 1
    case 'boolean':
      return true
    case 'string':
      return schema.format === 'date-time' ? '2026-11-22T12:00:00.000Z' : 'a'.repeat(Math.max(2, schema.minLength ?? 0))
    default:
      return {}
  }
}
