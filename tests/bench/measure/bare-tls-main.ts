import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:tls'

/*
 * The least that mutual TLS costs in Node: a server that asks for a certificate of the authority, and does nothing else.
 */
const [caFile = '', certificateFile = '', keyFile = ''] = process.argv.slice(2)
const server = createServer(
  {
    ca: readFileSync(caFile),
    cert: readFileSync(certificateFile),
    key: readFileSync(keyFile),
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    noDelay: true,
  },
  (socket) => {
    socket.on('error', () => undefined)
    socket.resume()
  },
)
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo // listens on TCP
  console.log(JSON.stringify({ event: 'listening', port }))
})
process.once('SIGTERM', () => process.exit(0))
