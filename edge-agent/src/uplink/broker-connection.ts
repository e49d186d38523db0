import { PAYLOAD_MAX_BYTES } from '@vigie/contract/bounds'
import { type IClientOptions, MqttClient } from 'mqtt'
import { AgentFault } from '../faults.ts'
import type { WireBytes } from '../health/traffic.ts'
import { brokerFault } from './broker-fault.ts'
import { openBrokerSocket, type TlsMaterial, type TlsTickets } from './broker-socket.ts'

/** How the broker is reached; without `tls` in the clear, which only a broker on the same machine accepts. */
export type BrokerAddress = { url: string; tls: TlsMaterial | null; keepAliveS?: number }

/** One message of ours: a whole payload. */
export type OutgoingMessage = { topic: string; payload: Uint8Array; qos: 0 | 1; retain: boolean }

/** One connection to a broker, from its CONNACK to its end. It never comes back: the next one is another object. */
export type BrokerConnection = {
  /** Resolves when the network has taken it (QoS 0) or the broker has acknowledged it (QoS 1). */
  publish(message: OutgoingMessage, signal: AbortSignal): Promise<void>
  subscribe(filters: readonly string[], signal: AbortSignal): Promise<void>
  /** Asks the broker for a sign of life; it comes as anything else that is heard. */
  ping(): void
  /** Aborted when the connection is over; its reason is an AgentFault. */
  ended: AbortSignal
  /** Says goodbye and closes; what was not sent is not waited for longer than a second. */
  close(): Promise<void>
}

/**
 * After so long without anything sent, a ping. It keeps the path open: the address translation of mobile networks forgets a
 * silent connection, in the worst of them after five minutes. A ping and its answer weigh 200 to 250 bytes with TLS and TCP:
 * each minute that is 10 MB a month, every four minutes between ten-minute batches 2 MB. The broker says `lost` after 1.5
 * times this, and takes no more than 600 s. A line that died is found sooner, by what stays unanswered: see session.ts.
 */
export const KEEP_ALIVE_S = 240
/** TCP, TLS and CONNACK over a slow 4G link take up to 5 s. Beyond: `broker-silent`, and the next attempt. */
const CONNECT_TIMEOUT_MS = 20_000
const CLOSE_WITHIN_MS = 1_000

/**
 * Connects once. Rejects with an AgentFault, or with the signal's reason when it is aborted.
 */
export async function connectToBroker(
  { url, tls, keepAliveS = KEEP_ALIVE_S }: BrokerAddress,
  { clientId, will, now, tickets, onMessage, onHeard, onCarried, onSecure }: ConnectionDeps,
  signal: AbortSignal,
): Promise<BrokerConnection> {
  const options: IClientOptions = {
    protocolVersion: 4,
    clean: true,
    clientId,
    keepalive: keepAliveS,
    reschedulePings: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    ...(will && { will: { ...will, payload: Buffer.from(will.payload) } }),
  }
  let isAwaitingConnack = false
  const socket = openBrokerSocket(new URL(url), tls, {
    ...{ tickets, now },
    onSecure(isResumed) {
      isAwaitingConnack = true
      onSecure(isResumed)
    },
  })
  const client = new MqttClient(() => socket.stream, options)
  const end = new AbortController()
  let lastError: unknown = null
  const remember = (error: unknown) => {
    lastError = error
  }
  client.on('error', remember)
  // mqtt.js keeps TLS alerts to itself, and an alert is how a broker says that it does not want our certificate.
  client.stream.on('error', remember)
  client.once('connect', () => {
    isAwaitingConnack = false
  })
  let counted: WireBytes = { sentBytes: 0, receivedBytes: 0 }
  function count(): void {
    const { sentBytes, receivedBytes } = socket.carried()
    onCarried({ sentBytes: sentBytes - counted.sentBytes, receivedBytes: receivedBytes - counted.receivedBytes })
    counted = { sentBytes, receivedBytes }
  }
  client.on('packetsend', count)
  client.on('packetreceive', () => {
    count()
    onHeard()
  })
  client.on('close', () => {
    count()
    // A broker in Node sends no alert: it takes the handshake, looks at our certificate, and closes without a word.
    const isTurnedAway = isAwaitingConnack && lastError === null
    end.abort(isTurnedAway ? new AgentFault('broker-refused', 'closed before CONNACK') : brokerFault(lastError))
  })
  client.on('message', (topic, payload) => {
    // Nothing larger is in the contract; a broker that sends it anyway is not listened to.
    if (payload.byteLength <= PAYLOAD_MAX_BYTES) onMessage(topic, payload)
  })

  /** Does one thing of the client's, unless the connection ends or the caller gives up first. */
  function whileOpen<Result>(
    callerSignal: AbortSignal,
    start: (resolve: (result: Result) => void, reject: (error: unknown) => void) => void,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      const ended = () => settle(() => reject(end.signal.reason))
      const cancelled = () => settle(() => reject(callerSignal.reason))
      function settle(outcome: () => void): void {
        end.signal.removeEventListener('abort', ended)
        callerSignal.removeEventListener('abort', cancelled)
        outcome()
      }
      if (end.signal.aborted) return ended()
      if (callerSignal.aborted) return cancelled()
      end.signal.addEventListener('abort', ended)
      callerSignal.addEventListener('abort', cancelled)
      start(
        (result) => settle(() => resolve(result)),
        (error) => settle(() => reject(error)),
      )
    })
  }

  try {
    await whileOpen<void>(signal, (resolve) => client.once('connect', () => resolve()))
  } catch (error) {
    client.end(true)
    throw error
  }

  return {
    ended: end.signal,

    publish: ({ topic, payload, qos, retain }, caller) =>
      whileOpen(caller, (resolve, reject) => {
        client.publish(topic, asBuffer(payload), { qos, retain }, (error) =>
          error ? reject(brokerFault(error)) : resolve(),
        )
      }),

    subscribe: (filters, caller) =>
      whileOpen(caller, (resolve, reject) => {
        client.subscribe([...filters], { qos: 1 }, (error, granted = []) => {
          if (error) reject(brokerFault(error))
          else if (granted.some(({ qos }) => qos === 128)) reject(new AgentFault('broker-refused', 'a subscription'))
          else resolve()
        })
      }),

    ping: () => client.sendPing(),

    close: () => closeWithin(client, end, CLOSE_WITHIN_MS),
  }
}

export type ConnectionDeps = {
  clientId: string
  /** Left with the broker for the case that this connection is lost. */
  will?: OutgoingMessage
  /** Honest time, in milliseconds: certificates are held to it. */
  now: () => number
  /** Kept by the caller from one connection to the next. */
  tickets: TlsTickets
  /** TLS stands; `isResumed` by the ticket of the last connection. */
  onSecure(isResumed: boolean): void
  /** Told of every packet that came. */
  onHeard(): void
  /** Told what the wire carried since it was last told. */
  onCarried(carried: WireBytes): void
  onMessage: (topic: string, payload: Uint8Array) => void
}

const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** The timer belongs to the socket, not to the agent's time: it only bounds a goodbye. */
function closeWithin(client: MqttClient, end: AbortController, ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (end.signal.aborted) {
      client.end(true)
      return resolve()
    }
    const force = setTimeout(() => client.end(true), ms)
    end.signal.addEventListener('abort', () => {
      clearTimeout(force)
      resolve()
    })
    client.end()
  })
}
