import { createServer, type Server } from 'node:https'
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from 'fastify'
import type { Logger } from 'pino'
import type { Generation } from '../authority/authority-folder.ts'
import type { ClaimsOffice } from '../claims/claims-office.ts'
import type { Enrolment } from '../enrolment/enrolment.ts'
import type { RevocationLists } from '../revocation/revocation-lists.ts'
import type { AuthorityStore } from '../store/authority-store.ts'
import { estRoutes } from './est-routes.ts'
import { officeRoutes } from './office-routes.ts'
import type { OwnCertificate } from './own-certificate.ts'
import { peerOf } from './peer.ts'
import { sendProblem } from './problem.ts'
import { publicRoutes } from './public-routes.ts'

/** What the office sends is some hundred bytes; an enrolment has a bound of its own. Beyond: 413. */
const BODY_MAX_BYTES = 8 * 1024
/** A box behind one bar of signal needs some seconds for a handshake and a request. Beyond: the connection is closed. */
const HANDSHAKE_WITHIN_MS = 30_000
const REQUEST_WITHIN_MS = 30_000
const IDLE_CONNECTION_MS = 60_000
/** A fleet of 2,000 that comes back at once, and as many again. Beyond: refused by the kernel, tried again by the box. */
const MAX_CONNECTIONS = 4_000

export type DoorDeps = {
  store: AuthorityStore
  lists: RevocationLists
  enrolment: Enrolment
  claims: ClaimsOffice
  own: OwnCertificate
  generations: readonly Generation[]
  now: () => number
  monotonicMs: () => number
  log: Logger
}

/** The authority's one door, https: for boxes, for readers of lists, and for the cloud. Opens nothing until it listens. */
export function createDoor(deps: DoorDeps): FastifyInstance<Server> {
  const { store, lists, enrolment, claims, own, generations, now, monotonicMs, log } = deps
  const issuers = generations.map(({ issuing }) => issuing)
  const authorities = generations.flatMap(({ root, issuing, cross }) => [
    root,
    issuing,
    ...(cross === undefined ? [] : [cross]),
  ])
  const whoAsks = ({ raw }: FastifyRequest) => peerOf(raw, { issuers, store, now })
  const app = fastify({
    loggerInstance: log as FastifyBaseLogger, // pino's own type is the wider one
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_MAX_BYTES,
    serverFactory: (answer) => {
      const server = createServer(
        {
          ...own.current(),
          ca: authorities.map(String),
          requestCert: true,
          // A box without a certificate, or with an expired one, must be able to ask: see peer.ts.
          rejectUnauthorized: false,
          minVersion: 'TLSv1.2',
          handshakeTimeout: HANDSHAKE_WITHIN_MS,
          requestTimeout: REQUEST_WITHIN_MS,
        },
        answer,
      )
      server.setTimeout(IDLE_CONNECTION_MS)
      server.maxConnections = MAX_CONNECTIONS
      server.on('secureConnection', (socket) => socket.setNoDelay(true))
      return server
    },
    frameworkErrors: (_error, _request, reply) =>
      sendProblem(reply, 400, 'request-wrong', 'The request cannot be read'),
  })
  app.setErrorHandler((error: { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 400 && status < 500) return sendProblem(reply, status, 'request-wrong', 'The request cannot be read')
    request.log.error({ err: error, method: request.method, route: request.routeOptions.url }, 'authority.bug')
    return sendProblem(reply, 500, 'fault-inside', 'The authority has a fault; it was logged')
  })
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 404, 'address-unknown', 'Nothing has this address'))
  app.register(estRoutes({ enrolment, authorities, peerOf: whoAsks, monotonicMs }), { prefix: '/.well-known/est' })
  app.register(publicRoutes({ lists, signer: own.signer, now }))
  app.register(officeRoutes({ store, claims, lists, peerOf: whoAsks, now }), { prefix: '/office' })
  return app
}
