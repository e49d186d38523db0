import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { unitsOf } from '@vigie/config-schema/units-of'
import type { Clock } from '@vigie/contract/clock'
import { isSiteId, isUnitId, type SiteId, type UnitId } from '@vigie/contract/ids'
import Type from 'typebox'
import { Fault } from '../faults.ts'
import { answer, problems } from '../http/answers.ts'
import { ParametersWrong } from '../http/parameters.ts'
import { sendProblem, sendSiteUnknown } from '../http/problem.ts'
import type { Store } from '../store/store.ts'
import type { AuthorityOffice } from '../units/authority-office.ts'
import { summaryOf } from './told.ts'
import { nameOf } from './who.ts'

type Deps = {
  store: Pick<Store, 'fleet' | 'commissionings' | 'audit'>
  office: Pick<AuthorityOffice, 'makeClaim' | 'revoke'>
  clock: Clock
  newName: () => string
}

/** A technician drives there and needs some hours; with one more day for snow. */
const CLAIM_LIVES_S = 2 * 86_400

/** Another box for a site: its identity, history, masks and configuration stay. */
export const replacementRoutes =
  ({ store, office, clock, newName }: Deps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { fleet, commissionings, audit } = store

    /** The cameras stay where they are: what was drawn and measured there stands to be approved again, not to be drawn again. */
    async function keepMasks(site: SiteId, id: string, at: number): Promise<void> {
      const [last] = await commissionings.list({ site, isOpen: false, limit: 1 })
      const steps = last === undefined ? [] : await commissionings.steps(last.id)
      const masks = steps.find(({ step }) => step === 'masks')
      if (masks === undefined) return
      await commissionings.enter({
        ...masks,
        commissioning: id,
        startedAt: at,
        changedAt: at,
        doneAt: null,
        spentS: null,
      })
    }

    app.route({
      method: 'POST',
      url: '/sites/:site/replacement',
      config: { action: 'site.commission', site: 'site' },
      schema: {
        operationId: 'replaceUnit',
        summary: 'Begins to replace the unit of a site',
        description:
          'The site waits for the new unit, which takes over with its first birth; then, or at once where it was ' +
          'stolen, the old one is revoked. A unit that is named comes with the claim of its label, which ' +
          'POST /api/v1/claims/bind binds to the site; for one that is not, a claim is made and told this once.',
        tags: ['operators'],
        params: Type.Object({ site: Type.String() }),
        body: Type.Object({
          reason: Type.String({ minLength: 3, maxLength: 400 }),
          oldUnitEnds: Type.Enum(['at-once', 'when-new-runs']),
          unit: Type.Optional(Type.String({ description: 'The only unit that may take over; absent: any.' })),
          replaces: Type.Optional(
            Type.String({
              description: "Which box of the site goes; absent: the site's own, at a museum its gateway's.",
            }),
          ),
        }),
        response: {
          ...answer(
            201,
            'The commissioning of the new unit, and its claim; null: the unit was named, or the authority is away.',
            'application/json',
            Type.Object({
              commissioning: Type.Ref('CommissioningSummary'),
              claim: Type.Union([
                Type.Object({
                  code: Type.String(),
                  words: Type.String(),
                  expiresAt: Type.String({ format: 'date-time' }),
                }),
                Type.Null(),
              ]),
            }),
          ),
          ...problems('parameters-wrong', 'site-unknown', 'commissioning-open', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const { site: siteId } = request.params
        const { reason, oldUnitEnds, unit: named, replaces } = request.body
        const site = isSiteId(siteId) ? await fleet.site(siteId) : undefined
        if (!isSiteId(siteId) || site === undefined) return sendSiteUnknown(reply)
        const units = unitsOf(site)
        const goes = replaces ?? site.unit
        if (!units.includes(goes))
          throw new ParametersWrong([{ place: 'replaces', message: 'is no unit of this site' }])
        if (named !== undefined && (!isUnitId(named) || units.includes(named))) {
          throw new ParametersWrong([{ place: 'unit', message: 'is no other unit' }])
        }
        const by = nameOf(request)
        const startedAt = clock.now()
        const replacedUnit = goes as UnitId // the document's schema has the same pattern
        const { commissioning, isNew } = await commissionings.begin({
          id: newName(),
          site: siteId,
          unit: named === undefined ? null : (named as UnitId), // checked above
          kind: 'replacement',
          technician: by,
          startedAt,
          finishedAt: null,
          replacedUnit,
          oldUnitEnds,
          reason: reason.replaceAll('\0', ''),
        })
        if (!isNew && commissioning.kind !== 'replacement') {
          return sendProblem(reply, 'commissioning-open', { detail: 'Finish, or hand over, the one that is open.' })
        }
        if (isNew) {
          const entry = { at: startedAt, who: by, action: 'unit.replacement-begun', what: replacedUnit, site: siteId }
          await audit.append({ ...entry, after: { oldUnitEnds, unit: named }, reason })
          await keepMasks(siteId, commissioning.id, startedAt)
        }
        // Also when it was asked for again: whoever repeats an urgent thing means it.
        if (oldUnitEnds === 'at-once') await office.revoke({ unit: replacedUnit, reason: 'stolen', by })
        // Whoever names the box has it at hand: a second claim would be a key to the site that nobody needs.
        const claim =
          named === undefined
            ? await office.makeClaim({ site: siteId, expiresInS: CLAIM_LIVES_S, by }).catch(unlessUnreachable)
            : null
        return reply.code(201).send({ commissioning: summaryOf(commissioning, site.name), claim })
      },
    })
  }

/** The replacement stands without it; a claim can be made when the authority is back. */
function unlessUnreachable(error: unknown): null {
  if (error instanceof Fault && error.code === 'authority-unreachable') return null
  throw error
}
