import type { HttpPeer } from '@vigie/tests/fakes/http-peer/http-peer'
import { peerThat } from '@vigie/tests/fakes/http-peer/peer-for-test'
import { describe, expect, test } from 'vitest'
import { createHttpClient } from './http-client.ts'
import { fetchSnapshot } from './snapshot.ts'

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3])
const never = new AbortController().signal
const fetchFrom = (peer: HttpPeer, path = '/picture') => {
  const dependencies = { login: null, trust: undefined, onConnected: () => undefined }
  return fetchSnapshot(createHttpClient(dependencies, { randomHex: () => '' }), new URL(path, peer.url), never)
}

describe('fetchSnapshot', () => {
  test('takes a JPEG for a JPEG whatever it is called', async () => {
    const peer = await peerThat((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(JPEG))
    expect(await fetchFrom(peer)).toEqual({ bytes: JPEG, contentType: 'text/html' })
  })

  test.each([
    ['a login page called a JPEG', '<html>Login</html>'],
    ['nothing', ''],
    ['a PNG', '\u0089PNG\r\n'],
  ])('does not take %s for one', async (_, content) => {
    const peer = await peerThat((_, response) => {
      response.writeHead(200, { 'content-type': 'image/jpeg' }).end(content, 'latin1')
    })
    await expect(fetchFrom(peer)).rejects.toMatchObject({ code: 'picture-not-jpeg' })
  })

  test.each([404, 500, 503])('HTTP %i is a refusal, not a picture', async (status) => {
    const peer = await peerThat((_, response) => response.writeHead(status).end(JPEG))
    await expect(fetchFrom(peer)).rejects.toMatchObject({ code: 'camera-refused' })
  })

  test('follows a redirect on the same host', async () => {
    const peer = await peerThat(({ path }, response) => {
      if (path === '/picture') response.writeHead(302, { location: '/picture/' }).end()
      else response.end(JPEG)
    })
    expect((await fetchFrom(peer)).bytes).toEqual(JPEG)
  })

  test('never follows one to another host', async () => {
    const other = await peerThat((_, response) => response.end(JPEG))
    const port = new URL(other.url).port
    const peer = await peerThat((_, response) => {
      response.writeHead(302, { location: `http://localhost:${port}/` }).end()
    })
    await expect(fetchFrom(peer)).rejects.toMatchObject({ code: 'camera-redirected-elsewhere' })
    expect(other.connections()).toBe(0)
  })

  test('ends a redirect that goes in a circle', async () => {
    const peer = await peerThat((_, response) => response.writeHead(302, { location: '/picture' }).end())
    await expect(fetchFrom(peer)).rejects.toMatchObject({ code: 'camera-redirected-elsewhere' })
    expect(peer.seen.length).toBeLessThan(5)
  })

  test.each(['', 'file:///etc/passwd', 'http://['])('a redirect to "%s" goes nowhere', async (location) => {
    const peer = await peerThat((_, response) => response.writeHead(302, { location }).end())
    await expect(fetchFrom(peer)).rejects.toMatchObject({ code: 'camera-redirected-elsewhere' })
  })
})
