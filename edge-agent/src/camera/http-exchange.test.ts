import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { createHttpPeer, drip, flood, type HttpPeerScript, truncate } from '@vigie/tests/fakes/http-peer/http-peer'
import { peerThat } from '@vigie/tests/fakes/http-peer/peer-for-test'
import { describe, expect, test } from 'vitest'
import { withinDeadline } from './deadline.ts'
import { exchange } from './http-exchange.ts'

const never = new AbortController().signal
const get = (url: string, signal: AbortSignal = never, maxBytes = 1024 * 1024) =>
  exchange(
    { url: new URL(url), method: 'GET', headers: {}, maxBytes },
    { trust: undefined, onConnected: () => undefined },
    signal,
  )
const getWithin = (url: string, ms: number) =>
  withinDeadline(
    ms,
    never,
    () => new Error('late'),
    (signal) => get(url, signal),
  )

describe('exchange', () => {
  test('gives the whole answer and leaves no socket', async () => {
    const peer = await peerThat((_, response) => response.writeHead(404, { 'x-kind': 'test' }).end('nothing here'))
    const answer = await get(`${peer.url}/a?b=c`)
    expect(answer.status).toBe(404)
    expect(answer.headers['x-kind']).toBe('test')
    expect(answer.body.toString()).toBe('nothing here')
    expect(peer.seen.map(({ path }) => path)).toEqual(['/a?b=c'])
    await peer.silent()
  })

  test('sends a body with its length in bytes', async () => {
    const peer = await peerThat((_, response) => response.end())
    const request = { url: new URL(peer.url), method: 'POST' as const, headers: {}, body: 'été', maxBytes: 10 }
    await exchange(request, { trust: undefined, onConnected: () => undefined }, never)
    expect(peer.seen[0]?.headers['content-length']).toBe('5')
    expect(peer.seen[0]?.body).toBe('été')
  })

  test('a closed port is an unreachable camera', async () => {
    const peer = await createHttpPeer(() => undefined)
    await peer.close()
    await expect(get(peer.url)).rejects.toMatchObject({ code: 'camera-unreachable' })
  })

  test('a name that does not resolve is an unreachable camera', async () => {
    // No name may have 64 letters between two dots: it fails without a question to the network.
    await expect(get(`http://${'x'.repeat(64)}/`)).rejects.toMatchObject({ code: 'camera-unreachable' })
  })

  test.each<[string, HttpPeerScript]>([
    ['a peer that never answers', () => undefined],
    ['headers and then silence', (_, response) => response.writeHead(200).flushHeaders()],
    ['one byte after the other', (_, response) => drip(response)],
  ])('%s ends at the deadline and leaves no socket', async (_, script) => {
    const peer = await peerThat(script)
    await expect(getWithin(peer.url, 100)).rejects.toThrow('late')
    await peer.silent()
  })

  test.each<[string, HttpPeerScript]>([
    ['an answer that is cut short', (_, response) => truncate(response, Buffer.alloc(1000))],
    ['a chunked answer that is cut short', (_, response) => response.write('x', () => response.destroy())],
    ['a connection that is closed at once', (_, response) => response.destroy()],
  ])('%s is broken, not a shorter answer', async (_, script) => {
    const peer = await peerThat(script)
    await expect(get(peer.url)).rejects.toMatchObject({ code: 'camera-answer-broken' })
    await peer.silent()
  })

  test('what does not speak HTTP is broken', async () => {
    const server = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo // a TCP server's address is never a path
    await expect(get(`http://127.0.0.1:${port}`)).rejects.toMatchObject({ code: 'camera-answer-broken' })
    server.close()
  })

  test('200 MB are cut off at the cap, and memory stays small', async () => {
    const peer = await peerThat((_, response) => flood(response, 200 * 1024 * 1024))
    const before = process.memoryUsage().rss
    await expect(get(peer.url)).rejects.toMatchObject({ code: 'camera-answer-too-large' })
    await peer.silent()
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * 1024 * 1024)
  })

  test('an answer of exactly the cap passes, one byte more does not', async () => {
    const peer = await peerThat((_, response) => response.end('12345'))
    expect((await get(peer.url, never, 5)).body.toString()).toBe('12345')
    await expect(get(peer.url, never, 4)).rejects.toMatchObject({ code: 'camera-answer-too-large' })
  })

  test('endless headers are cut off too', async () => {
    const peer = await peerThat((_, response) => response.writeHead(200, { 'x-long': 'x'.repeat(20_000) }).end())
    await expect(get(peer.url)).rejects.toMatchObject({ code: 'camera-answer-too-large' })
  })

  test('cancelled is not failed: the reason of the signal comes back, and the socket is gone', async () => {
    const cancelling = new AbortController()
    const reason = new Error('the agent stops')
    const peer = await peerThat(() => cancelling.abort(reason))
    await expect(get(peer.url, cancelling.signal)).rejects.toBe(reason)
    await peer.silent()
  })

  test('nothing is sent when it is cancelled before it begins', async () => {
    const peer = await peerThat(() => undefined)
    await expect(get(peer.url, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' })
    expect(peer.connections()).toBe(0)
  })
})
