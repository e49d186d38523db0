import { createHash } from 'node:crypto'
import type { HttpPeer, HttpPeerScript } from '@vigie/tests/fakes/http-peer/http-peer'
import { peerThat } from '@vigie/tests/fakes/http-peer/peer-for-test'
import { describe, expect, test } from 'vitest'
import { createHttpClient } from './http-client.ts'
import { parseChallenges } from './http-digest.ts'

const LOGIN = { user: 'vigie', password: 'secret "of" the pass' }
const never = new AbortController().signal
const clientWith = (login: typeof LOGIN | null) =>
  createHttpClient({ login, trust: undefined, onConnected: () => undefined }, { randomHex: () => 'c0ffee' })
const picture = (peer: HttpPeer) => ({
  url: new URL(`${peer.url}/picture?channel=1`),
  method: 'GET' as const,
  headers: {},
  maxBytes: 1000,
})

/** Grants what answers the given nonce rightly; otherwise asks for it. */
const wantsDigest =
  (nonceNow: () => string, password = LOGIN.password, more = ''): HttpPeerScript =>
  ({ method, path, headers }, response) => {
    const hash = (text: string) => createHash('sha256').update(text).digest('hex')
    const claim = parseChallenges(headers.authorization ?? '')[0]?.parameters ?? {}
    const { nonce = '', nc = '', cnonce = '' } = claim
    const right = hash(
      `${hash(`${LOGIN.user}:r:${password}`)}:${nonce}:${nc}:${cnonce}:auth:${hash(`${method}:${path}`)}`,
    )
    if (nonce === nonceNow() && claim['response'] === right) response.end(`count ${nc}`)
    else {
      const challenge = `Digest realm="r", nonce="${nonceNow()}", qop="auth", algorithm=SHA-256${more}`
      response.writeHead(401, { 'www-authenticate': challenge }).end('no')
    }
  }

describe('a client with a login', () => {
  test('sends no password before it is asked to', async () => {
    const peer = await peerThat((_, response) => response.end('open'))
    const { body } = await clientWith(LOGIN).send(picture(peer), never)
    expect(body.toString()).toBe('open')
    expect(peer.seen[0]?.headers.authorization).toBeUndefined()
  })

  test('answers Digest, and with the same nonce again, counted up, without a second round trip', async () => {
    const peer = await peerThat(wantsDigest(() => 'n1'))
    const client = clientWith(LOGIN)
    expect((await client.send(picture(peer), never)).body.toString()).toBe('count 00000001')
    expect(peer.seen).toHaveLength(2)
    expect((await client.send(picture(peer), never)).body.toString()).toBe('count 00000002')
    expect(peer.seen).toHaveLength(3)
    await peer.silent()
  })

  test('takes the new nonce when the old one has gone stale', async () => {
    let nonce = 'n1'
    const peer = await peerThat(wantsDigest(() => nonce))
    const client = clientWith(LOGIN)
    await client.send(picture(peer), never)
    nonce = 'n2'
    expect((await client.send(picture(peer), never)).body.toString()).toBe('count 00000001')
  })

  test('is refused after one attempt when the password is wrong, so that no camera locks the account', async () => {
    const peer = await peerThat(wantsDigest(() => 'n1', 'another password'))
    await expect(clientWith(LOGIN).send(picture(peer), never)).rejects.toMatchObject({ code: 'camera-refused-login' })
    expect(peer.seen).toHaveLength(2)
    await peer.silent()
  })

  test('gives up on a peer whose nonces are stale for ever', async () => {
    let made = 0
    const peer = await peerThat(wantsDigest(() => `n${++made}`, LOGIN.password, ', stale=true'))
    await expect(clientWith(LOGIN).send(picture(peer), never)).rejects.toMatchObject({ code: 'camera-refused-login' })
    expect(peer.seen.length).toBeLessThan(5)
  })

  test('answers Basic after a Basic challenge only', async () => {
    const peer = await peerThat(({ headers }, response) => {
      if (headers.authorization?.startsWith('Basic ')) response.end(headers.authorization)
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end()
    })
    const { body } = await clientWith(LOGIN).send(picture(peer), never)
    expect(Buffer.from(body.toString().slice(6), 'base64').toString()).toBe(`${LOGIN.user}:${LOGIN.password}`)
    expect(peer.seen[0]?.headers.authorization).toBeUndefined()
  })

  test('is refused where only logins are offered that it does not know', async () => {
    const peer = await peerThat((_, response) => response.writeHead(401, { 'www-authenticate': 'Bearer' }).end())
    await expect(clientWith(LOGIN).send(picture(peer), never)).rejects.toMatchObject({ code: 'camera-refused-login' })
    expect(peer.seen).toHaveLength(1)
  })

  test('never shows the password in what it throws', async () => {
    const peer = await peerThat(wantsDigest(() => 'n1', 'another password'))
    const error: unknown = await clientWith(LOGIN)
      .send(picture(peer), never)
      .catch((thrown: unknown) => thrown)
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('secret')
  })
})

test('a client without a login says that one is missing', async () => {
  const peer = await peerThat(wantsDigest(() => 'n1'))
  await expect(clientWith(null).send(picture(peer), never)).rejects.toThrow(/none is configured/)
  expect(peer.seen).toHaveLength(1)
})
