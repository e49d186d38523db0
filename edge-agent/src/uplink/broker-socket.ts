import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { WireBytes } from '../health/traffic.ts'
import { serverProblem } from './server-trust.ts'

export type TlsMaterial = { ca: string; certificate: string; key: string }

/**
 * What a broker gave at the end of the last handshake, so that the next one is short: 3.5 kB instead of 6.6, and neither
 * side signs. In memory alone; a restart of the agent pays once.
 */
export type TlsTicket = { session: Buffer; brokerValidToMs: number }
export type TlsTickets = { last: TlsTicket | null }

export type BrokerSocket = {
  stream: Socket
  /** Bytes on the wire so far: with TLS and its handshake, without the headers of TCP and IP. */
  carried(): WireBytes
}

export type BrokerSocketDeps = {
  tickets: TlsTickets
  /** Honest time, in milliseconds: certificates are held to it. */
  now: () => number
  /** TLS stands and the broker is believed; `isResumed` by a ticket. */
  onSecure(isResumed: boolean): void
}

/** Starts a connection; what goes wrong with it is an error of its stream. */
export function openBrokerSocket(url: URL, tls: TlsMaterial | null, deps: BrokerSocketDeps): BrokerSocket {
  // An IPv6 address stands in brackets in a URL, and without them in a certificate.
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const tcp = connectTcp({ host, port: Number(url.port || (tls ? 8883 : 1883)), noDelay: true })
  const carried = () => ({ sentBytes: tcp.bytesWritten, receivedBytes: tcp.bytesRead })
  return { stream: tls ? secured(tcp, host, tls, deps) : tcp, carried }
}

function secured(tcp: Socket, host: string, tls: TlsMaterial, { tickets, now, onSecure }: BrokerSocketDeps): TLSSocket {
  const ticket = tickets.last
  const stream = connectTls({
    socket: tcp,
    ...{ ca: tls.ca, cert: tls.certificate, key: tls.key },
    ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
    ...(ticket && { session: ticket.session }),
    // Judged below, before a byte of the broker's is read: Node would go by the wall clock alone.
    rejectUnauthorized: false,
  })
  let isBelieved = false
  let brokerValidToMs = ticket?.brokerValidToMs ?? 0
  stream.once('secureConnect', () => {
    const isResumed = stream.isSessionReused()
    // Once: a second call gives nothing.
    const certificate = isResumed ? undefined : stream.getPeerX509Certificate()
    const code = isResumed
      ? ticketProblem(brokerValidToMs, now())
      : serverProblem(stream, { ca: tls.ca, host, nowMs: now() }, certificate)
    if (code !== null) {
      stream.destroy(Object.assign(new Error('the broker is not believed'), { code }))
      return
    }
    if (certificate) brokerValidToMs = Date.parse(certificate.validTo)
    isBelieved = true
    onSecure(isResumed)
  })
  // With TLS 1.3 tickets come after the handshake; the newest is kept.
  stream.on('session', (session) => {
    if (isBelieved) tickets.last = { session, brokerValidToMs }
  })
  // A handshake that failed, for whatever reason, is followed by a whole one.
  stream.once('close', () => {
    if (!isBelieved) tickets.last = null
  })
  return stream
}

/** Who can answer a ticket is who was believed when it was given; only the end of its certificate may have come since. */
const ticketProblem = (brokerValidToMs: number, nowMs: number) => (brokerValidToMs < nowMs ? 'CERT_HAS_EXPIRED' : null)
