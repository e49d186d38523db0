import { once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createStateStream } from './state-stream.ts'

test('a stream ends with the pass of its device, and the others go on', async () => {
  const believed = new Set(['one', 'other'])
  const stream = createStateStream({ read: () => ({}), onBug: (error) => expect(error).toBeNull(), heartbeatMs: 5 })
  const server = createServer(({ url = '' }, response) => stream.add(response, async () => believed.has(url.slice(1))))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const listen = async (name: string): Promise<IncomingMessage> => {
    const [response] = await once(get({ port, host: '127.0.0.1', path: `/${name}`, agent: false }), 'response')
    return response.resume()
  }
  const [one, other] = [await listen('one'), await listen('other')]
  believed.delete('one')
  await once(one, 'end')
  expect(other.complete).toBe(false)
  const ended = once(other, 'end')
  stream.hangUp()
  await ended
  server.close()
})
