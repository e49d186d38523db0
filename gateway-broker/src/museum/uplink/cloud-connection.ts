import { connect as connectTcp } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { PAYLOAD_MAX_BYTES } from '@vigie/contract/bounds'
import { MqttClient } from 'mqtt'
import type { TlsMaterial } from '../../settings.ts'

/** One message of ours. */
export type OutgoingMessage = { topic: string; payload: string; qos: 0 | 1; retain: boolean }

/** One connection to the cloud's broker, from its CONNACK to its end; the next one is another object. */
export type CloudConnection = {
  /** Resolves when the network has taken it (QoS 0) or the broker has acknowledged it (QoS 1); rejects when it ended. */
  publish(message: OutgoingMessage): Promise<void>
  subscribe(filters: readonly string[]): Promise<void>
  /** Aborted when the connection is over. */
  ended: AbortSignal
  /** Says goodbye to the broker, and waits for it. */
  close(): Promise<void>
  /** Ends it at once, whatever is under way. */
  cut(): void
}

export type CloudAddress = { url: string; tls: TlsMaterial | null }

type ConnectionDeps = {
  clientId: string
  /** Left with the broker for the case that this connection is lost. */
  will: OutgoingMessage
  onMessage(topic: string, payload: Uint8Array): void
}

/** A museum has a line, not a SIM: a ping each minute finds a dead one within a minute and a half. */
const KEEP_ALIVE_S = 60
/** TCP, TLS and CONNACK over a slow line take up to 5 s. Beyond: given up, and tried again. */
const CONNECT_TIMEOUT_MS = 20_000

/** Connects once; rejects when it does not come about, or the signal is aborted. */
export async function connectToCloud(
  address: CloudAddress,
  { clientId, will, onMessage }: ConnectionDeps,
  signal: AbortSignal,
): Promise<CloudConnection> {
  signal.throwIfAborted()
  const stream = openStream(address)
  const client = new MqttClient(() => stream, {
    ...{ protocolVersion: 4, clean: true, clientId, keepalive: KEEP_ALIVE_S, connectTimeout: CONNECT_TIMEOUT_MS },
    ...{ reconnectPeriod: 0, resubscribe: false, queueQoSZero: false, reschedulePings: true },
    will: { ...will, payload: Buffer.from(will.payload) },
  })
  const end = new AbortController()
  let lastError: unknown = null
  client.on('error', (error) => {
    lastError = error
  })
  stream.on('error', (error) => {
    lastError ??= error
  })
  client.once('close', () => end.abort(lastError ?? new Error('the connection closed')))
  client.on('message', (topic, payload) => {
    if (payload.byteLength <= PAYLOAD_MAX_BYTES) onMessage(topic, payload)
  })

  /** Does one thing of the client's, unless the connection ends first. */
  const whileOpen = (start: (done: (error?: unknown) => void) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      const ended = () => reject(end.signal.reason)
      if (end.signal.aborted) return ended()
      end.signal.addEventListener('abort', ended)
      start((error) => {
        end.signal.removeEventListener('abort', ended)
        if (error) reject(error)
        else resolve()
      })
    })

  const giveUp = () => client.end(true)
  signal.addEventListener('abort', giveUp)
  try {
    await whileOpen((done) => client.once('connect', () => done()))
  } catch (error) {
    client.end(true)
    throw error
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
  return {
    ended: end.signal,
    publish: ({ topic, payload, qos, retain }) =>
      whileOpen((done) => client.publish(topic, payload, { qos, retain }, (error) => done(error))),
    subscribe: (filters) =>
      whileOpen((done) =>
        client.subscribe([...filters], { qos: 1 }, (error, granted = []) =>
          done(error ?? (granted.some(({ qos }) => qos === 128) ? new Error('a subscription was refused') : undefined)),
        ),
      ),
    async close() {
      await whileOpen((done) => client.end(() => done())).catch(giveUp)
    },
    cut: giveUp,
  }
}

function openStream({ url, tls }: CloudAddress) {
  const { hostname, port } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const tcp = connectTcp({ host, port: Number(port || (tls ? 8883 : 1883)), noDelay: true })
  if (tls === null) return tcp
  const isName = !/^[\d.]+$|:/.test(host)
  return connectTls({
    ...{ socket: tcp, ca: tls.ca, cert: tls.certificate, key: tls.key, host },
    ...(isName && { servername: host }),
  })
}
