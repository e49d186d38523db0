import { type IncomingMessage, request } from 'node:http'
import { connect, type TLSSocket } from 'node:tls'
import { AgentFault, type AgentFaultCode } from '../faults.ts'
import { type Failure, kindOfFailure } from '../uplink/broker-fault.ts'
import { serverProblem } from '../uplink/server-trust.ts'

/** One question to the authority. */
export type Question = {
  method: 'GET' | 'POST'
  /** With its query. */
  path: string
  headers?: Readonly<Record<string, string>>
  body?: string
}

export type Answer = { status: number; header(name: string): string | undefined; body: Buffer }

export type AuthorityTrust = {
  url: string
  /** Whom is believed, in PEM. */
  authorities: string
  /** What the unit shows of itself; null before its first certificate. */
  shows: { key: string; certificates: string } | null
  /** Honest time: certificates are held to it. */
  now: () => number
}

const FAULTS = {
  untrusted: 'authority-untrusted',
  refused: 'authority-refused',
  unreachable: 'authority-unreachable',
  silent: 'authority-silent',
} as const satisfies Record<Failure['kind'], AgentFaultCode>

/** TLS and an answer over a bad 4G link take 5 s. Beyond: given up, and asked again later. */
const ANSWER_WITHIN_MS = 30_000
/** Twenty certificates of an authority that was changed often are 20 kB. Beyond: not read. */
const ANSWER_MAX_BYTES = 128 * 1024

/**
 * Asks once, over a connection of its own. The authority is believed as a broker is: by the unit's honest time, so that a box
 * in 1970 can ask at all, and before a byte of the question leaves.
 * @throws AgentFault `authority-unreachable`, `-untrusted`, `-refused` or `-silent`; the signal's reason when it is aborted
 */
export async function askAuthority(trust: AuthorityTrust, question: Question, signal: AbortSignal): Promise<Answer> {
  const deadline = AbortSignal.timeout(ANSWER_WITHIN_MS)
  const either = AbortSignal.any([signal, deadline])
  let socket: TLSSocket | null = null
  try {
    socket = await openTrusted(trust, either)
    return await exchange(socket, trust.url, question, either)
  } catch (error) {
    signal.throwIfAborted()
    if (deadline.aborted) throw new AgentFault('authority-silent', 'no answer in time')
    if (error instanceof AgentFault) throw error
    const { kind, name } = kindOfFailure(error)
    throw new AgentFault(FAULTS[kind], name, { cause: error })
  } finally {
    socket?.destroy()
  }
}

function openTrusted({ url, authorities, shows, now }: AuthorityTrust, signal: AbortSignal): Promise<TLSSocket> {
  const { hostname, port } = new URL(url)
  // An IPv6 address stands in brackets in a URL, and without them in a certificate.
  const host = hostname.replace(/^\[|\]$/g, '')
  return new Promise((resolve, reject) => {
    const socket = connect({
      ...{ host, port: Number(port || 443), ca: authorities },
      ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
      ...(shows && { cert: shows.certificates, key: shows.key }),
      // Judged below: Node would go by the wall clock alone.
      rejectUnauthorized: false,
    })
    socket.setNoDelay(true)
    const stop = () => socket.destroy(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    socket.once('close', () => signal.removeEventListener('abort', stop))
    socket.once('error', reject)
    socket.once('secureConnect', () => {
      const code = serverProblem(socket, { ca: authorities, host, nowMs: now() })
      if (code === null) return resolve(socket)
      socket.destroy()
      reject(Object.assign(new Error('the authority is not believed'), { code }))
    })
    if (signal.aborted) stop()
  })
}

function exchange(
  socket: TLSSocket,
  url: string,
  { method, path, headers = {}, body = '' }: Question,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = Buffer.byteLength(body)
    const asking = request({
      ...{ method, path, signal, host: new URL(url).host, createConnection: () => socket },
      headers: {
        ...headers,
        host: new URL(url).host,
        connection: 'close',
        ...(length > 0 && { 'content-length': length }),
      },
    })
    asking.once('error', reject)
    asking.once('response', (answer) => {
      readBounded(answer).then(
        (read) => resolve({ status: answer.statusCode ?? 0, header: (name) => headerOf(answer, name), body: read }),
        reject,
      )
    })
    asking.end(body)
  })
}

async function readBounded(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > ANSWER_MAX_BYTES) throw new AgentFault('authority-silent', 'an answer that is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value[0] : value
}
