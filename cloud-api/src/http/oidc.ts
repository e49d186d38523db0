import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import type { Oidc } from '../people/oidc.ts'
import { looksLikeSecret } from '../people/secret.ts'
import type { SignIn } from '../people/sign-in.ts'
import type { Store } from '../store/store.ts'
import { answer, problems } from './answers.ts'
import { fewFromOneNetwork } from './few-from-one-network.ts'
import { sendProblem } from './problem.ts'
import { originOf } from './relying-party.ts'
import { OPERATORS } from './security.ts'
import { fromOf, keepOutcome } from './session.ts'

type Deps = { oidc: Oidc | null; signIn: SignIn; store: Pick<Store, 'secondFactors' | 'attempts'>; clock: Clock }

const AWAY_COOKIE = '__Host-vigie-away'
const COOKIE = { path: '/', httpOnly: true, secure: true, sameSite: 'lax' } as const
const CALLBACK = '/api/v1/session/oidc/callback'
const REFUSED = '/connexion?refus=compte'

/** Which ways in there are, and the one by the identity provider. */
export const oidcRoutes =
  (
    { oidc, signIn, store, clock }: Deps,
    { publicOrigin }: { publicOrigin: string | null },
  ): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.route({
      method: 'GET',
      url: '/session/ways',
      config: { action: 'public' },
      schema: {
        operationId: 'readSignInWays',
        summary: 'Which ways in there are besides name and password',
        tags: ['people'],
        response: {
          ...answer(
            200,
            'For the page that asks.',
            'application/json',
            Type.Object({
              oidc: Type.Union([Type.String(), Type.Null()], {
                description: 'What the identity provider is called; null: there is none.',
              }),
            }),
          ),
        },
      },
      handler: async (_request, reply) => reply.headers(OPERATORS).send({ oidc: oidc?.label ?? null }),
    })

    app.route({
      method: 'GET',
      url: '/session/oidc',
      config: { action: 'public' },
      preHandler: fewFromOneNetwork(store, clock),
      schema: {
        operationId: 'beginOidc',
        summary: 'Go to the identity provider',
        tags: ['people'],
        querystring: Type.Object({
          retour: Type.Optional(
            Type.String({ maxLength: 512, description: 'Where to go afterwards: an address of ours.' }),
          ),
        }),
        response: {
          303: { type: 'null', description: 'To the identity provider, or to the sign-in page when it is away.' },
          ...problems('address-unknown', 'sign-in-paused', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        if (oidc === null) return sendProblem(reply, 'address-unknown', { detail: 'There is no identity provider.' })
        const { retour = '' } = request.query
        // An address of another site would make of us a way to it.
        const back = /^\/(?![/\\])/.test(retour) ? retour : '/veille'
        try {
          const { address, secret } = await oidc.begin(originOf(request, publicOrigin) + CALLBACK, back)
          reply.setCookie(AWAY_COOKIE, secret, COOKIE)
          return go(reply, address)
        } catch (err) {
          request.log.warn({ event: 'people.oidc-away', err })
          return go(reply, '/connexion?refus=fournisseur')
        }
      },
    })

    app.route({
      method: 'GET',
      url: '/session/oidc/callback',
      config: { action: 'public' },
      schema: {
        operationId: 'endOidc',
        summary: 'Come back from the identity provider',
        tags: ['people'],
        response: { 303: { type: 'null', description: 'Signed in, or back to the sign-in page.' } },
      },
      handler: async (request, reply) => {
        const secret = request.cookies[AWAY_COOKIE]
        reply.clearCookie(AWAY_COOKIE, COOKIE)
        if (oidc === null || !looksLikeSecret(secret)) return go(reply, REFUSED)
        const found = await oidc.end(secret, new URL(request.url, originOf(request, publicOrigin)))
        if (found === null) return go(reply, REFUSED)
        const { person, isStrong, back } = found
        const from = fromOf(request)
        const outcome = isStrong
          ? await signIn.begin(person, 'oidc mfa', from)
          : await signIn.afterFirstFactor(person, 'oidc', from)
        if (outcome.kind !== 'signed-in' && outcome.kind !== 'second-factor') return go(reply, REFUSED)
        await keepOutcome(request, reply, store, outcome)
        const next =
          outcome.kind === 'signed-in' ? back : `/connexion?etape=second-facteur&retour=${encodeURIComponent(back)}`
        return go(reply, next)
      },
    })
  }

const go = (reply: FastifyReply, address: string): FastifyReply => reply.headers(OPERATORS).redirect(address, 303)
