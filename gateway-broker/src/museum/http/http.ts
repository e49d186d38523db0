import { createServer } from 'node:http'
import { createServer as createTlsServer, type Server } from 'node:https'
import cookie from '@fastify/cookie'
import swagger from '@fastify/swagger'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { SiteId } from '@vigie/contract/ids'
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Logger } from 'pino'
import type { TlsMaterial } from '../../settings.ts'
import type { Alarms } from '../alarms.ts'
import type { Conflicts } from '../conflicts.ts'
import type { Decisions } from '../decisions.ts'
import type { GateStateReader } from '../gate-state.ts'
import type { GatewayClock } from '../gateway-clock.ts'
import type { Jauge } from '../jauge.ts'
import type { LaneCommands } from '../lan/lane-commands.ts'
import type { Lanes } from '../lan/lanes.ts'
import type { MuseumLedger } from '../ledger/museum-ledger.ts'
import type { Lists } from '../lists.ts'
import type { RecentRows } from '../recent-rows.ts'
import { dayRoutes } from './day-routes.ts'
import { decisionRoutes } from './decision-routes.ts'
import { answerErrors } from './errors.ts'
import { gateRoutes } from './gate-routes.ts'
import { guardRoutes } from './guard.ts'
import { listRoutes } from './list-routes.ts'
import { OPENAPI } from './openapi.ts'
import { pageRoutes } from './pages.ts'
import { pairingRoutes } from './pairing-routes.ts'
import { checkParameters } from './parameters.ts'
import { createPassReader } from './pass.ts'
import { Problem, sendProblem } from './problem.ts'
import type { StateStream } from './state-stream.ts'
import { ticketRoutes } from './ticket-routes.ts'
import { SCHEMAS } from './told.ts'

export type HttpDeps = {
  site: SiteId
  ledger: MuseumLedger
  recent: RecentRows
  lists: Lists
  lanes: Lanes
  commands: LaneCommands
  decisions: Decisions
  conflicts: Conflicts
  alarms: Alarms
  jauge: Jauge
  state: GateStateReader
  stream: StateStream
  clock: GatewayClock
  log: Logger
}

export type HttpOptions = {
  consoleFolder: string
  /** Null: without TLS, for a proxy on the same machine and for tests. */
  tls: TlsMaterial | null
}

/** The largest body is an upload of a phone, which says so itself; others are a code and a reason. */
const BODY_MAX_BYTES = 8_192
/** A phone on the LAN has its headers there in one packet; whoever does not holds a socket for so long at most. */
const HEADERS_WITHIN_MS = 10_000
const REQUEST_WITHIN_MS = 30_000
const IDLE_CONNECTION_MS = 60_000
/** Phones, tablets and their tabs; beyond, whoever comes is closed. */
const CONNECTIONS_MAX = 256

/** The HTTP side of the gateway. It opens nothing until it is asked to listen. */
export function createHttp(deps: HttpDeps, { consoleFolder, tls }: HttpOptions): FastifyInstance {
  const { site, ledger, lists, lanes, commands, state, stream, clock, log } = deps
  const overridesPerDay = () => lists.catalogue()?.museum.overridesPerDay ?? 0
  const { now, monotonicMs } = clock
  const limits = { headersTimeout: HEADERS_WITHIN_MS, requestTimeout: REQUEST_WITHIN_MS, noDelay: true }
  const app = fastify({
    loggerInstance: log as FastifyBaseLogger, // pino's own type is the wider one
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_MAX_BYTES,
    serverFactory: (answer) => {
      const server =
        tls === null ? createServer(limits, answer) : createTlsServer({ ...limits, ...contextOf(tls) }, answer)
      server.setTimeout(IDLE_CONNECTION_MS)
      server.maxConnections = CONNECTIONS_MAX
      return server
    },
    frameworkErrors: (error, _request, reply) => sendProblem(reply, 'request-wrong', error.message),
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(checkParameters)
  // The bodies are made by our own types; a second, looser description of them would only cost time.
  app.setSerializerCompiler(() => JSON.stringify)
  answerErrors(app)
  app.register(cookie)
  const readPass = createPassReader({ site, keys: () => lists.catalogue()?.staffKeys ?? [], nowMs: now })
  guardRoutes(app, readPass)
  for (const schema of [Problem, ...SCHEMAS]) app.addSchema(schema)
  app.register(swagger, OPENAPI)
  app.register(async (all) => {
    all.addHook('preClose', async () => stream.hangUp())
    const prefix = '/api/v1'
    all.register(pairingRoutes({ readPass, monotonicMs }), { prefix })
    all.register(gateRoutes({ state, stream, readPass, lanes, commands, ledger, now }), { prefix })
    all.register(decisionRoutes({ ...deps, overridesPerDay, now }), { prefix })
    all.register(ticketRoutes({ ...deps, overridesPerDay, now }), { prefix })
    all.register(dayRoutes({ ...deps, overridesPerDay, now }), { prefix })
    all.register(listRoutes({ ledger, lists }), { prefix })
    all.register(pageRoutes({ consoleFolder }))
  })
  return app
}

const contextOf = ({ certificate, key }: TlsMaterial) => ({ cert: certificate, key, minVersion: 'TLSv1.2' as const })

/** Shows another certificate from the next handshake on. */
export function changeHttpTls(app: FastifyInstance, tls: TlsMaterial): void {
  const { server } = app
  if ('setSecureContext' in server) (server as unknown as Server).setSecureContext(contextOf(tls)) // an https server, by the line itself
}
