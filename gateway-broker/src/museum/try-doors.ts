import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect as connectTcp } from 'node:net'
import { connect as connectTls, createServer } from 'node:tls'
import type { TlsMaterial } from '../settings.ts'

/** On this machine a handshake takes some milliseconds, and a second where it has much to do. */
const HANDSHAKE_WITHIN_MS = 20_000

/**
 * Opens doors with this certificate to this machine alone and comes to them as a lane does, by each of its names. Null: it is
 * believed by all of them; else what is wrong.
 * @param ca whom lanes believe, in PEM
 */
export async function tryDoors({ certificate, key }: TlsMaterial, ca: string): Promise<string | null> {
  const names = (new X509Certificate(certificate).subjectAltName ?? '')
    .split(', ')
    .flatMap((name) => /^(?:DNS|IP Address):(.+)$/.exec(name)?.[1] ?? [])
  if (names.length === 0) return 'names nobody'
  try {
    // A key that is not the certificate's throws here.
    const server = createServer({ cert: certificate, key })
    server.on('tlsClientError', () => undefined)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo // it listens on TCP
    try {
      for (const name of names) await comeIn(port, name, ca)
      return null
    } finally {
      server.close()
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function comeIn(port: number, name: string, ca: string): Promise<void> {
  const isAddress = /^[\d.]+$|:/.test(name)
  const tcp = connectTcp({ port, host: '127.0.0.1', noDelay: true })
  const socket = connectTls({ socket: tcp, ca, host: name, ...(!isAddress && { servername: name }) })
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(HANDSHAKE_WITHIN_MS) })
  } finally {
    socket.destroy()
    tcp.destroy()
  }
}
