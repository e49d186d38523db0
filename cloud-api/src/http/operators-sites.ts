import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { SiteDocument } from '@vigie/config-schema/site-document'
import { unitsOf } from '@vigie/config-schema/units-of'
import Type, { type Static } from 'typebox'
import { OUTLINE } from '../inforoute/departement-outline.ts'
import { sitesOf } from '../people/person.ts'
import type { Store } from '../store/store.ts'
import { answer, problems } from './answers.ts'

/** A site as it is planned, whether or not anything of it was ever seen. */
const PlannedSite = Type.Object(
  {
    site: Type.String(),
    name: Type.String(),
    road: Type.Union([Type.String(), Type.Null()], { description: 'Null for a museum.' }),
    kind: Type.Enum(['col', 'station', 'carrefour', 'ville', 'tunnel', 'musee']),
    latitude: Type.Number(),
    longitude: Type.Number(),
    altitudeM: Type.Integer(),
    unit: Type.String({ description: 'The box that is planned there now; at a museum, that of its gateway.' }),
    units: Type.Array(Type.String(), { description: 'Every box that is planned there.' }),
    cameras: Type.Integer({ description: 'How many are planned.' }),
  },
  { $id: 'PlannedSite' },
)
type PlannedSite = Static<typeof PlannedSite>

const PlannedSites = Type.Object(
  {
    outline: Type.Array(Type.Tuple([Type.Number(), Type.Number()]), {
      description: 'The département: longitude and latitude, WGS 84.',
    }),
    sites: Type.Array(Type.Unsafe<PlannedSite>(Type.Ref('PlannedSite'))),
  },
  { $id: 'PlannedSites' },
)

export const PLANNED_SITE_SCHEMAS = [PlannedSite, PlannedSites]

/** All sites with their place: what a technician chooses from, on a map or by distance. */
export const plannedSitesRoute =
  ({ store }: { store: Pick<Store, 'fleet'> }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.route({
      method: 'GET',
      url: '/sites',
      config: { action: 'wall.read' },
      schema: {
        operationId: 'listPlannedSites',
        summary: 'All sites as they are planned, and the outline of the département',
        tags: ['operators'],
        response: {
          ...answer(200, 'Every site, in the order of ids.', 'application/json', Type.Ref('PlannedSites')),
          ...problems('sign-in-needed', 'not-allowed', 'not-ready'),
        },
      },
      handler: async ({ person }, reply) => {
        const reach = sitesOf(person, 'wall.read')
        const planned = await store.fleet.sites()
        const shown = reach === 'all' ? planned : planned.filter(({ id }) => reach.some((site) => site === id))
        return reply.send({ outline: OUTLINE, sites: shown.map(plannedSiteOf) })
      },
    })
  }

const plannedSiteOf = (document: SiteDocument): PlannedSite => {
  const { id, name, road, kind, latitude, longitude, altitudeM, unit, cameras } = document
  const place = { site: id, name, road: road ?? null, kind, latitude, longitude, altitudeM }
  return { ...place, unit, units: unitsOf(document), cameras: cameras.length }
}
