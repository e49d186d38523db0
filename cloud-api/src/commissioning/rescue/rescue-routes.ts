import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { isSiteId, isUnitId } from '@vigie/contract/ids'
import Type from 'typebox'
import { answer, problems } from '../../http/answers.ts'
import { sendProblem, sendSiteUnknown } from '../../http/problem.ts'
import { type RescueDeps, takeRescued } from './take-rescued.ts'

/** Two frames of the largest kind in base64, or some hundred common ones; a rescue sends as many requests as it takes. */
const BODY_MAX_BYTES = 8 * 1024 * 1024
const ITEMS_AT_MOST = 200

/** What still lay in the outbox of a unit that is gone. */
export const rescueRoutes =
  (deps: RescueDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.route({
      method: 'POST',
      url: '/sites/:site/rescued-items',
      config: { action: 'site.commission', site: 'site' },
      bodyLimit: BODY_MAX_BYTES,
      schema: {
        operationId: 'takeRescuedItems',
        summary: 'Takes what lay in the outbox of a unit that stood at this site',
        description: 'Each item is judged as if it had come over the wire, and stored once, however often it is sent.',
        tags: ['operators'],
        params: Type.Object({ site: Type.String() }),
        body: Type.Object({
          unit: Type.String(),
          items: Type.Array(
            Type.Object({
              id: Type.String({ maxLength: 26 }),
              topic: Type.String({ maxLength: 160 }),
              payload: Type.String({ description: 'Base64.' }),
            }),
            { maxItems: ITEMS_AT_MOST },
          ),
        }),
        response: {
          ...answer(
            200,
            'What became of each.',
            'application/json',
            Type.Object({
              items: Type.Array(
                Type.Object({
                  id: Type.String(),
                  outcome: Type.Enum(['stored', 'expired', 'refused', 'passed-over']),
                  reason: Type.Union([Type.String(), Type.Null()]),
                }),
              ),
            }),
          ),
          ...problems('parameters-wrong', 'site-unknown', 'unit-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const { site: siteId } = request.params
        const { unit, items } = request.body
        const site = isSiteId(siteId) ? await deps.store.fleet.site(siteId) : undefined
        if (site === undefined) return sendSiteUnknown(reply)
        const keys = isUnitId(unit) ? await deps.store.unitKeys.ofUnit(unit) : []
        const [known] = keys.filter((key) => key.site === siteId)
        if (known === undefined) return sendProblem(reply, 'unit-unknown', { detail: 'It never stood at this site.' })
        const taken = items.map(({ payload, ...item }) => ({ ...item, payload: Buffer.from(payload, 'base64') }))
        const outcomes = await takeRescued(deps, { site, unit: known.unit }, taken)
        request.log.info({ event: 'items.rescued', site: siteId, unit, items: outcomes.length, ...tally(outcomes) })
        return reply.send({ items: outcomes })
      },
    })
  }

const tally = (outcomes: readonly { outcome: string }[]): Record<string, number> =>
  Object.fromEntries(
    [...new Set(outcomes.map(({ outcome }) => outcome))].map((name) => [
      name,
      outcomes.filter(({ outcome }) => outcome === name).length,
    ]),
  )
