// First: @peculiar/x509 wires itself with decorators, which need this at import.
import 'reflect-metadata'
import type { X509Certificate as NodeCertificate } from 'node:crypto'
import { X509Certificate, X509Certificates } from '@peculiar/x509'
import { networkOf } from '@vigie/contract/network-of'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { objectId, sequence, setOf } from '../authority/der.ts'
import { ATTEMPTS, createAttemptLimit } from '../claims/attempt-limit.ts'
import type { Enrolment, EnrolmentAnswer } from '../enrolment/enrolment.ts'
import { REQUEST_MAX_BYTES } from '../enrolment/signing-request.ts'
import type { Peer } from './peer.ts'
import { sendRefusal } from './problem.ts'

export type EstDeps = {
  enrolment: Enrolment
  /** Roots, issuing authorities and what leads from one root to the next. */
  authorities: readonly NodeCertificate[]
  peerOf: (request: FastifyRequest) => Peer
  monotonicMs: () => number
}

/** RFC 7030 §4.5.2: an attribute with its value, then the signature wished for. */
const WISHED = sequence(
  sequence(objectId('1.2.840.10045.2.1'), setOf(objectId('1.2.840.10045.3.1.7'))),
  objectId('1.2.840.10045.4.3.2'),
)

/** Enrolment over Secure Transport (RFC 7030), under /.well-known/est. */
export const estRoutes =
  ({ enrolment, authorities, peerOf, monotonicMs }: EstDeps) =>
  async (app: FastifyInstance): Promise<void> => {
    const all = certificatesOnly(authorities.map(({ raw }) => raw))
    const ofAddress = createAttemptLimit(ATTEMPTS.address, { monotonicMs })
    const ofUnit = createAttemptLimit(ATTEMPTS.unit, { monotonicMs })

    // Whatever the body is called: clients spell the type with parameters, or leave it out.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: REQUEST_MAX_BYTES }, (_request, body, done) =>
      done(null, body),
    )

    app.get('/cacerts', (_request, reply) => sendCertificates(reply, all))

    app.get('/csrattrs', (_request, reply) =>
      reply
        .header('content-type', 'application/csrattrs')
        .header('content-transfer-encoding', 'base64')
        .send(oneLine(WISHED)),
    )

    app.post('/simpleenroll', async (request, reply) => {
      const { user, password } = credentialOf(request)
      const address = networkOf(request.ip)
      const waitMs = Math.max(ofAddress.waitMs(address), ofUnit.waitMs(user))
      if (waitMs > 0) return sendRefusal(reply, 'too-many-attempts', waitMs / 1000)
      const asked = { unit: user, claim: password, body: bodyOf(request), address }
      const answer = await enrolment.enrol(asked)
      if (!answer.ok && 'refusal' in answer)
        for (const limit of [ofAddress, ofUnit]) limit.failed(limit === ofUnit ? user : address)
      return sendAnswer(reply, answer)
    })

    app.post('/simplereenroll', async (request, reply) => {
      const address = networkOf(request.ip)
      const waitMs = ofAddress.waitMs(address)
      if (waitMs > 0) return sendRefusal(reply, 'too-many-attempts', waitMs / 1000)
      const peer = peerOf(request)
      if (peer.who === 'nobody') return sendRefusal(reply, 'certificate-missing')
      const shown = peer.who === 'unit' || peer.who === 'doors' ? peer.certificate : undefined
      const answer = await enrolment.renew({ shown, body: bodyOf(request), address })
      if (!answer.ok) ofAddress.failed(address)
      return sendAnswer(reply, answer)
    })
  }

function sendAnswer(reply: FastifyReply, answer: EnrolmentAnswer): FastifyReply {
  if (answer.ok) return sendCertificates(reply, certificatesOnly([answer.certificate]))
  if ('refusal' in answer) return sendRefusal(reply, answer.refusal)
  return reply
    .code(202)
    .header('retry-after', answer.waitS)
    .header('content-type', 'text/plain; charset=utf-8')
    .send('No technician has bound this claim to a site yet.\n')
}

/** Certificates without a signer, as PKCS#7 in base64. The length is told: strongSwan takes no answer in chunks. */
const sendCertificates = (reply: FastifyReply, body: string): FastifyReply =>
  reply
    .header('content-type', 'application/pkcs7-mime; smime-type=certs-only')
    .header('content-transfer-encoding', 'base64')
    .header('cache-control', 'no-store')
    .send(body)

const certificatesOnly = (all: readonly Buffer[]): string =>
  oneLine(
    new Uint8Array(new X509Certificates(all.map((raw) => new X509Certificate(new Uint8Array(raw)))).export('raw')),
  )

/** In one line: RFC 8951 lets clients be sent breaks or none, and strongSwan 5.9 reads none. */
const oneLine = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

const bodyOf = ({ body }: FastifyRequest): string => (typeof body === 'string' ? body : '')

/** Basic (RFC 7617). What is none is the credential of nobody. */
function credentialOf({ headers }: FastifyRequest): { user: string; password: string } {
  const [, encoded = ''] = /^Basic ([A-Za-z0-9+/]{1,1000}={0,2})$/i.exec(headers.authorization ?? '') ?? []
  const [, user = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? []
  return { user, password }
}
