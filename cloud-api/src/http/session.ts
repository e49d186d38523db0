import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import type { Whereabouts } from '../people/new-session.ts'
import type { SignIn, SignInOutcome } from '../people/sign-in.ts'
import type { Store } from '../store/store.ts'
import { answer, problems } from './answers.ts'
import { meOf, Password, type SignedIn } from './people-schemas.ts'
import { sendProblem } from './problem.ts'
import { OPERATORS } from './security.ts'
import { clearSessionCookie, setSessionCookie } from './session-cookie.ts'

type Deps = { signIn: SignIn; store: Pick<Store, 'sessions'>; clock: Clock }

/** Signing in and out. */
export const sessionRoutes =
  ({ signIn, store, clock }: Deps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.route({
      method: 'POST',
      url: '/session',
      config: { action: 'public' },
      schema: {
        operationId: 'signIn',
        summary: 'Sign in with name and password',
        description:
          'The answer sets a cookie. Every request that changes something carries the header x-vigie-client.',
        tags: ['people'],
        body: Type.Object({ name: Type.String({ minLength: 1, maxLength: 64 }), password: Password }),
        response: {
          ...answer(200, 'Signed in, or the second factor is asked next.', 'application/json', Type.Ref('SignedIn')),
          ...problems('parameters-wrong', 'sign-in-refused', 'origin-foreign', 'sign-in-paused', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        reply.headers(OPERATORS)
        const { name, password } = request.body
        return sendOutcome(reply, await signIn.withPassword(name, password, whereaboutsOf(request)))
      },
    })

    app.route({
      method: 'DELETE',
      url: '/session',
      config: { action: 'own-account' },
      schema: {
        operationId: 'signOut',
        summary: 'Sign out',
        tags: ['people'],
        response: { 204: { type: 'null', description: 'This session has ended.' }, ...problems('sign-in-needed') },
      },
      handler: async ({ person, session }, reply) => {
        const entry = { at: clock.now(), who: person.name, action: 'session.ended', what: session.id, site: null }
        await store.sessions.end(person.id, session.id, entry)
        return clearSessionCookie(reply).code(204).send()
      },
    })

    app.route({
      method: 'GET',
      url: '/me',
      config: { action: 'own-account' },
      schema: {
        operationId: 'readMe',
        summary: 'Who is signed in, and what they may do',
        tags: ['people'],
        response: {
          ...answer(200, 'The account.', 'application/json', Type.Ref('Me')),
          ...problems('sign-in-needed', 'not-ready'),
        },
      },
      handler: async ({ person }, reply) => reply.send(meOf(person)),
    })
  }

/** From where a request comes, bounded: it is kept and shown. */
export const whereaboutsOf = ({ ip, headers }: FastifyRequest): Whereabouts => ({
  address: ip,
  device: (headers['user-agent'] ?? '').slice(0, 200),
})

export function sendOutcome(reply: FastifyReply, outcome: SignInOutcome): FastifyReply {
  if (outcome.kind === 'refused')
    return sendProblem(reply, 'sign-in-refused', { detail: 'Or the account is not open. Nothing more is said here.' })
  if (outcome.kind === 'paused') {
    const { retryAfterS } = outcome
    return sendProblem(reply, 'sign-in-paused', { detail: 'Try again later.', retryAfterS })
  }
  setSessionCookie(reply, outcome.secret, outcome.session.endsAt)
  const isIn = outcome.kind === 'signed-in'
  return reply.send({ state: outcome.kind, me: isIn ? meOf(outcome.person) : null } satisfies Static<typeof SignedIn>)
}
