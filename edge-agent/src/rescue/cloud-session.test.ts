import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ItemId } from '@vigie/contract/ids'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { postTo, readSession } from './cloud-session.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-session-'))
  mkdirSync(join(folder, 'vigie'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const keep = (text: string) => writeFileSync(join(folder, 'vigie', 'session.json'), text)
const env = () => ({ XDG_CONFIG_HOME: folder })

describe('the session of whoever rescues', () => {
  test('is the one that `vigie session begin` has kept', () => {
    keep('{"origin":"https://vigie.example","cookie":"a=b"}')
    expect(readSession(env())).toEqual({ origin: 'https://vigie.example', cookie: 'a=b' })
  })

  test.each(['', '{', '{}', '{"origin":"file:///etc","cookie":"a"}', '{"origin":"https://x","cookie":""}'])(
    'is none when its file holds %o',
    (text) => {
      keep(text)
      expect(() => readSession(env())).toThrow(/vigie session begin/)
    },
  )
})

describe('what is posted', () => {
  let server: Server
  let answer: { status: number; body: string; isCutOff?: boolean }
  let asked: { url: string | undefined; headers: IncomingHttpHeaders; body: string }[]
  beforeEach(async () => {
    asked = []
    server = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      asked.push({ url: request.url, headers: request.headers, body })
      response.writeHead(answer.status, { location: 'http://127.0.0.1:1/' })
      if (answer.isCutOff !== true) response.end(answer.body)
      else response.write(answer.body, () => response.destroy())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterEach(() => new Promise((resolve) => server.close(resolve)))

  const post = () => {
    const { port } = server.address() as AddressInfo // it listens on a port
    const item = {
      id: '01J00000000000000000000000' as ItemId,
      class: 'telemetry',
      topic: 't',
      payload: Buffer.from('é'),
    } as const
    const to = postTo({ origin: `http://127.0.0.1:${port}`, cookie: 'secret=1' })
    return to({ site: 'col-d-allos', unit: 'vg-0001' }, [item], new AbortController().signal)
  }

  test('goes to the site with the cookie and as no form could send it, and the answer is taken', async () => {
    answer = { status: 200, body: '{"items":[{"id":"x","outcome":"stored","reason":null}]}' }
    expect(await post()).toEqual([{ id: 'x', outcome: 'stored', reason: null }])
    expect(asked[0]).toMatchObject({
      url: '/api/v1/sites/col-d-allos/rescued-items',
      headers: { cookie: 'secret=1', 'x-vigie-client': 'vigie-outbox' },
    })
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
      unit: 'vg-0001',
      items: [{ id: '01J00000000000000000000000', topic: 't', payload: 'w6k=' }],
    })
  })

  test.each([
    [401, '{}', /session est finie/],
    [404, '{}', /ne connaît pas ce site/],
    [302, '', /ne répond pas/],
    [200, '{"items":[{"id":"x","outcome":"eaten"}]}', /ne se comprend pas/],
    [200, 'x'.repeat(70_000), /ne se comprend pas/],
    [200, '<html>', /ne se comprend pas/],
  ])('and answered with %i says so in French, follows nothing, and shows no secret', async (status, body, words) => {
    answer = { status, body }
    const error = await post().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Error)
    expect(String(error)).toMatch(words)
    expect(String(error)).not.toContain('secret')
  })

  test('and answered by half says in French that there is no answer', async () => {
    answer = { status: 200, body: '{"items":[', isCutOff: true }
    await expect(post()).rejects.toThrow(/^Le centre ne répond pas\.$/)
  })
})
