import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { unitsOf } from '@vigie/config-schema/units-of'
import type { Clock } from '@vigie/contract/clock'
import { isSiteId, type UnitId } from '@vigie/contract/ids'
import Type from 'typebox'
import { readSitesNow } from '../live/sites-now.ts'
import { type Person, sitesOf } from '../people/person.ts'
import { SERIES_KEPT_MS, type SeriesStore } from '../series/series-store.ts'
import type { Store } from '../store/store.ts'
import { answer, problems } from './answers.ts'
import { readSeries, SERIES_DEFAULT_MS } from './operators-series.ts'
import { plannedSitesRoute } from './operators-sites.ts'
import { fleetUnitsRoute } from './operators-units.ts'
import { type Wall, wallSiteOf } from './operators-wall.ts'
import { PeriodQuery, readPeriod } from './period.ts'
import { sendSiteUnknown } from './problem.ts'

type Deps = {
  store: Pick<
    Store,
    | 'fleet'
    | 'frames'
    | 'presence'
    | 'liveEvents'
    | 'cameraStates'
    | 'unitKeys'
    | 'unitCertificates'
    | 'configuration'
    | 'gateLedger'
  >
  series: Pick<SeriesStore, 'read'>
  clock: Clock
}

/** What operators see beyond the public: units, camera states, faults, health. */
export const operatorRoutes =
  ({ store, series, clock }: Deps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.register(plannedSitesRoute({ store }))
    app.register(fleetUnitsRoute({ store, clock }))

    /** What a person may see of the wall. */
    async function readWall(person: Person): Promise<Wall> {
      const [{ seq, sites }, presences] = await Promise.all([readSitesNow(store), store.presence.all()])
      const now = clock.now()
      const reach = sitesOf(person, 'wall.read')
      const shown = reach === 'all' ? sites : sites.filter(({ site }) => reach.some((id) => id === site.id))
      const presenceOf = new Map(presences.map((presence) => [presence.unit as string, presence]))
      return {
        generatedAt: new Date(now).toISOString(),
        lastEventId: String(seq),
        sites: shown.map((siteNow) => wallSiteOf(siteNow, presenceOf.get(siteNow.site.unit), now)),
      }
    }

    app.route({
      method: 'GET',
      url: '/wall',
      config: { action: 'wall.read' },
      schema: {
        operationId: 'readWall',
        summary: 'All sites with unit, cameras, faults and freshness',
        tags: ['operators'],
        response: {
          ...answer(
            200,
            'Every site that one of the roles reaches, in the order of ids.',
            'application/json',
            Type.Ref('Wall'),
          ),
          ...problems('sign-in-needed', 'not-allowed', 'not-ready'),
        },
      },
      handler: async ({ person }, reply) => reply.send(await readWall(person)),
    })

    app.route({
      method: 'GET',
      url: '/sites/:site',
      config: { action: 'wall.read', site: 'site' },
      schema: {
        operationId: 'readSite',
        summary: 'One site of the wall',
        tags: ['operators'],
        params: Type.Object({ site: Type.String() }),
        response: {
          ...answer(200, 'The site.', 'application/json', Type.Ref('WallSite')),
          ...problems('sign-in-needed', 'out-of-scope', 'site-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const found = (await readWall(request.person)).sites.find(({ site }) => site === request.params.site)
        return found === undefined ? sendSiteUnknown(reply) : reply.send(found)
      },
    })

    app.route({
      method: 'GET',
      url: '/sites/:site/series',
      config: { action: 'wall.read', site: 'site' },
      schema: {
        operationId: 'readSeries',
        summary: "The health of a site's unit over time",
        tags: ['operators'],
        params: Type.Object({ site: Type.String() }),
        querystring: Type.Object({
          ...PeriodQuery,
          unit: Type.Optional(Type.String({ description: "Of a museum: which of its boxes; absent: the gateway's." })),
        }),
        response: {
          ...answer(
            200,
            'At most some hundred readings; their step grows with the period.',
            'application/json',
            Type.Ref('Series'),
          ),
          ...problems('parameters-wrong', 'sign-in-needed', 'out-of-scope', 'site-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const { site } = request.params
        const period = readPeriod(request.query, {
          now: clock.now(),
          defaultMs: SERIES_DEFAULT_MS,
          reachMs: SERIES_KEPT_MS,
        })
        const document = isSiteId(site) ? await store.fleet.site(site) : undefined
        if (!isSiteId(site) || document === undefined) return sendSiteUnknown(reply)
        const units = unitsOf(document) as UnitId[] // the document's schema has the same pattern
        const named = units.find((one) => one === request.query.unit)
        const unit = named ?? (units.length > 1 ? units[0] : undefined)
        return reply.send(await readSeries(series, { site, unit }, period))
      },
    })
  }
