import { type AuthorityRefusal, REFUSALS } from '@vigie/contract/office'
import type { FastifyReply } from 'fastify'

/** 401 asks for a credential, 403 says that this one does not do, 400 that the request itself is wrong. */
const STATUS: Partial<Record<AuthorityRefusal, number>> = {
  'claim-unknown': 401,
  'certificate-missing': 401,
  'request-not-readable': 400,
  'request-not-signed': 400,
  'key-not-usable': 400,
  'too-many-attempts': 429,
}

/** Says no as RFC 9457 does: the last word of `type` is the refusal's. */
export function sendRefusal(reply: FastifyReply, refusal: AuthorityRefusal, retryAfterS?: number): FastifyReply {
  const status = STATUS[refusal] ?? 403
  if (refusal === 'claim-unknown') reply.header('www-authenticate', 'Basic realm="Vigie", charset="UTF-8"')
  if (retryAfterS !== undefined) reply.header('retry-after', Math.max(1, Math.ceil(retryAfterS)))
  return sendProblem(reply, status, refusal, REFUSALS[refusal])
}

export function sendProblem(reply: FastifyReply, status: number, name: string, title: string): FastifyReply {
  return reply
    .code(status)
    .header('content-type', 'application/problem+json')
    .header('cache-control', 'no-store')
    .send(JSON.stringify({ type: `urn:vigie:authority:${name}`, title, status }))
}
