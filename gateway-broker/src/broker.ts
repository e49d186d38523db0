import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { createServer as createTlsServer, type PeerCertificate, type TLSSocket } from 'node:tls'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import type { Principal } from '@vigie/contract/topics'
import { Aedes, type Client } from 'aedes'
import type { Logger } from 'pino'
import { createAccessControl, RefusedError } from './access/access-control.ts'
import type { Peer } from './access/peer.ts'
import { createAttempts } from './connection/attempts.ts'
import { createDeliveries } from './connection/deliveries.ts'
import { createFrontDoor } from './connection/front-door.ts'
import { watchReads } from './connection/packet-watch.ts'
import { createPlaces } from './connection/places.ts'
import { CLOUD, nameOf, principalOf } from './connection/principal.ts'
import { createStalledReaders } from './connection/stalled-readers.ts'
import { createTokenBucket } from './connection/token-bucket.ts'
import { createUnitPaces } from './connection/unit-pace.ts'
import { raiseWriteMark } from './connection/write-mark.ts'
import { type Counters, createCounters } from './counters.ts'
import { Fault } from './faults.ts'
import * as limits from './limits.ts'
import { createRefusals } from './refusals.ts'
import { type CertificateName, nameOfCertificate, type Revocations } from './revocation/revocations.ts'
import type { TlsMaterial } from './settings.ts'
import { createVoice, type Voice } from './voice.ts'

export type BrokerOptions = TlsMaterial & {
  host: string
  /** 0: any that is free. */
  port: number
  /** In a museum: the units of this site alone may come in, and no cloud. */
  onlySite?: SiteId
} & Partial<limits.AdjustableLimits>

export type BrokerDeps = {
  log: Logger
  /** Another clock than the machine's, for tests. */
  monotonicMs?: () => number
  /** What is revoked. Without it nobody is, and only the end of a certificate shuts somebody out. */
  revocations?: Pick<Revocations, 'isRevoked'>
  /** Told of each unit that has come in and, once none of its connections is left, that it has gone. */
  onUnit?: (unit: UnitId, isHere: boolean) => void
  /** Told of each unit that shows a certificate that is revoked, whenever it knocks, and when it is cut off. */
  onRevoked?: (unit: UnitId) => void
}

export type Broker = {
  /** The port it listens on; another than asked for when that was 0. */
  port: number
  counters(): Counters
  /** Cuts who is inside with a certificate that has been revoked since; gives how many. */
  cutRevoked(): number
  /** Shows another certificate, or believes other authorities, from the next handshake on. Who is inside stays. */
  changeTls(material: TlsMaterial): void
  /** What this process itself hears and says: a museum's gateway is one process with its broker. */
  voice: Voice
  /** Cuts every connection and resolves when the port is free. Nothing is lost by it: what counts is on the units. */
  stop(): Promise<void>
}

/**
 * Starts the broker: MQTT 3.1.1 over TLS, for those alone who show a certificate of the authority, under the rules of
 * the contract's topics. Throws a Fault when it cannot listen.
 */
export async function createBroker(
  {
    log,
    monotonicMs = () => performance.now(),
    revocations = { isRevoked: () => false },
    onUnit,
    onRevoked,
  }: BrokerDeps,
  options: BrokerOptions,
): Promise<Broker> {
  const adjusted = { ...limits.ADJUSTABLE, ...options }
  const counters = createCounters()
  const refusals = createRefusals({ counters, log, pace: createTokenBucket(limits.REFUSALS_LOGGED, monotonicMs) })
  const places = createPlaces()
  const peers = new WeakMap<Client, Peer>()
  const aedes = await Aedes.createBroker({
    // Unlimited, because a delivery that waits for one full socket must not use up a place of the others. What is in
    // delivery is bounded for each connection.
    concurrency: 0,
    connectTimeout: adjusted.connectTimeoutMs,
    drainTimeout: adjusted.drainTimeoutMs,
    heartbeatInterval: limits.HEARTBEAT_INTERVAL_MS,
    maxInflightInbound: limits.QOS2_IN_FLIGHT_MAX,
    queueLimit: limits.PACKETS_BEFORE_CONNACK_MAX,
    ...createAccessControl({ peerOf: (client) => peers.get(client), counters, refusals }),
  })
  followLives(aedes, { peers, counters, log })
  const voice = createVoice(aedes, (client) => peers.get(client)?.principal, onUnit)

  const refuse = (reason: string, more: Record<string, unknown>) => refusals('client.refused', reason, more)
  const tls = createTlsServer({
    ...tlsContext(options),
    requestCert: true,
    rejectUnauthorized: true,
    handshakeTimeout: adjusted.handshakeTimeoutMs,
  })
  let trusted = options.ca
  const door = createFrontDoor(
    {
      monotonicMs,
      refused: (reason, socket) => refuse(reason, { address: socket.remoteAddress ?? 'gone' }),
      startTls: (socket) => void tls.emit('connection', socket),
    },
    adjusted,
  )
  const unitAttempts = createAttempts(limits.ATTEMPTS_OF_A_UNIT, monotonicMs)
  const cloudAttempts = createAttempts(limits.ATTEMPTS_OF_THE_CLOUD, monotonicMs)
  const unitPaces = createUnitPaces(monotonicMs, adjusted)
  const cloudReaders = createStalledReaders(monotonicMs)
  const lookForStalled = setInterval(() => {
    for (const socket of cloudReaders.find()) {
      refuse('stalled-beside-another', { party: CLOUD })
      socket.destroy()
    }
  }, limits.STALLED_LOOK_EVERY_MS)

  const inside = new Map<TLSSocket, { certificate: CertificateName; principal: Principal; address: string }>()
  const tellRevoked = (principal: Principal | undefined) => {
    if (principal?.role === 'unit') onRevoked?.(principal.unit)
  }
  const refusalOf = (principal: Principal | undefined, certificate: CertificateName) => {
    if (principal === undefined) return 'certificate-names-nobody'
    if (revocations.isRevoked(certificate)) return 'certificate-revoked'
    if (options.onlySite !== undefined && (principal.role === 'cloud' || principal.site !== options.onlySite))
      return 'not-of-this-site'
    const attempts = principal.role === 'cloud' ? cloudAttempts : unitAttempts
    if (!attempts.take(nameOf(principal))) return 'party-too-fast'
    return places.take(principal) ? undefined : 'party-has-too-many'
  }
  tls.on('secureConnection', (socket: TLSSocket) => {
    door.entered(socket)
    // Asked of every connection: one that is resumed by a ticket showed it in an earlier handshake. Null when it is gone.
    const shown: PeerCertificate | null = socket.getPeerCertificate()
    const principal = principalOf(shown?.subject)
    const certificate = shown?.issuer === undefined ? NO_CERTIFICATE : nameOfCertificate(shown)
    const address = socket.remoteAddress ?? 'gone'
    const refusal = refusalOf(principal, certificate)
    if (principal === undefined || refusal !== undefined) {
      refuse(refusal ?? 'certificate-names-nobody', {
        address,
        ...(principal === undefined ? {} : { party: nameOf(principal) }),
      })
      if (refusal === 'certificate-revoked') tellRevoked(principal)
      socket.destroy()
      return
    }
    const deliveries = createDeliveries(() => socket.destroyed || socket.emit('readable'))
    const peer: Peer = { principal, address, deliveries, filters: new Set() }
    const party = nameOf(principal)
    counters.opened()
    inside.set(socket, { certificate, principal, address })
    socket.once('close', () => {
      inside.delete(socket)
      places.leave(principal)
      counters.closed()
    })
    const cutOff = (reason: string) => {
      refuse(reason, { party, address })
      socket.destroy()
    }
    const mayRead = () => !deliveries.isFull()
    if (principal.role === 'unit') {
      let isSlowed = false
      const slowed = () => {
        counters.slowed()
        if (!isSlowed) log.warn({ party, address }, 'client.slowed')
        isSlowed = true
      }
      watchReads(socket, { refuse: cutOff, mayRead, pace: unitPaces.of(principal.unit), slowed })
      raiseWriteMark(socket, limits.UNIT_WRITE_MARK_BYTES)
    } else {
      watchReads(socket, { refuse: cutOff, mayRead })
      cloudReaders.watch(socket, peer.filters)
    }
    peers.set(aedes.handle(socket), peer)
  })
  tls.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    refuse('tls-failed', { code: error.code ?? error.message, address: socket.remoteAddress ?? 'gone' })
    socket.destroy() // Node 20 leaves it open when the handshake took too long
  })
  const server = createServer({ noDelay: true }, door.admit)

  const closeAedes = () => new Promise<void>((resolve) => aedes.close(resolve))
  const port = await listen(server, options).catch(async (error) => {
    clearInterval(lookForStalled)
    await closeAedes()
    throw error
  })
  return {
    port,
    voice,
    counters: counters.read,
    cutRevoked() {
      const revoked = [...inside].filter(([, { certificate }]) => revocations.isRevoked(certificate))
      for (const [socket, { principal, address }] of revoked) {
        refuse('certificate-revoked', { party: nameOf(principal), address })
        socket.destroy()
        tellRevoked(principal)
      }
      return revoked.length
    },
    changeTls(material) {
      // Tickets of who was believed by authorities that are gone must not open the door; those of the others may.
      const tickets = material.ca === trusted ? tls.getTicketKeys() : null
      tls.setSecureContext(tlsContext(material))
      if (tickets !== null) tls.setTicketKeys(tickets)
      trusted = material.ca
    },
    async stop() {
      const closed = once(server, 'close')
      server.close()
      clearInterval(lookForStalled)
      await closeAedes()
      door.close()
      await closed
    },
  }
}

const tlsContext = ({ ca, certificate, key }: TlsMaterial) => ({
  ...{ ca, cert: certificate, key },
  minVersion: 'TLSv1.2' as const,
  sessionTimeout: limits.TLS_TICKETS_FOR_S,
})

const NO_CERTIFICATE: CertificateName = { issuer: '', serialNumber: '' }

function followLives(
  aedes: Aedes,
  { peers, counters, log }: { peers: WeakMap<Client, Peer>; counters: ReturnType<typeof createCounters>; log: Logger },
): void {
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
    counters.failed(causeOf(error))
    log.info({ ...fields(client), cause: error.message }, 'client.failed')
  }
  aedes.on('clientError', failed)
  aedes.on('connectionError', failed)
}

/** aedes' sentences in a few stable words, to count by. */
function causeOf({ message }: Error): string {
  if (message === 'drain timeout') return 'does-not-read'
  if (message === 'keep alive timeout') return 'silent'
  if (message === 'connect did not arrive in time') return 'no-connect'
  return /^(read|write) E|ECONN|EPIPE|connection closed/.test(message) ? 'network' : 'protocol-broken'
}

async function listen(server: ReturnType<typeof createServer>, { host, port }: BrokerOptions): Promise<number> {
  try {
    server.listen({ host, port, backlog: limits.CONNECTIONS_MAX })
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
