import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type CertificateFiles,
  createDevelopmentAuthority,
  type DevelopmentAuthority,
} from '@vigie/provisioning/authority/development-authority'
import { connect, type IClientOptions, type MqttClient } from 'mqtt'

/** A folder with the certificates of some units, the cloud and a broker, for as long as a test file runs. */
export async function createTestAuthority(units: { site: string; unit: string }[]) {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-broker-'))
  const authority = await createDevelopmentAuthority({ folder, units }, { now: () => Date.now() })
  return { ...authority, folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** What TLS needs of a party's files. */
export function tlsOf({ caFile }: Pick<DevelopmentAuthority, 'caFile'>, files: CertificateFiles) {
  return {
    ca: readFileSync(caFile),
    cert: readFileSync(files.certificateFile),
    key: readFileSync(files.keyFile),
  }
}

export type Heard = { topic: string; payload: Buffer; retain: boolean }

/** One real MQTT connection with what it hears, in order. */
export type Party = {
  client: MqttClient
  /** Everything heard so far. */
  heard: Heard[]
  /** Resolves with the first message, heard already or later, that fits; the test's own timeout bounds the wait. */
  hears(fits: (message: Heard) => boolean): Promise<Heard>
  publish(topic: string, payload: string | Buffer, options?: { qos?: 0 | 1 | 2; retain?: boolean }): Promise<void>
  /** Gives what was granted for each filter: 0, 1, or 128 for refused. */
  subscribe(filters: string | string[], qos?: 0 | 1): Promise<number[]>
  /** Resolves when the connection is gone, whoever ended it. */
  closed: Promise<void>
  /** Ends as a good client does, with DISCONNECT. */
  leave(): Promise<void>
  /** Stays connected and takes nothing more from its socket. */
  stopReading(): void
  /** Cuts the socket as a power cut would: no DISCONNECT. */
  cut(): Promise<void>
}

/** Connects as a unit's agent and the cloud do: MQTT 3.1.1, clean session, one client for one connection. Rejects when refused. */
export async function connectParty(port: number, options: IClientOptions): Promise<Party> {
  const client = connect({
    protocol: 'mqtts',
    host: '127.0.0.1',
    port,
    protocolVersion: 4,
    clean: true,
    reconnectPeriod: 0,
    connectTimeout: 10_000,
    ...options,
  })
  client.stream.on('error', () => undefined) // a broker that cuts the connection is what many tests want to see
  await accepted(client)
  client.on('error', () => undefined)
  const heard: Heard[] = []
  const waiting: { fits: (message: Heard) => boolean; resolve: (message: Heard) => void }[] = []
  client.on('message', (topic, payload, { retain }) => {
    const message = { topic, payload, retain }
    heard.push(message)
    for (const waiter of waiting.filter(({ fits }) => fits(message))) waiter.resolve(message)
  })
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
  return {
    client,
    heard,
    hears: (fits) => {
      const already = heard.find(fits)
      if (already !== undefined) return Promise.resolve(already)
      return new Promise((resolve) => waiting.push({ fits, resolve }))
    },
    publish: async (topic, payload, { qos = 0, retain = false } = {}) => {
      const unheard = closed.then(() => Promise.reject(new Error('the connection closed')))
      await Promise.race([client.publishAsync(topic, payload, { qos, retain }), unheard])
    },
    subscribe: (filters, qos = 0) => granted(client, filters, qos),
    closed,
    leave: async () => {
      await client.endAsync()
    },
    stopReading: () => {
      client.stream.unpipe()
      client.stream.pause()
    },
    cut: async () => {
      client.stream.destroy()
      await closed
    },
  }
}

/** A handshake that fails only closes the connection: mqtt.js calls that no error. */
function accepted(client: MqttClient): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      client.end(true)
      reject(error)
    }
    client.once('connect', () => resolve())
    client.once('error', fail)
    client.once('close', () => fail(new Error('the connection closed before CONNACK')))
  })
}

/** mqtt.js reports a refused filter as an error; here it is the answer. Without an answer it rejects. */
function granted(client: MqttClient, filters: string | string[], qos: 0 | 1): Promise<number[]> {
  return new Promise((resolve, reject) => {
    client.subscribe(filters, { qos }, (error, _grants, packet) => {
      if (packet === undefined) reject(error ?? new Error('no SUBACK'))
      else resolve(packet.granted.map((grant) => Number(grant)))
    })
  })
}
