import { readFileSync } from 'node:fs'
import { connect, type TLSSocket } from 'node:tls'
import type { CertificateFiles, DevelopmentAuthority } from '@vigie/provisioning/authority/development-authority'
import { connectPacket, subscribePacket } from '../../conformance/mqtt-packets.ts'

/** An MQTT session without a client library, whose own work would be the larger part of what is measured. */
export type MqttSocket = {
  socket: TLSSocket
  /** Bytes heard so far, packet headers included. */
  heardBytes(): number
  /** Resolves when so many bytes have been heard in all; rejects when the connection ends before that. */
  hears(bytes: number): Promise<void>
}

/** CONNACK, and SUBACK for one filter. */
const CONNACK_BYTES = 4
const SUBACK_BYTES = 5

/** Connects, subscribes when there is a filter, and resolves when the broker has answered. */
export async function openMqttSocket(
  authority: DevelopmentAuthority,
  files: CertificateFiles,
  { port, clientId, filter }: { port: number; clientId: string; filter?: string },
): Promise<MqttSocket> {
  const socket = connect({
    host: '127.0.0.1',
    port,
    ca: cached(authority.caFile),
    cert: cached(files.certificateFile),
    key: cached(files.keyFile),
  })
  let heard = 0
  let isOver: Error | undefined
  const waiting = new Set<() => void>()
  const tell = () => {
    for (const look of waiting) look()
  }
  socket.on('error', () => undefined) // `close` follows
  socket.on('close', () => {
    isOver = new Error(`${clientId}: the connection ended after ${heard} bytes`)
    tell()
  })
  socket.on('data', (chunk: Buffer) => {
    heard += chunk.length
    tell()
  })
  const hears = (bytes: number) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (heard < bytes && isOver === undefined) return
        waiting.delete(look)
        if (heard >= bytes) resolve()
        else reject(isOver)
      }
      waiting.add(look)
      look()
    })
  const filters = filter === undefined ? [] : [subscribePacket([filter])]
  socket.write(Buffer.concat([connectPacket(clientId, { keepaliveS: 600 }), ...filters]))
  await hears(CONNACK_BYTES + filters.length * SUBACK_BYTES)
  return { socket, heardBytes: () => heard, hears }
}

const files = new Map<string, Buffer>()
function cached(path: string): Buffer {
  const found = files.get(path) ?? readFileSync(path)
  files.set(path, found)
  return found
}
