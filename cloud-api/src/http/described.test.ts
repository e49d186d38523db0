import type { IncomingHttpHeaders } from 'node:http'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeApi } from './describe-api.ts'
import { MINUTE_MS, openTrialCloud, type TrialCloud } from './trial-cloud.fixture.ts'

type Content = Record<string, { schema: Record<string, unknown> }>
type Description = {
  paths: Record<string, { get: { responses: Record<string, { content?: Content }> } }>
  components: { schemas: Record<string, unknown> }
}

describe('what the API answers', () => {
  let cloud: TrialCloud
  let description: Description
  let ids: string[]
  let operator: Record<string, string>
  beforeAll(async () => {
    description = JSON.parse(await describeApi())
    cloud = await openTrialCloud()
    const old = await cloud.storeFrame()
    cloud.pass(25 * 60 * MINUTE_MS)
    const missing = await cloud.storeFrame({ withoutFile: true })
    cloud.pass(MINUTE_MS)
    const { id } = await cloud.storeFrame({ thumbnails: true })
    ids = [id, old.id, missing.id]
    operator = await cloud.signIn()
  })
  afterAll(() => cloud.close())

  const cases: [path: string, url: (ids: string[]) => string, status: number, headers?: Record<string, string>][] = [
    ['/api/v1/webcams', () => '/api/v1/webcams', 200],
    ['/api/v1/webcams/{webcam}', () => '/api/v1/webcams/col-d-allos-cam1', 200],
    ['/api/v1/webcams/{webcam}', () => '/api/v1/webcams/nowhere', 404],
    ['/api/v1/webcams/{webcam}/history', () => '/api/v1/webcams/col-d-allos-cam1/history', 200],
    ['/api/v1/webcams/{webcam}/history', () => '/api/v1/webcams/col-d-allos-cam1/history?from=x', 400],
    ['/api/v1/webcams/{webcam}/presets/{preset}/latest.jpg', () => `${LATEST}/amont/latest.jpg?width=320`, 200],
    ['/api/v1/webcams/{webcam}/presets/{preset}/latest.jpg', () => `${LATEST}/aval/latest.jpg`, 503],
    ['/api/v1/pictures/{frame}/{size}.jpg', ([id]) => `/api/v1/pictures/${id}/640.jpg`, 200],
    ['/api/v1/pictures/{frame}/{size}.jpg', () => '/api/v1/pictures/none/full.jpg', 404],
    ['/api/v1/pictures/{frame}/{size}.jpg', ([, old]) => `/api/v1/pictures/${old}/full.jpg`, 410],
    ['/api/v1/pictures/{frame}/{size}.jpg', ([, , missing]) => `/api/v1/pictures/${missing}/full.jpg`, 503],
    ['/api/v1/events', () => '/api/v1/events?lastEventId=x', 400],
    ['/api/v1/operators/wall', () => '/api/v1/operators/wall', 200],
    ['/api/v1/operators/units', () => '/api/v1/operators/units', 200],
    ['/api/v1/operators/sites', () => '/api/v1/operators/sites', 200],
    ['/api/v1/operators/wall', () => '/api/v1/operators/wall', 401, { cookie: '' }],
    ['/api/v1/me', () => '/api/v1/me', 200],
    ['/api/v1/me', () => '/api/v1/me', 401, { cookie: '' }],
    ['/api/v1/operators/sites/{site}', () => '/api/v1/operators/sites/col-d-allos', 200],
    ['/api/v1/operators/sites/{site}', () => '/api/v1/operators/sites/nowhere', 404],
    ['/api/v1/operators/sites/{site}/series', () => '/api/v1/operators/sites/col-d-allos/series', 200],
    ['/health', () => '/health', 200],
  ]
  const LATEST = '/api/v1/webcams/col-d-allos-cam1/presets'

  it.each(cases)('at %s is what its description says', async (path, url, status, headers = {}) => {
    const answer = await cloud.http.inject({ url: url(ids), headers: { ...operator, ...headers } })
    expect(answer.statusCode).toBe(status)
    const content = description.paths[path]?.get.responses[status]?.content ?? {}
    const [mediaType = ''] = mediaTypeOf(answer.headers).split(';')
    expect(Object.keys(content)).toContain(mediaType)
    if (!mediaType.endsWith('json')) return
    const validator = Compile(withReferences(content[mediaType]?.schema ?? {}, description.components.schemas))
    expect([...validator.Errors(answer.json())]).toEqual([])
  })
})

const mediaTypeOf = (headers: IncomingHttpHeaders | Record<string, unknown>) => String(headers['content-type'])

/** Puts each named schema in the place of its name, closed unless it says that it is open. */
function withReferences(schema: unknown, named: Record<string, unknown>): Record<string, unknown> {
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve)
    if (typeof value !== 'object' || value === null) return value
    if ('$ref' in value) return resolve(named[String(value.$ref).replace('#/components/schemas/', '')])
    const resolved = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, resolve(member)]))
    const isClosed = resolved['type'] === 'object' && 'properties' in resolved
    return isClosed ? { additionalProperties: false, ...resolved } : resolved
  }
  return resolve(schema) as Record<string, unknown> // an object stays one
}
