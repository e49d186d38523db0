import type { KeyObject, X509Certificate } from 'node:crypto'
import { TimeNonce } from '@vigie/contract/time-statement'
import type { FastifyInstance } from 'fastify'
import { Value } from 'typebox/value'
import type { RevocationLists } from '../revocation/revocation-lists.ts'
import { stateTime } from '../time/state-time.ts'
import { sendProblem } from './problem.ts'

export type PublicDeps = {
  lists: RevocationLists
  signer: () => { key: KeyObject; certificates: readonly X509Certificate[] }
  now: () => number
}

/** What anybody may read: which certificates are revoked, and what time it is. */
export const publicRoutes =
  ({ lists, signer, now }: PublicDeps) =>
  async (app: FastifyInstance): Promise<void> => {
    for (const [url, type, of] of [
      ['/crl', 'application/pkix-crl', () => lists.current().der],
      ['/crl.pem', 'application/x-pem-file', () => lists.current().pem],
    ] as const) {
      app.get(url, (request, reply) => {
        const { etag } = lists.current()
        reply.header('etag', etag).header('cache-control', 'no-cache')
        if (request.headers['if-none-match'] === etag) return reply.code(304).send()
        return reply.header('content-type', type).send(of())
      })
    }

    app.get<{ Querystring: { nonce?: unknown } }>('/time', (request, reply) => {
      const { nonce } = request.query
      if (!Value.Check(TimeNonce, nonce)) {
        return sendProblem(reply, 400, 'nonce-wrong', 'nonce: 16 to 64 random bytes in base64url')
      }
      return reply.header('cache-control', 'no-store').send(stateTime(nonce, signer(), now()))
    })

    app.get('/health', (_request, reply) => reply.header('cache-control', 'no-store').send({ ok: true }))
  }
