import { createServer } from 'node:http'
import cookie from '@fastify/cookie'
import swagger from '@fastify/swagger'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import type { ItemId } from '@vigie/contract/ids'
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Logger } from 'pino'
import { COMMAND_SCHEMAS } from '../commands/command-told.ts'
import type { Previews } from '../commands/previews.ts'
import { type CommissioningAreaDeps, commissioningArea } from '../commissioning/commissioning-area.ts'
import { COMMISSIONING_SCHEMAS } from '../commissioning/told.ts'
import { type ConfigurationRouteDeps, configurationRoutes } from '../configuration/configuration-routes.ts'
import { CONFIGURATION_SCHEMAS } from '../configuration/told.ts'
import type { HealthWatch } from '../health-watch.ts'
import type { Live } from '../live/live.ts'
import type { Snapshots } from '../live/snapshot.ts'
import { FreshnessName, Picture, Preset, Webcam } from '../live/webcam.ts'
import type { SeriesStore } from '../series/series-store.ts'
import type { Store } from '../store/store.ts'
import { TICKET_SCHEMAS, type TicketsAreaDeps, ticketsArea } from '../tickets/tickets-area.ts'
import { UNIT_SCHEMAS } from '../units/unit-schemas.ts'
import { type UnitsAreaDeps, unitsArea } from '../units/units-area.ts'
import type { Vault } from '../vault.ts'
import { commandRoutes } from './commands.ts'
import { createConsoleBuild } from './console-build.ts'
import { answerErrors } from './errors.ts'
import { eventRoute, WebcamEvent } from './events.ts'
import { guardRoutes } from './guard.ts'
import { Health, healthRoute } from './health.ts'
import { History, historyRoute } from './history.ts'
import { createHotPictures } from './hot-pictures.ts'
import { latestRoute } from './latest.ts'
import { refuseOtherMethods } from './methods.ts'
import { officePageRoutes } from './office-pages.ts'
import { OPENAPI } from './openapi.ts'
import { operatorRoutes } from './operators.ts'
import { Series } from './operators-series.ts'
import { PLANNED_SITE_SCHEMAS } from './operators-sites.ts'
import { FLEET_UNIT_SCHEMAS } from './operators-units.ts'
import { WALL_SCHEMAS } from './operators-wall.ts'
import { pageRoutes } from './pages.ts'
import { checkParameters } from './parameters.ts'
import { PEOPLE_AREA_SCHEMAS, type PeopleAreaOptions, peopleArea } from './people-area.ts'
import type { PictureCache } from './picture-cache.ts'
import { pictureRoutes } from './pictures.ts'
import { poseRoutes } from './pose.ts'
import { previewRoute } from './previews.ts'
import { Problem, sendProblem } from './problem.ts'
import { CROSS_ORIGIN } from './security.ts'
import { WebcamList, webcamRoutes } from './webcams.ts'

export type HttpDeps = {
  store: Store
  pictures: PictureCache
  series: Pick<SeriesStore, 'read'>
  snapshots: Snapshots
  live: Live
  health: Pick<HealthWatch, 'ask'>
  units: Pick<UnitsAreaDeps, 'office' | 'watch'>
  commissioning: Pick<CommissioningAreaDeps, 'checks' | 'files' | 'reports' | 'rescue'>
  previews: Pick<Previews, 'next'>
  tickets: Omit<TicketsAreaDeps, 'store' | 'clock'>
  configuration: Pick<ConfigurationRouteDeps, 'publisher' | 'onChange'>
  /** Null: neither passwords of cameras nor what authenticators share can be kept. */
  vault: Vault | null
  clock: Clock
  /** A name that no other process or call has. */
  newName: () => string
  /** Makes a ULID, each time another. */
  newId: () => ItemId
  log: Logger
}

export type HttpOptions = PeopleAreaOptions & {
  /** Where the built console is. */
  consoleFolder: string
  /** Addresses and networks, with commas between, of which it is believed where a request comes from; else of nobody. */
  trustedProxies?: string | undefined
}

/** What has a name of its own in the description of the API. */
const SCHEMAS = [
  Problem,
  FreshnessName,
  Picture,
  Preset,
  Webcam,
  WebcamList,
  WebcamEvent,
  History,
  ...WALL_SCHEMAS,
  ...PLANNED_SITE_SCHEMAS,
  ...FLEET_UNIT_SCHEMAS,
  Series,
  Health,
  ...COMMISSIONING_SCHEMAS,
  ...PEOPLE_AREA_SCHEMAS,
  ...UNIT_SCHEMAS,
  ...COMMAND_SCHEMAS,
  ...CONFIGURATION_SCHEMAS,
  ...TICKET_SCHEMAS,
]

/** Forms, and the answer of a passkey (3 KiB); a route that takes more says so itself. */
const BODY_MAX_BYTES = 16_384
/** A request's headers must be there in this time, in milliseconds; a browser's are in one packet. */
const HEADERS_WITHIN_MS = 10_000
/** A whole request: a photo of 400 kB takes 64 s over a line of 50 kbit/s, which is one bar of signal at a pole. */
const REQUEST_WITHIN_MS = 180_000
/** A connection on which nothing moves for so long is closed; a heartbeat every 20 s keeps event streams. */
const IDLE_CONNECTION_MS = 60_000
/** Between two requests of one connection: longer than the 60 s that nginx keeps an idle one for. */
const KEEP_ALIVE_MS = 72_000

/** The HTTP side of the cloud. It opens nothing until it is asked to listen. */
export function createHttp(deps: HttpDeps, options: HttpOptions): FastifyInstance {
  const { store, pictures, series, snapshots, live, health, vault, clock, newName, log } = deps
  const answerHotPicture = createHotPictures({ pictures, clock })
  const app = fastify({
    loggerInstance: log as FastifyBaseLogger, // pino's own type is the wider one
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_MAX_BYTES,
    trustProxy: options.trustedProxies ?? false,
    serverFactory: (answer) => {
      const server = createServer({
        headersTimeout: HEADERS_WITHIN_MS,
        requestTimeout: REQUEST_WITHIN_MS,
        keepAliveTimeout: KEEP_ALIVE_MS,
      })
      server.setTimeout(IDLE_CONNECTION_MS)
      server.on('request', (request, response) => {
        // A stopping server answers by the framework only, which ends each connection with its answer.
        if (!server.listening || !answerHotPicture(request, response)) answer(request, response)
      })
      return server
    },
    routerOptions: { ignoreTrailingSlash: false },
    frameworkErrors: (error, _request, reply) => sendProblem(reply, 'request-wrong', { detail: error.message }),
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(checkParameters)
  // The bodies are made by our own types; a second, looser description of them would only cost time.
  app.setSerializerCompiler(() => JSON.stringify)
  answerErrors(app, { clock })
  app.register(cookie)
  guardRoutes(app, { sessions: store.sessions, clock }, options)
  const registerRefusals = refuseOtherMethods(app)
  // All here: an instance that adds a schema of its own falls back to Fastify's own validator.
  for (const schema of SCHEMAS) app.addSchema(schema)
  app.register(swagger, OPENAPI)

  app.register(async (api) => {
    api.register(
      async (open) => {
        open.addHook('onRequest', async (_request, reply) => {
          reply.headers(CROSS_ORIGIN)
        })
        open.register(webcamRoutes({ snapshots }))
        open.register(historyRoute({ snapshots, frames: store.frames, clock }))
        open.register(latestRoute({ snapshots, pictures, clock }))
        open.register(eventRoute({ live }))
      },
      { prefix: '/api/v1' },
    )
    api.register(pictureRoutes({ pictures, clock }))
    const commissioning = { ...deps.commissioning, ...deps.units, store, clock, newName }
    api.register(commissioningArea(commissioning), { prefix: '/api/v1' })
    api.register(configurationRoutes({ ...deps.configuration, store, vault, clock }), { prefix: '/api/v1' })
    api.register(operatorRoutes({ store, series, clock }), { prefix: '/api/v1/operators' })
    api.register(unitsArea({ ...deps.units, store, clock }), { prefix: '/api/v1' })
    api.register(ticketsArea({ ...deps.tickets, store, clock }), { prefix: '/api/v1' })
    api.register(commandRoutes({ store, clock, newId: deps.newId }), { prefix: '/api/v1' })
    api.register(previewRoute({ previews: deps.previews }), { prefix: '/api/v1' })
    api.register(peopleArea({ store, vault, clock, newName, log }, options), { prefix: '/api/v1' })
    api.register(healthRoute({ health }))
    api.get('/api/v1/openapi.json', { schema: { hide: true }, config: { action: 'public' } }, (_request, reply) =>
      reply.headers(CROSS_ORIGIN).header('cache-control', 'public, max-age=300').send(app.swagger()),
    )
    const consoleBuild = createConsoleBuild(options.consoleFolder)
    api.register(pageRoutes({ snapshots, frames: store.frames, consoleBuild, clock }))
    api.register(poseRoutes({ consoleBuild }))
    api.register(officePageRoutes({ consoleBuild, sessions: store.sessions, clock }, options))
  })
  app.register(registerRefusals)

  return app
}
