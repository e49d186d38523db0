import { once } from 'node:events'
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net'
import { CameraFault } from './camera-fault.ts'
import type { CameraTrust } from './camera-port.ts'
import { connectTls } from './camera-tls.ts'
import { deviceText } from './device-text.ts'
import { answerChallenge, type Challenge, chooseChallenge, type Login, parseChallenges } from './http-digest.ts'
import { headerOf, type RtspPiece, rtspText, takePieces } from './rtsp-messages.ts'

export type RtspTarget = {
  /** `rtsp://192.0.2.7:554/main`, or rtsps; no name and no password in it. */
  url: string
  login: Login | null
  trust: CameraTrust | undefined
  /** Whether a password may be said in clear to a camera that knows no better. */
  allowsBasic: boolean
}

export type RtspRelay = {
  /** Where the one client that is served finds the stream. */
  url: string
  /** What the camera did wrong, if anything; null: nothing that was seen here. */
  fault(): CameraFault | null
  close(): void
}

type Text = Extract<RtspPiece, { kind: 'text' }>
type Request = {
  method: string
  uri: string
  headers: [string, string][]
  body: Buffer
  clientSeq: string
  logins: number
}

/** A first answer without login, one with a nonce, one more when that went stale. */
const MAX_LOGINS = 2
/** Twelve seconds of a stream of 20 Mbit/s, and the longest we wait for a key frame. Beyond: `camera-answer-too-large`. */
export const STREAM_MAX_BYTES = 32 * 1024 * 1024

/**
 * Stands between a program that can decode a stream and the camera that sends one, on loopback, for one connection. The
 * program is told neither the camera's address nor its password: the relay logs in, answers Digest, and connects to the
 * configured host alone. A redirection ends it. Nothing that the program is given has to be kept secret.
 *
 * @param token unguessable, part of the address: another program on the machine that connects first is not served
 */
export async function openRtspRelay(
  target: RtspTarget,
  { token, randomHex, onConnected }: { token: string; randomHex(): string; onConnected(): void },
): Promise<RtspRelay> {
  const camera = parseStreamAddress(target.url)
  const server = createServer({ pauseOnConnect: true, noDelay: true })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server's address is never a path
  const base = `rtsp://127.0.0.1:${port}/${token}`
  const sockets = new Set<Socket>()
  let found: CameraFault | null = null
  let isClosed = false

  function close(): void {
    isClosed = true
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  function fail(fault: CameraFault): void {
    found ??= fault
    close()
  }

  server.on('connection', (client) => {
    server.close()
    serve(client)
  })

  function serve(client: Socket): void {
    sockets.add(client)
    client.on('error', () => client.destroy())
    const socket = connectCamera(camera, target.trust, (error) => {
      if (error !== null) fail(faultOf(error))
      if (isClosed) return
      onConnected()
      const conversation = converse({ client, socket })
      socket.on('data', conversation.fromCamera)
      socket.on('error', (cause) => fail(new CameraFault('camera-answer-broken', 'connection lost', { cause })))
      socket.on('close', () => client.destroy())
      client.on('data', conversation.fromClient)
      client.on('close', () => socket.destroy())
      client.resume()
    })
    sockets.add(socket)
  }

  function converse({ client, socket }: { client: Socket; socket: Socket }) {
    let fromClient: Buffer = Buffer.alloc(0)
    let fromCamera: Buffer = Buffer.alloc(0)
    let seq = 0
    let received = 0
    let login: { challenge: Challenge; count: number } | null = null
    const asked: Request[] = []

    function send(request: Request): void {
      seq += 1
      const headers: [string, string][] = [['CSeq', String(seq)], ...request.headers]
      if (login !== null && target.login !== null) {
        login.count += 1
        const { method, uri: path } = request
        const answering = { method, path, count: login.count, clientNonce: randomHex() }
        headers.push(['Authorization', answerChallenge(login.challenge, target.login, answering)])
      }
      socket.write(rtspText({ first: `${request.method} ${request.uri} RTSP/1.0`, headers, body: request.body }))
    }

    /** Whether the request was sent again, with a login. */
    function logsIn(request: Request, headers: readonly [string, string][]): boolean {
      const offered = parseChallenges(headerOf(headers, 'www-authenticate'))
      const challenge = chooseChallenge(
        target.allowsBasic ? offered : offered.filter(({ scheme }) => scheme !== 'basic'),
      )
      if (challenge === null || target.login === null || request.logins >= MAX_LOGINS) return false
      if (request.logins > 0 && challenge.parameters['stale']?.toLowerCase() !== 'true') return false
      request.logins += 1
      login = { challenge, count: 0 }
      send(request)
      return true
    }

    function answered({ first, headers, body }: Text): void {
      const status = Number(/^RTSP\/\d\.\d (\d{3})/.exec(first)?.[1])
      const [request] = asked
      // Some cameras ask questions of their own; nobody needs to answer them within seconds.
      if (!Number.isInteger(status) || request === undefined) return
      if (status === 401 && logsIn(request, headers)) return
      asked.shift()
      if (status === 401) {
        fail(new CameraFault('camera-refused-login', 'RTSP 401'))
        return
      }
      if (status >= 300 && status < 400) {
        fail(new CameraFault('camera-redirected-elsewhere', deviceText(headerOf(headers, 'location'))))
        return
      }
      if (status >= 400) found ??= new CameraFault('camera-refused', `RTSP ${status} to ${request.method}`)
      const kept = headers.filter(([name]) => name.toLowerCase() !== 'cseq')
      client.write(rtspText({ first, headers: [['CSeq', request.clientSeq], ...kept], body }))
    }

    return {
      fromClient(chunk: Buffer): void {
        const taken = takePieces(Buffer.concat([fromClient, chunk]))
        if (taken === null) {
          close()
          return
        }
        fromClient = taken.rest
        for (const piece of taken.pieces) {
          if (piece.kind === 'packet') socket.write(piece.bytes)
          // Whoever does not know the token is not the program that was started. Later requests are for what the camera
          // named itself, and go where the first one went.
          else if (seq === 0 && !piece.first.includes(` ${base}/`)) close()
          else {
            const request = requestOf(piece, base, camera)
            asked.push(request)
            send(request)
          }
        }
      },

      fromCamera(chunk: Buffer): void {
        received += chunk.byteLength
        if (received > STREAM_MAX_BYTES) {
          fail(new CameraFault('camera-answer-too-large', `more than ${STREAM_MAX_BYTES} bytes of stream`))
          return
        }
        const taken = takePieces(Buffer.concat([fromCamera, chunk]))
        if (taken === null) {
          fail(new CameraFault('camera-answer-broken', 'not RTSP'))
          return
        }
        fromCamera = taken.rest
        for (const piece of taken.pieces) {
          if (piece.kind === 'text') answered(piece)
          else if (!client.write(piece.bytes)) pauseUntilDrained(socket, client)
        }
      },
    }
  }

  return { url: `${base}${camera.path}`, fault: () => found, close }
}

type StreamAddress = { isTls: boolean; host: string; port: number; base: string; path: string }

function parseStreamAddress(url: string): StreamAddress {
  const parts = /^((rtsps?):\/\/(\[[^\]]+\]|[^/:?@]+)(?::(\d{1,5}))?)(\/.*)?$/.exec(url)
  if (parts === null) throw new CameraFault('camera-no-snapshot', 'nor a stream')
  const [, base = '', scheme = '', host = '', port, path = '/'] = parts
  const isTls = scheme === 'rtsps'
  // RFC 2326, §3.2, and RFC 7826, §20.1.3.
  return { isTls, host: host.replace(/^\[|\]$/g, ''), port: Number(port ?? (isTls ? 322 : 554)), base, path }
}

function connectCamera(
  { isTls, host, port }: StreamAddress,
  trust: CameraTrust | undefined,
  ready: (error: Error | null) => void,
): Socket {
  if (isTls) return connectTls({ host, port, trust }, ready)
  const socket = createConnection({ host, port, noDelay: true })
  socket.once('error', ready)
  socket.once('connect', () => {
    socket.off('error', ready)
    ready(null)
  })
  return socket
}

function requestOf({ first, headers, body }: Text, base: string, camera: StreamAddress): Request {
  const [method = '', named = ''] = first.split(' ')
  const uri = named.startsWith(base) ? `${camera.base}${named.slice(base.length)}` : named
  const kept = headers.filter(([name]) => !['cseq', 'authorization'].includes(name.toLowerCase()))
  return { method, uri, headers: kept, body, clientSeq: headerOf(headers, 'cseq'), logins: 0 }
}

function pauseUntilDrained(from: Socket, to: Socket): void {
  from.pause()
  to.once('drain', () => from.resume())
}

function faultOf(error: Error): CameraFault {
  if (error instanceof CameraFault) return error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return new CameraFault('camera-unreachable', code, { cause: error })
}
