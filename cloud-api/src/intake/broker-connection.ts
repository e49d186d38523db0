import { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { TLSSocket } from 'node:tls'
import type { Clock } from '@vigie/contract/clock'
import { type RetryPolicy, retryDelayMs } from '@vigie/contract/reconnect'
import mqtt, { type MqttClient } from 'mqtt'
import type { ClientTls } from '../credentials/client-tls.ts'
import { Fault } from '../faults.ts'

export type BrokerAddress = {
  /** mqtt:// or mqtts:// */
  url: string
  clientId: string
  /** With mqtts:// only; asked at each connection, since certificates are renewed meanwhile. */
  tls?: (() => ClientTls) | undefined
}

export type BrokerConnectionDeps = {
  clock: Clock
  random: () => number
  /**
   * Takes a message. The next one is read from the network when this resolves: a cloud that cannot follow slows the
   * connection down instead of filling its memory. It must resolve well within the keepalive.
   */
  onMessage(topic: string, payload: Uint8Array): Promise<void>
  onConnected(): void
  /** Told each time a connection ends or cannot be made. */
  onDisconnected(fault: Fault, retryInMs: number): void
}

export type BrokerConnection = {
  /** Stays connected until the signal aborts. */
  run(signal: AbortSignal): Promise<void>
  /** Sends at QoS 0; when there is no connection the message is lost, and false says so. */
  publish(topic: string, payload: string): boolean
  /** Leaves a message with the broker for whoever subscribes later; an empty one takes it away. False: no connection. */
  retain(topic: string, payload: string): boolean
  /** Since when, by the wall clock; null while there is none. */
  connectedSince(): number | null
  /** When the certificate that the broker showed ends, by the wall clock; null: no connection, or one without TLS. */
  certificateEndsAt(): number | null
}

/** A dead connection is noticed after 1.5 times this, in seconds. */
const KEEPALIVE_S = 30
/** On the way out, what was published is still sent; a stuck connection is not waited for. */
const GOODBYE_WITHIN_MS = 2_000
const CONNECT_WITHIN_MS = 15_000
/** A connection that lasted this long was a good one: the next failure is counted as the first. */
const GOOD_AFTER_MS = 10_000

/**
 * Much less than a unit's two minutes: a few instances stand beside their broker and are no storm, and while they are away
 * the whole fleet waits for them.
 */
const RECONNECT: RetryPolicy = { firstMs: 500, capMs: 5_000 }

/** Connects to a broker with these subscriptions, again and again: one client of mqtt.js for each connection. */
export function createBrokerConnection(
  { url, clientId, tls }: BrokerAddress,
  subscriptions: readonly string[],
  { clock, random, onMessage, onConnected, onDisconnected }: BrokerConnectionDeps,
): BrokerConnection {
  let live: { client: MqttClient; since: number; certificateEndsAt: number | null } | null = null

  /** Connects, subscribes and stays until the signal aborts; throws the fault that ended it, or prevented it. */
  async function connectOnce(signal: AbortSignal): Promise<void> {
    const client = mqtt.connect(url, {
      clientId,
      ...tls?.(),
      protocolVersion: 4,
      clean: true,
      keepalive: KEEPALIVE_S,
      connectTimeout: CONNECT_WITHIN_MS,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
    })
    const over = new AbortController()
    try {
      await new Promise<void>((resolve, reject) => {
        const fail = (cause?: unknown) => reject(new Fault('broker-unreachable', { cause, detail: wordOf(cause) }))
        signal.addEventListener('abort', () => resolve(), { signal: over.signal })
        client.on('error', fail)
        client.on('close', fail)
        client.handleMessage = ({ topic, payload }, done) => {
          onMessage(topic, typeof payload === 'string' ? Buffer.from(payload) : payload).then(() => done(), reject)
        }
        client.on('connect', () => {
          // mqtt.js leaves it to the kernel to put small packets together, and a receipt then waits for the next one.
          const { stream } = client
          if (stream instanceof Socket) stream.setNoDelay(true)
          const granting = subscriptions.length === 0 ? [] : client.subscribeAsync([...subscriptions], { qos: 1 })
          Promise.resolve(granting).then((granted) => {
            if (granted.some(({ qos }) => qos === 128)) return reject(new Fault('broker-refuses'))
            live = { client, since: clock.now(), certificateEndsAt: endOfCertificate(stream) }
            onConnected()
          }, fail)
        })
        if (signal.aborted) resolve()
      })
      live = null
      await Promise.race([client.endAsync(), pause(GOODBYE_WITHIN_MS, undefined, { ref: false })])
    } finally {
      over.abort()
      live = null
      client.on('error', () => {}) // of a connection that is being given up
      client.end(true)
    }
  }

  return {
    run: async (signal) => {
      let failures = 0
      while (!signal.aborted) {
        const startedAt = clock.monotonicMs()
        try {
          await connectOnce(signal)
        } catch (error) {
          if (!(error instanceof Fault)) throw error
          failures = clock.monotonicMs() - startedAt > GOOD_AFTER_MS ? 1 : failures + 1
          const waitMs = retryDelayMs(failures, random, RECONNECT)
          onDisconnected(error, waitMs)
          await pause(waitMs, undefined, { signal }).catch(() => undefined)
        }
      }
    },
    publish: (topic, payload) => {
      if (live === null || !live.client.connected) return false
      live.client.publish(topic, payload, { qos: 0 })
      return true
    },
    retain: (topic, payload) => {
      if (live === null || !live.client.connected) return false
      live.client.publish(topic, payload, { qos: 1, retain: true })
      return true
    },
    connectedSince: () => live?.since ?? null,
    certificateEndsAt: () => live?.certificateEndsAt ?? null,
  }
}

/** Of the peer, by the wall clock; null: it showed none. */
function endOfCertificate(stream: unknown): number | null {
  const certificate = stream instanceof TLSSocket ? stream.getPeerX509Certificate() : undefined
  return certificate === undefined ? null : Date.parse(certificate.validTo)
}

/** The system's word for what went wrong, where it has one. */
function wordOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'connection closed'
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message
}
