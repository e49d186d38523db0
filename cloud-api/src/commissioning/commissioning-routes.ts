import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import { isSiteId, isUnitId } from '@vigie/contract/ids'
import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import { answer, problems } from '../http/answers.ts'
import { ParametersWrong } from '../http/parameters.ts'
import { sendProblem, sendSiteUnknown } from '../http/problem.ts'
import { sitesOf } from '../people/person.ts'
import type { Commissioning } from '../store/commissionings.ts'
import type { Store } from '../store/store.ts'
import { isStepName, STEP_NAMES } from './steps.ts'
import { photoTold, reportTold, stepsTold, stepTold, summaryOf } from './told.ts'
import { nameOf } from './who.ts'
import { atItsSite } from './whose.ts'

export type CommissioningDeps = {
  store: Pick<Store, 'fleet' | 'commissionings' | 'audit'>
  clock: Clock
  /** A name that nothing else has. */
  newName: () => string
}

/** What is typed into one step: the largest, masks of sixteen views with 32 zones of 64 corners, is about 200 kB. */
const ENTERED_MAX_BYTES = 256 * 1024
/** A fleet of 41 sites puts some dozens into service in a year. */
const LISTED = 200
/** A phone's clock that is ahead would make everything that is entered later older than it. */
const AHEAD_AT_MOST_MS = 60_000

export const COMMISSIONING_PATH = Type.Object({ commissioning: Type.String() })

/** The record of putting a site into service: begun, gone on with, read. */
export const commissioningRoutes =
  ({ store, clock, newName }: CommissioningDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { fleet, commissionings, audit } = store
    const siteNameOf = async ({ site }: Commissioning) => (await fleet.site(site))?.name ?? null

    async function whole(commissioning: Commissioning) {
      const { id } = commissioning
      const [siteName, steps, photos, reports] = await Promise.all([
        siteNameOf(commissioning),
        commissionings.steps(id),
        commissionings.photos(id),
        commissionings.reports(id),
      ])
      return {
        ...summaryOf(commissioning, siteName),
        steps: stepsTold(steps),
        photos: photos.map(photoTold),
        reports: reports.map(reportTold),
      }
    }

    app.route({
      method: 'POST',
      url: '/commissionings',
      config: { action: 'site.commission', siteInBody: 'site' },
      schema: {
        operationId: 'beginCommissioning',
        summary: 'Begins to put a site into service, or goes on where it is open',
        tags: ['operators'],
        body: Type.Object({ site: Type.String(), unit: Type.Optional(Type.String()) }),
        response: {
          ...answer(200, 'One of this site is open: it goes on.', 'application/json', Type.Ref('Commissioning')),
          ...answer(201, 'Begun.', 'application/json', Type.Ref('Commissioning')),
          ...problems('parameters-wrong', 'site-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const { site, unit } = request.body
        if (!isSiteId(site) || (await fleet.site(site)) === undefined) return sendSiteUnknown(reply)
        if (unit !== undefined && !isUnitId(unit)) throw new ParametersWrong([{ place: 'unit', message: 'is no unit' }])
        const begun = await commissionings.begin({
          id: newName(),
          site,
          unit: unit ?? null,
          kind: 'new',
          technician: nameOf(request),
          startedAt: clock.now(),
          finishedAt: null,
          replacedUnit: null,
          oldUnitEnds: null,
          reason: null,
        })
        const { id, startedAt: at } = begun.commissioning
        if (begun.isNew) {
          await audit.append({
            at,
            who: nameOf(request),
            action: 'commissioning.begun',
            what: id,
            site,
            after: { unit },
          })
        }
        if (unit !== undefined) await commissionings.setUnit(id, unit)
        const commissioning = (await commissionings.of(id)) ?? begun.commissioning
        return reply.code(begun.isNew ? 201 : 200).send(await whole(commissioning))
      },
    })

    app.route({
      method: 'GET',
      url: '/commissionings',
      config: { action: 'site.commission' },
      schema: {
        operationId: 'listCommissionings',
        summary: 'What is being, and was, put into service; the newest first',
        tags: ['operators'],
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          open: Type.Optional(Type.Boolean({ description: 'Only what is open, or only what is finished.' })),
        }),
        response: {
          ...answer(
            200,
            `At most ${LISTED}.`,
            'application/json',
            Type.Object({ commissionings: Type.Array(Type.Ref('CommissioningSummary')) }),
          ),
          ...problems('parameters-wrong', 'site-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const { site, open } = request.query
        if (site !== undefined && !isSiteId(site)) return sendSiteUnknown(reply)
        const reach = sitesOf(request.person, 'site.commission')
        const sites = reach === 'all' ? undefined : reach
        const rows = await commissionings.list({ site, sites, isOpen: open, limit: LISTED })
        const told = rows.map(async (row) => summaryOf(row, await siteNameOf(row)))
        return reply.send({ commissionings: await Promise.all(told) })
      },
    })

    app.route({
      method: 'GET',
      url: '/commissionings/:commissioning',
      config: atItsSite(commissionings),
      schema: {
        operationId: 'readCommissioning',
        summary: 'One, with everything that was entered, its photos and its reports',
        tags: ['operators'],
        params: COMMISSIONING_PATH,
        response: {
          ...answer(200, 'The record.', 'application/json', Type.Ref('Commissioning')),
          ...problems('commissioning-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const commissioning = await commissionings.of(request.params.commissioning)
        return commissioning === undefined ? sendUnknown(reply) : reply.send(await whole(commissioning))
      },
    })

    app.route({
      method: 'PUT',
      url: '/commissionings/:commissioning/steps/:step',
      config: atItsSite(commissionings),
      bodyLimit: ENTERED_MAX_BYTES,
      schema: {
        operationId: 'enterStep',
        summary: 'Keeps what was entered in a step; the same again changes nothing',
        description:
          'The whole of the step each time. What was entered before what stands, as the queue of a phone may send it ' +
          'late, changes nothing: the answer is the step as it stands.',
        tags: ['operators'],
        params: Type.Object({ commissioning: Type.String(), step: Type.String() }),
        body: Type.Object({
          entered: Type.Record(Type.String(), Type.Unknown()),
          done: Type.Optional(Type.Boolean()),
          enteredAt: Type.Optional(Type.String({ format: 'date-time', description: 'When; absent: now.' })),
          seconds: Type.Optional(
            Type.Integer({ minimum: 0, maximum: 86_400, description: 'How long the step was in front of somebody.' }),
          ),
        }),
        response: {
          ...answer(200, 'The step as it stands.', 'application/json', Type.Ref('CommissioningStep')),
          ...problems('parameters-wrong', 'commissioning-unknown', 'commissioning-closed', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const { commissioning: id, step } = request.params
        const { entered, done = false, enteredAt: said, seconds } = request.body
        const now = clock.now()
        if (!isStepName(step)) {
          throw new ParametersWrong([{ place: 'step', message: `is none of ${STEP_NAMES.join(', ')}` }])
        }
        const enteredAt = said === undefined ? now : Math.min(Date.parse(said), now + AHEAD_AT_MOST_MS)
        if (Number.isNaN(enteredAt)) throw new ParametersWrong([{ place: 'enteredAt', message: 'is no time' }])
        const commissioning = await commissionings.of(id)
        if (commissioning === undefined) return sendUnknown(reply)
        if (commissioning.finishedAt !== null) return sendClosed(reply)
        const standing = await commissionings.enter({
          commissioning: id,
          step,
          entered: JSON.stringify(entered),
          enteredAt,
          enteredBy: nameOf(request),
          startedAt: seconds === undefined ? now : now - seconds * 1000,
          changedAt: now,
          doneAt: done ? now : null,
          spentS: seconds ?? null,
        })
        const { unit } = entered
        if (step === 'unit' && typeof unit === 'string' && isUnitId(unit)) await commissionings.setUnit(id, unit)
        return reply.send(stepTold(standing))
      },
    })
  }

export const sendUnknown = (reply: FastifyReply) =>
  sendProblem(reply, 'commissioning-unknown', { detail: 'GET /api/v1/commissionings lists them.' })

export const sendClosed = (reply: FastifyReply) =>
  sendProblem(reply, 'commissioning-closed', { detail: 'Its report is made. POST /api/v1/commissionings begins anew.' })
