import { TLSSocket } from 'node:tls'
import { PAYLOAD_MAX_BYTES } from '@vigie/contract/bounds'
import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import { AgentFault } from '../faults.ts'
import { brokerFault } from './broker-fault.ts'
import { brokerProblem } from './broker-trust.ts'

/** How the broker is reached; without `tls` in the clear, which only a broker on the same machine accepts. */
export type BrokerAddress = { url: string; tls: { ca: string; certificate: string; key: string } | null }

/** One message of ours: a whole payload. */
export type OutgoingMessage = { topic: string; payload: Uint8Array; qos: 0 | 1; retain: boolean }

/** One connection to a broker, from its CONNACK to its end. It never comes back: the next one is another object. */
export type BrokerConnection = {
  /** Resolves when the network has taken it (QoS 0) or the broker has acknowledged it (QoS 1). */
  publish(message: OutgoingMessage, signal: AbortSignal): Promise<void>
  subscribe(filters: readonly string[], signal: AbortSignal): Promise<void>
  /** Aborted when the connection is over; its reason is an AgentFault. */
  ended: AbortSignal
  /** Says goodbye and closes; what was not sent is not waited for longer than a second. */
  close(): Promise<void>
}

/** A ping each minute, sent whatever else was: what we publish is not answered, so only the ping finds a dead line. */
const KEEP_ALIVE_S = 60
/** TCP, TLS and CONNACK over a slow 4G link take up to 5 s. Beyond: `broker-silent`, and the next attempt. */
const CONNECT_TIMEOUT_MS = 20_000
const CLOSE_WITHIN_MS = 1_000

/**
 * Connects once. Rejects with an AgentFault, or with the signal's reason when it is aborted.
 */
export async function connectToBroker(
  { url, tls }: BrokerAddress,
  { clientId, will, now, onMessage }: ConnectionDeps,
  signal: AbortSignal,
): Promise<BrokerConnection> {
  const options: IClientOptions = {
    protocolVersion: 4,
    clean: true,
    clientId,
    keepalive: KEEP_ALIVE_S,
    reschedulePings: false,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    will: { ...will, payload: Buffer.from(will.payload) },
    // Judged below, before a byte of the broker's is read: Node would go by the wall clock alone.
    ...(tls && { ca: tls.ca, cert: tls.certificate, key: tls.key, rejectUnauthorized: false }),
  }
  const client = connect(url, options)
  const end = new AbortController()
  let lastError: unknown = null
  const remember = (error: unknown) => {
    lastError = error
  }
  client.on('error', remember)
  // mqtt.js keeps TLS alerts to itself, and an alert is how a broker says that it does not want our certificate.
  client.stream.on('error', remember)
  let isAwaitingConnack = false
  client.stream.once('secureConnect', () => {
    isAwaitingConnack = true
    if (!tls || !(client.stream instanceof TLSSocket)) return
    const code = brokerProblem(client.stream, { ca: tls.ca, host: hostOf(url), nowMs: now() })
    if (code !== null) client.stream.destroy(Object.assign(new Error('the broker is not believed'), { code }))
  })
  client.once('connect', () => {
    isAwaitingConnack = false
  })
  client.on('close', () => {
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

    close: () => closeWithin(client, end, CLOSE_WITHIN_MS),
  }
}

export type ConnectionDeps = {
  clientId: string
  /** Left with the broker for the case that this connection is lost. */
  will: OutgoingMessage
  /** Honest time, in milliseconds: certificates are held to it. */
  now: () => number
  onMessage: (topic: string, payload: Uint8Array) => void
}

/** An IPv6 address stands in brackets in a URL, and without them in a certificate. */
const hostOf = (url: string) => new URL(url).hostname.replace(/^\[|\]$/g, '')

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
