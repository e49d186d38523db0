import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'

export type SeenRequest = { method: string; path: string; headers: IncomingHttpHeaders; body: string }

/** What the peer does with one request. May answer, may answer badly, may do nothing. */
export type HttpPeerScript = (request: SeenRequest, response: ServerResponse) => void

export type HttpPeer = {
  /** `http://127.0.0.1:port`, without a slash. */
  url: string
  /** Every request that was read to its end, the newest last. */
  seen: SeenRequest[]
  /** Connections taken since the start, also those that never sent a request. */
  connections(): number
  /** Resolves when no connection is open, which may be at once. */
  silent(): Promise<void>
  close(): Promise<void>
}

/** A real HTTP server on loopback that does what a script says. With `tls`, https. */
export async function createHttpPeer(
  script: HttpPeerScript,
  { tls }: { tls?: { key: string; cert: string } } = {},
): Promise<HttpPeer> {
  const seen: SeenRequest[] = []
  const open = new Set<Socket>()
  let connections = 0
  const server = tls === undefined ? createServer() : createTlsServer(tls)
  server.on('connection', (socket: Socket) => {
    connections += 1
    open.add(socket)
    socket.once('close', () => {
      open.delete(socket)
      if (open.size === 0) server.emit('silent')
    })
  })
  server.on('request', async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const { method = '', url: path = '', headers } = request
    const one = { method, path, headers, body: Buffer.concat(chunks).toString('utf8') }
    seen.push(one)
    script(one, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server's address is never a path
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    seen,
    connections: () => connections,
    async silent() {
      if (open.size > 0) await once(server, 'silent')
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Sends headers, then one byte every few milliseconds, until the client goes away. */
export function drip(response: ServerResponse, everyMs = 5): void {
  response.writeHead(200, { 'content-type': 'application/soap+xml' })
  const timer = setInterval(() => response.write(' '), everyMs)
  response.once('close', () => clearInterval(timer))
}

/** Promises a length, sends half of a body and cuts the connection. */
export function truncate(response: ServerResponse, body: Uint8Array): void {
  response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': body.length })
  response.write(body.subarray(0, body.length / 2), () => response.destroy())
}

/** Streams so many bytes as fast as they are taken, never holding more than one chunk. */
export function flood(response: ServerResponse, bytes: number): void {
  response.writeHead(200, { 'content-type': 'image/jpeg' })
  const chunk = Buffer.alloc(64 * 1024, 0xff)
  let left = bytes
  const pour = () => {
    while (left > 0 && !response.destroyed) {
      left -= chunk.length
      if (!response.write(chunk)) {
        response.once('drain', pour)
        return
      }
    }
    response.end()
  }
  pour()
}
