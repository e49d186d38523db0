import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { CivilDate, civilDayOf, dateOfCivilDay } from '@vigie/contract/gate/civil-time'
import type { Admission } from '@vigie/contract/gate/conflict'
import { Reason } from '@vigie/contract/gate/row'
import type { SiteId } from '@vigie/contract/ids'
import Type from 'typebox'
import type { Conflicts, ListedConflict } from '../conflicts.ts'
import { dayReport } from '../day-report.ts'
import type { Jauge } from '../jauge.ts'
import type { MuseumLedger } from '../ledger/museum-ledger.ts'
import type { Lists } from '../lists.ts'
import { answer, answerList, nothing, problems } from './answers.ts'
import { Refusal } from './problem.ts'

type Deps = {
  site: SiteId
  ledger: MuseumLedger
  lists: Lists
  conflicts: Conflicts
  jauge: Jauge
  overridesPerDay: () => number
  now: () => number
}

export const dayRoutes =
  (deps: Deps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { conflicts, now } = deps

    app.route({
      method: 'GET',
      url: '/conflicts',
      config: { access: 'gate-staff' },
      schema: {
        operationId: 'listConflicts',
        summary: 'Tickets that let in too many, at gates that did not know of one another',
        tags: ['day'],
        response: {
          ...answerList('The newest first; those that somebody has looked at too.', 'Conflict'),
          ...problems(),
        },
      },
      handler: (_request, reply) => reply.send(conflicts.all().map(toldConflict)),
    })

    app.route({
      method: 'PUT',
      url: '/conflicts/:id/acknowledgement',
      config: { access: 'gate-staff' },
      schema: {
        operationId: 'acknowledgeConflict',
        summary: 'Says that somebody has looked at it',
        tags: ['day'],
        params: Type.Object({ id: Type.String({ maxLength: 26 }) }),
        body: Type.Object({ note: Type.Optional(Reason) }),
        response: { ...nothing('Noted.'), ...problems('conflict-unknown', 'ledger-failing') },
      },
      handler: ({ params, body: { note = null }, pass }, reply) => {
        const isKnown = conflicts.acknowledge(params.id, { at: now(), by: pass.staff, note })
        if (!isKnown) throw new Refusal('conflict-unknown', 'GET /api/v1/conflicts lists them.')
        return reply.code(204).send()
      },
    })

    app.route({
      method: 'GET',
      url: '/report',
      config: { access: 'gate-staff' },
      schema: {
        operationId: 'readReport',
        summary: 'The closing report of a day',
        tags: ['day'],
        querystring: Type.Object({
          day: Type.Optional(Type.Unsafe<string>({ ...CivilDate, description: 'Today if absent.' })),
        }),
        response: { ...answer(200, 'The day so far, or whole.', 'DayReport'), ...problems() },
      },
      handler: ({ query }, reply) => reply.send(dayReport(query.day ?? dateOfCivilDay(civilDayOf(now())), deps)),
    })
  }

const toldConflict = ({ id, ticket, persons, stands, beyond, acknowledged }: ListedConflict) => ({
  ...{ id, ticket, persons },
  stands: stands.map(toldAdmission),
  beyond: beyond.map(toldAdmission),
  acknowledged: acknowledged && { ...acknowledged, at: new Date(acknowledged.at).toISOString() },
})

const toldAdmission = ({ row, at, lane, persons, clock, clockErrorMs, listAge, onList }: Admission) => ({
  ...{ row, at, lane, persons, clock, clockErrorMs, listAge, isOfPhoneAlone: onList === 'phone' },
})
