import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import Type from 'typebox'
import { sitesOf } from '../people/person.ts'
import type { AuditRow } from '../store/audit.ts'
import type { Store } from '../store/store.ts'
import { nothing, problems, sendNothing } from './answers.ts'
import { sendProblem } from './problem.ts'

const SEEN = 'unit.refusal-seen'

/**
 * An alarm of identity is a row of the trail, and so is that somebody has seen it: `after.row` is the newest row that was
 * seen. Who shows alarms leaves out what is no newer, of the same unit, site and reason.
 */
export const seenAlarmRoutes =
  ({ store: { audit }, clock }: { store: Pick<Store, 'audit'>; clock: Clock }): FastifyPluginAsyncTypebox =>
  async (app) => {
    const alarmAt = async (seq: number): Promise<AuditRow | undefined> => {
      const [row] = await audit.search({ before: seq + 1, limit: 1 })
      const isOne = row?.seq === seq && row.action === 'unit.refused' && JSON.parse(row.after ?? '{}')?.isAlarm === true
      return isOne ? row : undefined
    }

    app.route({
      method: 'POST',
      url: '/audit/:row/seen',
      config: {
        action: 'alarm.acknowledge',
        findSite: async ({ params }) => (await alarmAt((params as { row: number }).row))?.site ?? undefined, // the address has it
      },
      schema: {
        operationId: 'acknowledgeAlarm',
        summary: 'Say that you have seen what a row of the trail alarms of: it leaves the wall and stays in the trail',
        tags: ['people'],
        params: Type.Object({ row: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }) }),
        response: {
          ...nothing('It is seen, by you or by somebody before you.'),
          ...problems(
            'parameters-wrong',
            'sign-in-needed',
            'not-allowed',
            'out-of-scope',
            'alarm-unknown',
            'not-ready',
          ),
        },
      },
      handler: async ({ params, person }, reply) => {
        const alarm = await alarmAt(params.row)
        // One without a site is shown to those alone who are so at all sites.
        if (alarm === undefined || (alarm.site === null && sitesOf(person, 'alarm.acknowledge') !== 'all'))
          return sendProblem(reply, 'alarm-unknown', { detail: 'GET /api/v1/audit?action=unit.refused lists them.' })
        const { what, site, reason } = alarm
        const said = await audit.search({ action: SEEN, site: site ?? undefined, limit: 1_000 })
        const isSaid = said.some(
          (row) => row.what === what && row.reason === reason && JSON.parse(row.after ?? '{}')?.row >= params.row,
        )
        if (!isSaid)
          await audit.append({
            ...{ at: clock.now(), who: person.name, action: 'unit.refusal-seen', what, site },
            ...{ after: { row: params.row }, reason: reason ?? undefined },
          })
        return sendNothing(reply)
      },
    })
  }
