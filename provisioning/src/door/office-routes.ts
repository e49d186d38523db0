import { isSiteId, isUnitId } from '@vigie/contract/ids'
import { ClaimBinding, ClaimWish, OFFICE_MAX_ROWS, RevocationWish, type UnitCertificate } from '@vigie/contract/office'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { ClaimsOffice } from '../claims/claims-office.ts'
import type { RevocationLists } from '../revocation/revocation-lists.ts'
import { revoke } from '../revocation/revoke.ts'
import type { AuthorityStore } from '../store/authority-store.ts'
import type { KeptCertificate } from '../store/certificate-table.ts'
import type { Peer } from './peer.ts'
import { sendProblem, sendRefusal } from './problem.ts'

export type OfficeDeps = {
  store: AuthorityStore
  claims: ClaimsOffice
  lists: RevocationLists
  peerOf: (request: FastifyRequest) => Peer
  now: () => number
}

/** The door of the cloud alone: who asks for what was judged there, and stands in `by`. */
export const officeRoutes =
  ({ store, claims, lists, peerOf, now }: OfficeDeps) =>
  async (app: FastifyInstance): Promise<void> => {
    app.addHook('onRequest', async (request, reply) => {
      reply.header('cache-control', 'no-store')
      const { who } = peerOf(request)
      if (who === 'nobody') return sendRefusal(reply, 'certificate-missing')
      if (who !== 'cloud') return sendProblem(reply, 403, 'cloud-only', 'Only the cloud may ask here')
    })

    const takeClaimWish = bodyOf(ClaimWish)
    app.post('/claims', (request, reply) => {
      const wish = takeClaimWish(request, reply)
      return wish === undefined ? reply : reply.code(201).send(claims.make(wish))
    })

    const takeBinding = bodyOf(ClaimBinding)
    app.post('/claims/bind', (request, reply) => {
      const binding = takeBinding(request, reply)
      if (binding === undefined) return reply
      const outcome = claims.bind(binding)
      // The cloud is known here: a claim that is unknown is no missing credential, and 404 says so.
      if (!outcome.ok && outcome.refusal === 'claim-unknown') {
        return sendProblem(reply, 404, 'claim-unknown', 'No claim has this code')
      }
      return outcome.ok ? reply.send(outcome.value) : sendRefusal(reply, outcome.refusal)
    })

    app.get('/claims', (_request, reply) => reply.send({ claims: claims.newest(OFFICE_MAX_ROWS) }))

    app.delete<{ Params: { id: string }; Querystring: { by?: string } }>('/claims/:id', (request, reply) => {
      const isDone = claims.withdraw(request.params.id, String(request.query.by ?? 'cloud').slice(0, 200))
      return isDone
        ? reply.code(204).send()
        : sendProblem(reply, 404, 'claim-unknown', 'No claim that is not withdrawn')
    })

    app.get<{ Querystring: { unit?: string; site?: string } }>('/certificates', (request, reply) => {
      const { unit, site } = request.query
      if ((unit !== undefined && !isUnitId(unit)) || (site !== undefined && !isSiteId(site))) {
        return sendProblem(reply, 400, 'parameters-wrong', 'unit and site are ids')
      }
      return reply.send({ certificates: store.certificates.newest({ unit, site }, OFFICE_MAX_ROWS).map(toldOf) })
    })

    const takeRevocation = bodyOf(RevocationWish)
    app.post('/revocations', async (request, reply) => {
      const wish = takeRevocation(request, reply)
      if (wish === undefined) return reply
      if ((wish.unit === undefined) === (wish.serial === undefined)) {
        return sendProblem(reply, 400, 'parameters-wrong', 'either a unit or a serial')
      }
      const serials = revoke(store, wish, now())
      // Told only once it stands in the list: whoever asked may count on it.
      await lists.renew()
      return reply.code(201).send({ serials })
    })

    app.get<{ Querystring: { after?: string } }>('/events', (request, reply) => {
      const after = Number(request.query.after ?? 0)
      if (!Number.isSafeInteger(after) || after < 0) {
        return sendProblem(reply, 400, 'parameters-wrong', 'after is the seq of an event')
      }
      const { events } = store
      return reply.send({ events: events.after(after, OFFICE_MAX_ROWS), newest: events.newest() })
    })
  }

/** Takes a body that fits the schema, or answers 400 with the places that do not, never their values. */
function bodyOf<Schema extends TSchema>(schema: Schema) {
  const validator = Compile(schema)
  return ({ body }: FastifyRequest, reply: FastifyReply): Static<Schema> | undefined => {
    if (validator.Check(body)) return body as Static<Schema> // just tested
    const places = [...validator.Errors(body)].map(({ instancePath, message }) => `${instancePath || '/'} ${message}`)
    sendProblem(reply, 400, 'body-wrong', places.slice(0, 5).join('; '))
    return undefined
  }
}

function toldOf({ serial, unit, site, key, reason, ...times }: KeptCertificate): UnitCertificate {
  const utc = (time: number) => new Date(time).toISOString()
  return {
    ...{ serial, unit, site, key, reason },
    issuedAt: utc(times.issuedAt),
    startsAt: utc(times.startsAt),
    endsAt: utc(times.endsAt),
    revokedAt: times.revokedAt === null ? null : utc(times.revokedAt),
  } as UnitCertificate // unit and site were checked when the certificate was issued
}
