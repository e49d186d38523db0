import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:tls'
import { Aedes } from 'aedes'

/*
 * aedes as it comes, behind TLS that asks for a certificate of the authority: what our broker is built on, without any of
 * its rules. A program of its own, so that its memory and processor time can be told apart.
 */
const [caFile = '', certificateFile = '', keyFile = ''] = process.argv.slice(2)
const aedes = await Aedes.createBroker()
const server = createServer(
  {
    ca: readFileSync(caFile),
    cert: readFileSync(certificateFile),
    key: readFileSync(keyFile),
    requestCert: true,
    rejectUnauthorized: true,
    noDelay: true,
  },
  aedes.handle,
)
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo // listens on TCP
  console.log(JSON.stringify({ event: 'listening', port }))
})
process.once('SIGTERM', () => process.exit(0))
