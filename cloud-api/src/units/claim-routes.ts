import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { SiteId, UnitId } from '@vigie/contract/ids'
import { BOUND_CLAIM_MAX_S, CLAIM_MAX_S, ClaimText, REFUSALS } from '@vigie/contract/office'
import Type from 'typebox'
import { answer, nothing, problems, sendNothing } from '../http/answers.ts'
import { sendProblem } from '../http/problem.ts'
import { may } from '../people/person.ts'
import type { AuthorityOffice } from './authority-office.ts'

type Deps = { office: AuthorityOffice }

/** Claims: the one-time credential of a box, made here by people and kept by the authority. What is done stands in the trail. */
export const claimRoutes =
  ({ office }: Deps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.route({
      method: 'POST',
      url: '/claims',
      config: { action: 'claim.make', siteInBody: 'site' },
      schema: {
        operationId: 'makeClaim',
        summary: 'Make a claim for a box; its code is told here once',
        tags: ['units'],
        body: Type.Object({
          unit: Type.Optional(UnitId),
          site: Type.Optional(SiteId),
          expiresInS: Type.Optional(Type.Integer({ minimum: 60, maximum: CLAIM_MAX_S })),
        }),
        response: {
          ...answer(201, 'The code, as it is and in twelve words.', 'application/json', Type.Ref('ClaimMade')),
          ...problems('parameters-wrong', 'sign-in-needed', 'not-allowed', 'out-of-scope', 'not-ready'),
        },
      },
      handler: async ({ body, person }, reply) => {
        const { unit, site, expiresInS = site === undefined ? CLAIM_MAX_S : BOUND_CLAIM_MAX_S } = body
        const named = { ...(unit === undefined ? {} : { unit }), ...(site === undefined ? {} : { site }) }
        const made = await office.makeClaim({ ...named, expiresInS, by: person.name })
        // After `#`: a browser sends nothing of it to any server, and none writes it to a log.
        const label = new URLSearchParams({ ...(unit === undefined ? {} : { u: unit }), c: made.code })
        return reply.code(201).send({ ...made, path: `/pose#${label}` })
      },
    })

    app.route({
      method: 'POST',
      url: '/claims/bind',
      config: { action: 'claim.make', siteInBody: 'site' },
      schema: {
        operationId: 'bindClaim',
        summary: 'Bind the claim that a box shows to the site where it stands',
        tags: ['units'],
        body: Type.Object({ code: ClaimText, site: SiteId }),
        response: {
          ...answer(200, 'The claim: its box may enrol now.', 'application/json', Type.Ref('Claim')),
          ...problems(
            'parameters-wrong',
            'sign-in-needed',
            'not-allowed',
            'out-of-scope',
            'claim-refused',
            'not-ready',
          ),
        },
      },
      handler: async ({ body, person }, reply) => {
        const outcome = await office.bindClaim({ code: body.code, site: body.site, by: person.name })
        if (outcome.ok) return reply.send(outcome.value)
        const { refusal } = outcome
        return sendProblem(reply, 'claim-refused', { detail: `${REFUSALS[refusal]}.`, members: { reason: refusal } })
      },
    })

    app.route({
      method: 'GET',
      url: '/claims',
      config: { action: 'claim.make' },
      schema: {
        operationId: 'listClaims',
        summary: 'Claims, the newest first, without their codes',
        tags: ['units'],
        response: {
          ...answer(200, 'Those of your sites, and those of no site yet.', 'application/json', Type.Ref('Claims')),
          ...problems('sign-in-needed', 'not-allowed', 'not-ready'),
        },
      },
      handler: async ({ person }, reply) => {
        const claims = await office.claims()
        return reply.send({ claims: claims.filter(({ site }) => may(person, 'claim.make', site ?? undefined)) })
      },
    })

    app.route({
      method: 'DELETE',
      url: '/claims/:id',
      config: {
        action: 'claim.make',
        findSite: async ({ params }) => {
          const { id } = params as { id: string } // the address has it
          return (await office.claims()).find((claim) => claim.id === id)?.site ?? undefined
        },
      },
      schema: {
        operationId: 'withdrawClaim',
        summary: 'Withdraw a claim: nobody enrols with it any more',
        tags: ['units'],
        params: Type.Object({ id: Type.String() }),
        response: {
          ...nothing('It is withdrawn.'),
          ...problems('sign-in-needed', 'not-allowed', 'out-of-scope', 'claim-unknown', 'not-ready'),
        },
      },
      handler: async ({ params, person }, reply) =>
        (await office.withdrawClaim(params.id, person.name))
          ? sendNothing(reply)
          : sendProblem(reply, 'claim-unknown', { detail: 'GET /api/v1/claims lists them.' }),
    })
  }
