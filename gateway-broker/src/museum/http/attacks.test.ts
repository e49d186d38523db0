import { OPEN_AT_MS } from '@vigie/tests/fixtures/museum/trial-catalogue'
import { openTrialMuseum, type TrialMuseum } from '@vigie/tests/fixtures/museum/trial-museum'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeApi } from './describe-api.ts'
import { PASS_COOKIE } from './guard.ts'

/*
 * Every operation that the API's own description names is attacked, so that a new one cannot be forgotten. What everybody
 * may ask stands here with its reason: pairing is the way in.
 */
const PUBLIC = ['pairDevice']

type Operation = { operationId: string; 'x-vigie-access'?: string; requestBody?: unknown }
const { paths, components } = JSON.parse(await describeApi()) as {
  paths: Record<string, Record<string, Operation>>
  components: object
}
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    ...{ method: method.toUpperCase(), path: path.replace('/api/v1', ''), id: operation.operationId },
    access: operation['x-vigie-access'],
    hasBody: operation.requestBody !== undefined,
  })),
)
const guarded = operations.filter(({ access }) => access !== 'public')
const writing = operations.filter(({ method }) => method !== 'GET')

describe('every operation of the API', () => {
  let museum: TrialMuseum
  beforeAll(async () => {
    museum = await openTrialMuseum()
    museum.giveCatalogue()
  })
  afterAll(() => museum.remove())

  const ask = ({ method, path, hasBody }: (typeof operations)[number], headers: Record<string, string>) =>
    museum.ask(method, path.replaceAll(/\{\w+\}/g, 'none'), hasBody ? {} : undefined, headers)
  const withPass = (pass: string) => ({ cookie: `${PASS_COOKIE}=${pass}` })

  test('says who may ask, and what is public is known to be', () => {
    const access = new Set(operations.map((one) => one.access))
    expect([...access].sort()).toEqual(['gate-staff', 'public'])
    expect(operations.filter((one) => one.access === 'public').map(({ id }) => id)).toEqual(PUBLIC)
    expect(guarded.length).toBeGreaterThan(15)
  })

  test.each(guarded)(
    'D05: $method $path is nothing without a pass, nor with one that is not believed',
    async (operation) => {
      const { signer } = museum
      const good = signer.pass('p-1')
      const [header = '', payload = '', signature = ''] = good.split('.')
      const other = Buffer.from(
        JSON.stringify({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()), staff: 'x' }),
      )
      const none = Buffer.from('{"alg":"none","kid":"passes-1"}').toString('base64url')
      const hostile = [
        ...['', 'x', 'A'.repeat(43), `${header}.${payload}.`, `${none}.${payload}.`, 'x'.repeat(3_000)],
        `${header}.${other.toString('base64url')}.${signature}`,
        signer.sign({ v: 1, kind: 'device-pass', site: 'musee-salagon', staff: 'x', role: 'supervisor' }),
        signer.pass('p-1', 'gate-staff', { until: new Date(OPEN_AT_MS - 1).toISOString() }),
        signer.pass('p-1', 'administrator', { site: 'musee-prehistoire' as never }),
      ]
      expect(await ask(operation, {})).toMatchObject({ status: 401, json: { type: 'urn:vigie:problem:pass-needed' } })
      for (const pass of hostile) {
        expect([pass, (await ask(operation, withPass(pass))).status]).toEqual([pass, 401])
      }
      expect((await ask(operation, withPass(good))).status).not.toBe(401)
    },
  )

  test.each(writing)(
    '$method $path is refused to a page of another origin, with the best of passes',
    async (operation) => {
      const best = withPass(museum.signer.pass('p-1', 'administrator'))
      const foreign: Record<string, string>[] = [
        { ...best, origin: 'https://elsewhere.example' },
        { ...best, origin: 'null' },
        { ...best, 'sec-fetch-site': 'cross-site' },
        { ...best, 'sec-fetch-site': 'same-site' },
      ]
      for (const headers of foreign) {
        expect(await ask(operation, headers)).toMatchObject({
          status: 403,
          json: { type: 'urn:vigie:problem:origin-foreign' },
        })
      }
      const bare = await fetch(museum.url(`/api/v1${operation.path.replaceAll(/\{\w+\}/g, 'none')}`), {
        method: operation.method,
        headers: best,
      })
      expect(bare.status).toBe(403)
    },
  )

  test('Y11: shuts out a device whose access the cloud took back; what it decided stays until the cloud has it', async () => {
    const device = await museum.device(museum.signer.pass('p-1'))
    expect((await device.ask('POST', '/inside', { inside: 3, reason: 'compté' })).status).toBe(204)
    museum.giveCatalogue({ version: 4, staffKeys: [] })
    expect(await device.ask('GET', '/me')).toMatchObject({ status: 401, json: { why: 'no-keys' } })
    expect(museum.museum().ledger.handover.countWaiting()).toBe(1)
    museum.giveCatalogue({ version: 5 })
    expect((await device.ask('GET', '/me')).status).toBe(200)
  })

  test('D01: tells no name, address or telephone of anybody: there is no field for one', () => {
    const fields = [...JSON.stringify(components).matchAll(/"([A-Za-z]+)":\{/g)].map(([, name = '']) =>
      name.toLowerCase(),
    )
    expect(fields.length).toBeGreaterThan(50)
    expect(fields.filter((field) => /name|visitor|holder|mail|telephone|address|birth/.test(field))).toEqual([])
  })

  test('is asked by a cookie that no script reads and no other page sends, which ends with its pass', async () => {
    const { headers, json } = await museum.ask('POST', '/pairing', { pass: museum.signer.pass('p-7') })
    expect(json).toMatchObject({ staff: 'p-7', role: 'gate-staff', site: 'musee-salagon' })
    const cookie = String(headers.get('set-cookie'))
    for (const part of ['__Host-', 'HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/', 'Expires=']) {
      expect(cookie).toContain(part)
    }
    expect(headers.get('cache-control')).toBe('no-store')
  })
})
