import type { HttpPeerScript } from '@vigie/tests/fakes/http-peer/http-peer'
import { peerThat } from '@vigie/tests/fakes/http-peer/peer-for-test'
import { describe, expect, test } from 'vitest'
import { createHttpClient } from './http-client.ts'
import { createSoapPost } from './soap-post.ts'

const never = new AbortController().signal
async function postTo(script: HttpPeerScript, { token = null as (() => string) | null, envelope = '<s:Body/>' } = {}) {
  const peer = await peerThat(script)
  const dependencies = { login: null, trust: undefined, onConnected: () => undefined }
  const http = createHttpClient(dependencies, { randomHex: () => '' })
  const post = createSoapPost(http, { deviceService: new URL(`${peer.url}/device`), token })
  return { peer, answer: post(null, envelope, never) }
}

const soap = (body: string) => `<e:Envelope xmlns:e="x" xmlns='y'><e:Body>${body}</e:Body></e:Envelope>`
const fault = (subcode: string, text: string) =>
  soap(
    `<e:Fault><e:Code><e:Subcode><e:Value>${subcode}</e:Value></e:Subcode></e:Code><e:Reason><e:Text xml:lang="en">${text}</e:Text></e:Reason></e:Fault>`,
  )

describe('createSoapPost', () => {
  test('puts the login into the header, where one stands and where none stands', async () => {
    const token = () => '<Security/>'
    const answering: HttpPeerScript = (_, response) => response.end(soap('ok'))
    const withHeader = '<s:Envelope><s:Header><x/></s:Header><s:Body/></s:Envelope>'
    const one = await postTo(answering, { token, envelope: withHeader })
    await one.answer
    expect(one.peer.seen[0]?.body).toBe('<s:Envelope><s:Header><Security/><x/></s:Header><s:Body/></s:Envelope>')
    const other = await postTo(answering, { token, envelope: '<s:Envelope><s:Body/></s:Envelope>' })
    await other.answer
    expect(other.peer.seen[0]?.body).toBe('<s:Envelope><s:Header><Security/></s:Header><s:Body/></s:Envelope>')
    expect(other.peer.seen[0]?.headers['content-type']).toMatch(/^application\/soap\+xml/)
  })

  test('gives the answer without its namespace declarations', async () => {
    const { answer } = await postTo((_, response) => response.end(soap('<a xmlns:b = "c" d="e"/>')))
    expect(await answer).toBe('<e:Envelope><e:Body><a d="e"/></e:Body></e:Envelope>')
  })

  test.each([
    ['ter:NotAuthorized', 'Sender not Authorized', 400],
    ['wsse:FailedAuthentication', 'No', 500],
    ['x:y', 'The action requested requires authorization and the sender is not authorized', 200],
  ])('%s is a refused login', async (subcode, text, status) => {
    const { answer } = await postTo((_, response) => response.writeHead(status).end(fault(subcode, text)))
    await expect(answer).rejects.toMatchObject({ code: 'camera-refused-login' })
  })

  test('another SOAP fault is a refusal, with the words of the device, made harmless', async () => {
    const { answer } = await postTo((_, response) => {
      response.writeHead(500).end(fault('ter:ActionNotSupported', 'No\u001b[2J such\naction'))
    })
    await expect(answer).rejects.toMatchObject({
      code: 'camera-refused',
      message: expect.stringContaining('No [2J such action'),
    })
  })

  test.each<[string, HttpPeerScript]>([
    ['a web page', (_, response) => response.end('<html></html>')],
    ['404', (_, response) => response.writeHead(404).end('not here')],
    ['nothing', (_, response) => response.end()],
  ])('%s is not ONVIF', async (_, script) => {
    const { answer } = await postTo(script)
    await expect(answer).rejects.toMatchObject({ code: 'camera-not-onvif' })
  })

  test('a redirect is not followed, and says where to', async () => {
    const { answer } = await postTo((_, response) => response.writeHead(301, { location: 'https://127.0.0.1/' }).end())
    await expect(answer).rejects.toThrow('https://127.0.0.1/')
    await expect(answer).rejects.toMatchObject({ code: 'camera-redirected-elsewhere' })
  })

  test('more than half a mebibyte is too much', async () => {
    const { answer } = await postTo((_, response) => response.end(soap('x'.repeat(512 * 1024))))
    await expect(answer).rejects.toMatchObject({ code: 'camera-answer-too-large' })
  })

  test('half a mebibyte made to keep a reader busy is refused at once', async () => {
    const { answer } = await postTo((_, response) => response.end(soap('<a xmlns'.repeat(60_000))))
    const startedMs = performance.now()
    await expect(answer).rejects.toMatchObject({ code: 'camera-answer-broken' })
    expect(performance.now() - startedMs).toBeLessThan(3_000)
  })
})
