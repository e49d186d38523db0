import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import { isSiteId } from '@vigie/contract/ids'
import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import { readSitesNow } from '../live/sites-now.ts'
import { SERIES_KEPT_MS, type SeriesStore } from '../series/series-store.ts'
import type { Store } from '../store/store.ts'
import { answer, problems } from './answers.ts'
import { mayPass, type OperatorsFrom } from './operators-door.ts'
import { readSeries, SERIES_DEFAULT_MS } from './operators-series.ts'
import { plannedSitesRoute } from './operators-sites.ts'
import { type Wall, wallSiteOf } from './operators-wall.ts'
import { PeriodQuery, readPeriod } from './period.ts'
import { sendProblem } from './problem.ts'
import { OPERATORS } from './security.ts'

type Deps = {
  store: Pick<Store, 'fleet' | 'frames' | 'presence' | 'liveEvents' | 'cameraStates'>
  series: Pick<SeriesStore, 'read'>
  clock: Clock
}

/** What operators see beyond the public: units, camera states, faults, health. */
export const operatorRoutes =
  ({ store, series, clock }: Deps, { operatorsFrom }: { operatorsFrom: OperatorsFrom }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addHook('onRequest', async (request, reply) => {
      reply.headers(OPERATORS)
      if (!mayPass(request, operatorsFrom)) {
        return sendProblem(reply, 'operators-only', {
          detail: 'Until operators have accounts, ask from the server itself.',
        })
      }
    })

    app.register(plannedSitesRoute({ store }))

    async function readWall(): Promise<Wall> {
      const [{ seq, sites }, presences] = await Promise.all([readSitesNow(store), store.presence.all()])
      const now = clock.now()
      const presenceOf = new Map(presences.map((presence) => [presence.unit as string, presence]))
      return {
        generatedAt: new Date(now).toISOString(),
        lastEventId: String(seq),
        sites: sites.map((siteNow) => wallSiteOf(siteNow, presenceOf.get(siteNow.site.unit), now)),
      }
    }

    app.route({
      method: 'GET',
      url: '/wall',
      schema: {
        operationId: 'readWall',
        summary: 'All sites with unit, cameras, faults and freshness',
        tags: ['operators'],
        response: {
          ...answer(200, 'Every site, in the order of ids.', 'application/json', Type.Ref('Wall')),
          ...problems('operators-only', 'not-ready'),
        },
      },
      handler: async (_request, reply) => reply.send(await readWall()),
    })

    app.route({
      method: 'GET',
      url: '/sites/:site',
      schema: {
        operationId: 'readSite',
        summary: 'One site of the wall',
        tags: ['operators'],
        params: Type.Object({ site: Type.String() }),
        response: {
          ...answer(200, 'The site.', 'application/json', Type.Ref('WallSite')),
          ...problems('operators-only', 'site-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const found = (await readWall()).sites.find(({ site }) => site === request.params.site)
        return found === undefined ? sendSiteUnknown(reply) : reply.send(found)
      },
    })

    app.route({
      method: 'GET',
      url: '/sites/:site/series',
      schema: {
        operationId: 'readSeries',
        summary: "The health of a site's unit over time",
        tags: ['operators'],
        params: Type.Object({ site: Type.String() }),
        querystring: Type.Object(PeriodQuery),
        response: {
          ...answer(
            200,
            'At most some hundred readings; their step grows with the period.',
            'application/json',
            Type.Ref('Series'),
          ),
          ...problems('parameters-wrong', 'operators-only', 'site-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const { site } = request.params
        const period = readPeriod(request.query, {
          now: clock.now(),
          defaultMs: SERIES_DEFAULT_MS,
          reachMs: SERIES_KEPT_MS,
        })
        if (!isSiteId(site) || (await store.fleet.site(site)) === undefined) return sendSiteUnknown(reply)
        return reply.send(await readSeries(series, site, period))
      },
    })
  }

const sendSiteUnknown = (reply: FastifyReply) =>
  sendProblem(reply, 'site-unknown', { detail: 'GET /api/v1/operators/wall lists all sites.' })
