import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type, { type Static } from 'typebox'
import { answer } from './answers.ts'

const Part = Type.Object({
  works: Type.Boolean(),
  detail: Type.Optional(Type.String({ description: 'What is wrong: the code of a fault, or figures.' })),
})

/** What works and what does not, for whoever watches the process. */
export const Health = Type.Object(
  {
    works: Type.Boolean({ description: 'True when all parts do.' }),
    parts: Type.Record(Type.String(), Part, { description: 'database, broker, intake, disk, series' }),
  },
  { $id: 'Health' },
)
export type Health = Static<typeof Health>

/** Asks one part whether it works; throws, or says so, when it does not. */
export type HealthCheck = (signal: AbortSignal) => Promise<{ works: boolean; detail?: string }>

/** A part that does not answer in this time does not work, in milliseconds. */
const ANSWER_WITHIN_MS = 2_000

/** For the supervisor of the process and for a load balancer: 200 when everything works, else 503, with the same body. */
export const healthRoute =
  ({ checks }: { checks: Readonly<Record<string, HealthCheck>> }): FastifyPluginAsyncTypebox =>
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
        const parts = Object.fromEntries(
          await Promise.all(Object.entries(checks).map(async ([name, check]) => [name, await ask(check)] as const)),
        )
        const works = Object.values(parts).every((part) => part.works)
        return reply
          .code(works ? 200 : 503)
          .header('cache-control', 'no-store')
          .send({ works, parts } satisfies Health)
      },
    })
  }

async function ask(check: HealthCheck): Promise<Static<typeof Part>> {
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS)
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error(`no answer within ${ANSWER_WITHIN_MS} ms`)), { once: true })
  })
  try {
    return await Promise.race([check(signal), late])
  } catch (error) {
    return { works: false, detail: error instanceof Error ? error.message : 'failed' }
  }
}
