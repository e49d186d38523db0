import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type, { type Static } from 'typebox'
import type { HealthWatch } from '../health-watch.ts'
import { answer } from './answers.ts'

const Part = Type.Object({
  works: Type.Boolean(),
  warns: Type.Optional(Type.Boolean({ description: 'True when it works, and somebody should act soon: see detail.' })),
  since: Type.Optional(
    Type.String({
      format: 'date-time',
      description: 'When it ceased to work, or worked again; absent while it has worked since the process started.',
    }),
  ),
  detail: Type.Optional(Type.String({ description: 'What is wrong: the code of a fault, or figures.' })),
})

/** What works and what does not, for whoever watches the process. */
export const Health = Type.Object(
  {
    works: Type.Boolean({ description: 'True when all parts do.' }),
    parts: Type.Record(Type.String(), Part, {
      description: 'database, series, broker, intake, retention, clock, certificates, disk',
    }),
  },
  { $id: 'Health' },
)
export type Health = Static<typeof Health>

/** For the supervisor of the process and for a load balancer: 200 when everything works, else 503, with the same body. */
export const healthRoute =
  ({ health }: { health: Pick<HealthWatch, 'ask'> }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.route({
      method: 'GET',
      url: '/health',
      schema: {
        operationId: 'readHealth',
        summary: 'What works',
        tags: ['service'],
        response: {
          ...answer(200, 'Everything works.', 'application/json', Type.Ref('Health')),
          ...answer(503, 'Something does not.', 'application/json', Type.Ref('Health')),
        },
      },
      handler: async (_request, reply) => {
        const parts = await health.ask()
        const works = Object.values(parts).every((part) => part.works)
        return reply
          .code(works ? 200 : 503)
          .header('cache-control', 'no-store')
          .send({ works, parts } satisfies Health)
      },
    })
  }
