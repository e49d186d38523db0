import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { issueLeaf } from '@vigie/provisioning/authority/certificate'
import { readSealedKey } from '@vigie/provisioning/authority/sealed-key'
import { readSigningRequest } from '@vigie/provisioning/enrolment/signing-request'

/*
 * The least that an authority must do: TLS, reading a request, a signature. It knows nobody and keeps nothing. A program
 * of its own, so that its processor time can be told apart.
 */
const [certificateFile = '', keyFile = '', issuingFile = '', issuingKeyFile = '', passphrase = ''] =
  process.argv.slice(2)
const issuer = {
  certificate: new X509Certificate(readFileSync(issuingFile)),
  key: readSealedKey(issuingKeyFile, passphrase),
}
const server = createServer(
  { cert: readFileSync(certificateFile), key: readFileSync(keyFile), requestCert: true, rejectUnauthorized: false },
  async (request, response) => {
    const read = await readSigningRequest(await text(request))
    if (!read.ok) {
      response.writeHead(400).end(read.refusal)
      return
    }
    const subject = [{ CN: ['vg-0001'] }]
    response.end(await issueLeaf({ subject, purpose: 'client' }, read.value.publicKey, issuer, Date.now()))
  },
)
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo // listens on TCP
  console.log(JSON.stringify({ event: 'listening', port }))
})
process.once('SIGTERM', () => process.exit(0))
