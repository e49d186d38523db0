import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { createConnection, type Socket } from 'node:net'
import { CameraFault } from './camera-fault.ts'
import type { CameraTrust } from './camera-port.ts'
import { connectTls } from './camera-tls.ts'

export type HttpRequest = {
  url: URL
  method: 'GET' | 'POST'
  headers: Record<string, string>
  body?: string
  /** Beyond it the socket is destroyed and the exchange fails: memory is never more than this and one chunk. */
  maxBytes: number
}

export type HttpAnswer = { status: number; headers: IncomingHttpHeaders; body: Buffer }

export type ExchangeOptions = { trust: CameraTrust | undefined; onConnected(): void }

/**
 * One request on a socket of its own, and its whole answer. Follows nothing, repeats nothing. When it ends, however it
 * ends, its socket is destroyed. Rejects with a CameraFault, or with the signal's reason.
 */
export function exchange(wanted: HttpRequest, options: ExchangeOptions, signal: AbortSignal): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const sockets = new Set<Socket>()
    const finish = (settle: () => void) => {
      signal.removeEventListener('abort', cancel)
      sent.destroy()
      for (const socket of sockets) socket.destroy()
      settle()
    }
    const fail = (error: unknown) => finish(() => reject(error))
    const cancel = () => fail(signal.reason)
    const sent = open(wanted, options, sockets, (socket) => {
      options.onConnected()
      sockets.add(socket)
    })
    signal.addEventListener('abort', cancel, { once: true })
    sent.on('error', (error) => fail(faultOf(error)))
    sent.on('response', (answer) => {
      collect(answer, wanted.maxBytes).then((body) => {
        finish(() => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }))
      }, fail)
    })
    sent.end(wanted.body)
  })
}

function open(
  { url, method, headers, body }: HttpRequest,
  { trust }: ExchangeOptions,
  sockets: Set<Socket>,
  connected: (socket: Socket) => void,
): ClientRequest {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }
  return request({
    method,
    host,
    port,
    path: `${url.pathname}${url.search}`,
    headers: { Host: url.host, Connection: 'close', ...length, ...headers },
    // An own connection, not an agent's: no socket outlives its exchange, and TLS is checked before a byte is sent.
    createConnection: (_, ready) => {
      const socket =
        url.protocol === 'https:'
          ? connectTls({ host, port, trust }, ready)
          : createConnection({ host, port, noDelay: true })
      sockets.add(socket)
      socket.once('connect', () => connected(socket))
      return url.protocol === 'https:' ? undefined : socket
    },
  })
}

/** Reads an answer to its end; destroys it beyond the cap. */
function collect(answer: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    answer.on('data', (chunk: Buffer) => {
      length += chunk.byteLength
      if (length <= maxBytes) {
        chunks.push(chunk)
        return
      }
      answer.destroy()
      reject(new CameraFault('camera-answer-too-large', `more than ${maxBytes} bytes`))
    })
    answer.on('error', (cause) => reject(new CameraFault('camera-answer-broken', 'cut short', { cause })))
    answer.on('end', () => {
      if (answer.complete) resolve(Buffer.concat(chunks, length))
      else reject(new CameraFault('camera-answer-broken', 'cut short'))
    })
    answer.on('close', () => reject(new CameraFault('camera-answer-broken', 'cut short')))
  })
}

function faultOf(error: NodeJS.ErrnoException): CameraFault {
  if (error instanceof CameraFault) return error
  const { code = '' } = error
  if (code === 'HPE_HEADER_OVERFLOW') return new CameraFault('camera-answer-too-large', 'headers', { cause: error })
  if (code.startsWith('HPE_')) return new CameraFault('camera-answer-broken', 'not HTTP', { cause: error })
  if (error.syscall === 'connect' || error.syscall === 'getaddrinfo') {
    return new CameraFault('camera-unreachable', code, { cause: error })
  }
  return new CameraFault('camera-answer-broken', code || 'connection lost', { cause: error })
}
