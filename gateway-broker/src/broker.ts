import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import { Aedes, type Client } from 'aedes'
import type { Logger } from 'pino'
import { createAccessControl, RefusedError } from './access/access-control.ts'
import type { Peer } from './access/peer.ts'
import { watchReads } from './connection/packet-watch.ts'
import { createPlaces } from './connection/places.ts'
import { nameOf, principalOf } from './connection/principal.ts'
import { raiseWriteMark } from './connection/write-mark.ts'
import { type Counters, createCounters } from './counters.ts'
import { Fault } from './faults.ts'
import * as limits from './limits.ts'
import type { TlsMaterial } from './settings.ts'

export type BrokerOptions = TlsMaterial & {
  host: string
  /** 0: any that is free. */
  port: number
  /** Another than DRAIN_TIMEOUT_MS for tests, which cannot wait so long. */
  drainTimeoutMs?: number
}

export type Broker = {
  /** The port it listens on; another than asked for when that was 0. */
  port: number
  counters(): Counters
  /** Cuts every connection and resolves when the port is free. Nothing is lost by it: what counts is on the units. */
  stop(): Promise<void>
}

/**
 * Starts the broker: MQTT 3.1.1 over TLS, for those alone who show a certificate of the authority, under the rules of
 * the contract's topics. Throws a Fault when it cannot listen.
 */
export async function createBroker({ log }: { log: Logger }, options: BrokerOptions): Promise<Broker> {
  const counters = createCounters()
  const places = createPlaces()
  const peers = new WeakMap<Client, Peer>()
  const aedes = await Aedes.createBroker({
    // Unlimited, because a delivery that waits for one full socket must not use up a place of the others. What is in
    // delivery is bounded by the connections: aedes reads on only when all that it read before is delivered.
    concurrency: 0,
    connectTimeout: limits.CONNECT_TIMEOUT_MS,
    drainTimeout: options.drainTimeoutMs ?? limits.DRAIN_TIMEOUT_MS,
    heartbeatInterval: limits.HEARTBEAT_INTERVAL_MS,
    maxInflightInbound: limits.QOS2_IN_FLIGHT_MAX,
    queueLimit: limits.PACKETS_BEFORE_CONNACK_MAX,
    ...createAccessControl({ peerOf: (client) => peers.get(client), counters, log }),
  })
  logLives(aedes, peers, log)

  const server = createServer({
    ca: options.ca,
    cert: options.certificate,
    key: options.key,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    handshakeTimeout: limits.TLS_HANDSHAKE_TIMEOUT_MS,
    noDelay: true,
  })
  server.maxConnections = limits.CONNECTIONS_MAX
  const open = new Set<Socket>()
  const keep = (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  }
  const refuse = (reason: string, more: Record<string, unknown>) => {
    counters.refused(reason)
    log.warn({ reason, ...more }, 'client.refused')
  }
  const admit = (socket: TLSSocket) => {
    keep(socket)
    const principal = principalOf(socket.getPeerCertificate()?.subject) // null when it is gone already
    const address = socket.remoteAddress ?? 'gone'
    if (principal === undefined || !places.take(principal)) {
      refuse(principal === undefined ? 'certificate-names-nobody' : 'party-has-too-many', { address })
      socket.destroy()
      return
    }
    const peer: Peer = { principal, address }
    counters.opened()
    socket.once('close', () => {
      places.leave(principal)
      counters.closed()
    })
    watchReads(socket, (reason) => {
      refuse(reason, { party: nameOf(principal), address })
      socket.destroy()
    })
    if (principal.role === 'unit') raiseWriteMark(socket, limits.UNIT_WRITE_MARK_BYTES)
    peers.set(aedes.handle(socket), peer)
  }
  server.on('connection', keep)
  server.on('secureConnection', admit)
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) =>
    refuse('tls-failed', { code: error.code ?? error.message, address: socket.remoteAddress ?? 'gone' }),
  )
  server.on('drop', () => refuse('too-many-connections', {}))

  const closeAedes = () => new Promise<void>((resolve) => aedes.close(resolve))
  const port = await listen(server, options).catch(async (error) => {
    await closeAedes()
    throw error
  })
  return {
    port,
    counters: counters.read,
    async stop() {
      const closed = once(server, 'close')
      server.close()
      await closeAedes()
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}

function logLives(aedes: Aedes, peers: WeakMap<Client, Peer>, log: Logger): void {
  const fields = (client: Client) => {
    const peer = peers.get(client)
    return { client: client.id, ...(peer === undefined ? {} : { ...peer.principal, address: peer.address }) }
  }
  aedes.on('clientReady', (client) => log.info(fields(client), 'client.connected'))
  aedes.on('clientDisconnect', (client) => log.info(fields(client), 'client.disconnected'))
  const known = new WeakSet<Client>()
  const failed = (client: Client, error: Error) => {
    // aedes says it once more for every delivery that was waiting.
    if (known.has(client) || error instanceof RefusedError) return
    known.add(client)
    log.info({ ...fields(client), cause: error.message }, 'client.failed')
  }
  aedes.on('clientError', failed)
  aedes.on('connectionError', failed)
}

async function listen(server: ReturnType<typeof createServer>, { host, port }: BrokerOptions): Promise<number> {
  try {
    server.listen({ host, port })
    await once(server, 'listening')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'EADDRINUSE') throw new Fault('port-taken', `${host}:${port}`, { cause })
    if (code === 'EADDRNOTAVAIL' || code === 'EACCES' || code === 'ENOTFOUND') {
      throw new Fault('address-not-usable', `${host}:${port}`, { cause })
    }
    throw cause
  }
  return (server.address() as AddressInfo).port // it listens on TCP
}
