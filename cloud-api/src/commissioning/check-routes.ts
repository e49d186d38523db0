import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import Type from 'typebox'
import { answer, problems } from '../http/answers.ts'
import { ParametersWrong } from '../http/parameters.ts'
import { sendProblem, sendSiteUnknown } from '../http/problem.ts'
import type { Store } from '../store/store.ts'
import { checkNamed } from './check-table.ts'
import type { CheckWatch } from './check-watch.ts'
import { COMMISSIONING_PATH, sendClosed, sendUnknown } from './commissioning-routes.ts'
import { checksTold } from './told.ts'
import { nameOf } from './who.ts'
import { atItsSite } from './whose.ts'

type Deps = { store: Pick<Store, 'commissionings' | 'audit'>; checks: Pick<CheckWatch, 'begin'>; clock: Clock }

/** What a technician says of a check that cannot be measured, by the state that it comes to. */
const SAID = { done: 'by-hand', failed: 'failed', 'not-applicable': 'not-applicable' } as const
/** Names of all checks, three times over. */
const BODY_MAX_BYTES = 8 * 1024

/** The acceptance checks: begun, read, and said by hand. */
export const checkRoutes =
  ({ store: { commissionings, audit }, checks, clock }: Deps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const told = {
      ...answer(200, 'All checks.', 'application/json', Type.Ref('CommissioningChecks')),
    }

    app.route({
      method: 'POST',
      url: '/commissionings/:commissioning/checks',
      config: atItsSite(commissionings),
      bodyLimit: BODY_MAX_BYTES,
      schema: {
        operationId: 'beginChecks',
        summary: 'Begins acceptance checks: those named, or all',
        description: 'One that runs or has ended begins anew; its last outcome is forgotten.',
        tags: ['operators'],
        params: COMMISSIONING_PATH,
        body: Type.Object({ checks: Type.Optional(Type.Array(Type.String({ maxLength: 40 }), { maxItems: 60 })) }),
        response: {
          ...told,
          ...problems('parameters-wrong', 'site-unknown', 'commissioning-unknown', 'commissioning-closed', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const { commissioning: id } = request.params
        const { checks: names } = request.body
        const unknown = names?.filter((name) => checkNamed(name) === undefined) ?? []
        if (unknown.length > 0) throw new ParametersWrong([{ place: 'checks', message: 'names a check that is none' }])
        const commissioning = await commissionings.of(id)
        if (commissioning === undefined) return sendUnknown(reply)
        if (commissioning.finishedAt !== null) return sendClosed(reply)
        if (!(await checks.begin(commissioning, nameOf(request), names))) return sendSiteUnknown(reply)
        return reply.send({ checks: checksTold(await commissionings.checks(id)) })
      },
    })

    app.route({
      method: 'GET',
      url: '/commissionings/:commissioning/checks',
      config: atItsSite(commissionings),
      schema: {
        operationId: 'readChecks',
        summary: 'The acceptance checks as they stand',
        tags: ['operators'],
        params: COMMISSIONING_PATH,
        response: { ...told, ...problems('commissioning-unknown', 'not-ready') },
      },
      handler: async (request, reply) => {
        const { commissioning: id } = request.params
        if ((await commissionings.of(id)) === undefined) return sendUnknown(reply)
        return reply.send({ checks: checksTold(await commissionings.checks(id)) })
      },
    })

    app.route({
      method: 'POST',
      url: '/commissionings/:commissioning/checks/:check',
      config: atItsSite(commissionings),
      bodyLimit: BODY_MAX_BYTES,
      schema: {
        operationId: 'sayCheck',
        summary: 'Says by hand how a check ended, where it cannot be measured',
        tags: ['operators'],
        params: Type.Object({ commissioning: Type.String(), check: Type.String() }),
        body: Type.Object({
          outcome: Type.Enum(['done', 'failed', 'not-applicable']),
          word: Type.String({
            minLength: 3,
            maxLength: 500,
            description: 'How it was seen, or why it does not apply.',
          }),
        }),
        response: {
          ...told,
          ...problems(
            'parameters-wrong',
            'commissioning-unknown',
            'check-is-measured',
            'commissioning-closed',
            'not-ready',
          ),
        },
      },
      handler: async (request, reply) => {
        const { commissioning: id, check: name } = request.params
        const { outcome, word } = request.body
        const check = checkNamed(name)
        if (check === undefined) throw new ParametersWrong([{ place: 'check', message: 'is no check' }])
        const commissioning = await commissionings.of(id)
        if (commissioning === undefined) return sendUnknown(reply)
        if (commissioning.finishedAt !== null) return sendClosed(reply)
        if (!check.mayBeSaid && outcome !== 'failed') {
          return sendProblem(reply, 'check-is-measured', { detail: 'It is measured, or hands over as a reserve.' })
        }
        const now = clock.now()
        await commissionings.beginCheck({
          commissioning: id,
          name,
          state: SAID[outcome],
          measured: null,
          reason: word.replaceAll('\0', ''),
          begun: '{}',
          startedAt: now,
          endedAt: now,
          saidBy: nameOf(request),
        })
        const { site } = commissioning
        const entry = { at: now, who: nameOf(request), action: 'check.said', what: name, site }
        await audit.append({ ...entry, after: { commissioning: id, outcome }, reason: word })
        return reply.send({ checks: checksTold(await commissionings.checks(id)) })
      },
    })
  }
