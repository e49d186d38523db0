import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createDevelopmentAuthority,
  type DevelopmentAuthority,
} from '@vigie/provisioning/authority/development-authority'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { AuthorityTrust } from './authority-connection.ts'
import { enrol, readAuthorities } from './est.ts'

const folder = mkdtempSync(join(tmpdir(), 'vigie-est-'))
const authorities = {} as Record<'ours' | 'foreign', DevelopmentAuthority>
let server: Server
let asked: { authorization: string | undefined; path: string | undefined }[]
beforeAll(async () => {
  for (const name of ['ours', 'foreign'] as const) {
    const units = [{ site: 'seyne', unit: 'vg-0001' }]
    authorities[name] = await createDevelopmentAuthority({ folder: join(folder, name), units }, { now: Date.now })
  }
})
afterEach(() => server.close())
afterAll(() => rmSync(folder, { recursive: true }))

/** A server with a certificate of one of them that says what it likes; gives how a unit would ask it. */
async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  { as = 'ours', host = '127.0.0.1' }: { as?: 'ours' | 'foreign'; host?: string } = {},
): Promise<AuthorityTrust> {
  asked = []
  const { certificateFile, keyFile } = authorities[as].broker
  server = createServer({ cert: readFileSync(certificateFile), key: readFileSync(keyFile) }, (request, response) => {
    asked.push({ authorization: request.headers.authorization, path: request.url })
    answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // listens on TCP
  const known = readFileSync(authorities.ours.caFile, 'utf8')
  return { url: `https://${host}:${port}`, authorities: known, shows: null, now: Date.now }
}

const claim = { unit: 'vg-0001', code: 'a-secret-code', request: 'AAAA' }
const ask = (trust: AuthorityTrust) => enrol(trust, claim, AbortSignal.timeout(10_000))

test('tells the claim to nobody whom it does not believe', async () => {
  const trust = await serve((_, response) => response.end(), { as: 'foreign' })
  await expect(ask(trust)).rejects.toMatchObject({ code: 'authority-untrusted' })
  expect(asked).toEqual([])
})

test('waits as long as it is told, within bounds', async () => {
  for (const [header, retryInMs] of [
    ['7', 7_000],
    ['0', 2_000],
    ['999999', 3_600_000],
    ['soon', 60_000],
  ] as const) {
    const trust = await serve((_, response) => response.writeHead(202, { 'retry-after': header }).end())
    expect(await ask(trust)).toEqual({ outcome: 'not-yet', retryInMs })
    expect(asked[0]?.authorization).toBe(`Basic ${Buffer.from('vg-0001:a-secret-code').toString('base64')}`)
    server.close()
  }
})

test('gives the reason of a refusal as one word, whatever else is said', async () => {
  const said = async (body: string) => {
    const trust = await serve((_, response) => response.writeHead(403).end(body))
    const answer = await ask(trust)
    server.close()
    return answer.outcome === 'refused' ? answer.reason : answer.outcome
  }
  expect(await said('{"type":"urn:vigie:authority:second-use","title":"x"}')).toBe('second-use')
  expect(await said('<html>\n\u001b[31m</html>')).toBe('status 403')
})

test.each([
  ['answers 200 and no certificate', (_: unknown, response: ServerResponse) => response.end('hello')],
  ['answers 200 and nothing', (_: unknown, response: ServerResponse) => response.end()],
  ['has a fault of its own', (_: unknown, response: ServerResponse) => response.writeHead(500).end()],
  ['sends it elsewhere', (_: unknown, response: ServerResponse) => response.writeHead(302, { location: '/x' }).end()],
  ['sends more than anybody may', (_: unknown, response: ServerResponse) => response.end('A'.repeat(300_000))],
  ['closes in the middle', (_: unknown, response: ServerResponse) => response.write('MII', () => response.destroy())],
])('an authority that %s is a fault that passes, and nothing is taken from it', async (_, answer) => {
  const trust = await serve(answer)
  await expect(ask(trust)).rejects.toMatchObject({ code: 'authority-silent' })
  await expect(readAuthorities(trust, AbortSignal.timeout(10_000))).rejects.toMatchObject({ code: 'authority-silent' })
})

test('an authority that is not there is unreachable', async () => {
  const trust = await serve((_, response) => response.end())
  server.close()
  await once(server, 'close')
  await expect(ask(trust)).rejects.toMatchObject({ code: 'authority-unreachable' })
})

test('a question that is given up is cancelled, which is no fault', async () => {
  const trust = await serve(() => undefined)
  const stop = new AbortController()
  const asking = enrol(trust, claim, stop.signal)
  setImmediate(() => stop.abort())
  await expect(asking).rejects.toMatchObject({ name: 'AbortError' })
})
