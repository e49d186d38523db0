import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import { hashOfSecret } from '../people/secret.ts'
import type { From, SignIn, SignInOutcome } from '../people/sign-in.ts'
import type { Store } from '../store/store.ts'
import { answer, nothing, problems, sendNothing } from './answers.ts'
import { deviceSecretIn, setDeviceCookie } from './device-cookie.ts'
import { meOf, Password, type SignedIn } from './people-schemas.ts'
import { sendProblem } from './problem.ts'
import { OPERATORS } from './security.ts'
import { clearSessionCookie, sessionSecretIn, setSessionCookie } from './session-cookie.ts'

type Deps = { signIn: SignIn; store: Pick<Store, 'sessions' | 'secondFactors'>; clock: Clock }

const Code = Type.String({
  description: 'Of the authenticator, or one of the codes on paper.',
  minLength: 6,
  maxLength: 32,
})

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
        return sendOutcome(request, reply, store, await signIn.withPassword(name, password, fromOf(request)))
      },
    })

    app.route({
      method: 'POST',
      url: '/session/second-factor',
      config: { action: 'public' },
      schema: {
        operationId: 'giveSecondFactor',
        summary: 'Give the second factor, after the first one was right',
        description: 'Public as far as rights go: it wants the cookie that the first factor gave, for five minutes.',
        tags: ['people'],
        body: Type.Object({ code: Code }),
        response: {
          ...answer(200, 'Signed in.', 'application/json', Type.Ref('SignedIn')),
          ...problems(
            'parameters-wrong',
            'sign-in-needed',
            'second-factor-refused',
            'origin-foreign',
            'sign-in-paused',
          ),
        },
      },
      handler: async (request, reply) => {
        reply.headers(OPERATORS)
        const secret = sessionSecretIn(request)
        const found = secret === null ? undefined : await store.sessions.find(hashOfSecret(secret), clock.now())
        if (found?.session.stage !== 'second-factor')
          return sendProblem(reply, 'sign-in-needed', { detail: 'Begin with the first factor.' })
        const outcome = await signIn.withCode(found.session, found.person, request.body.code, fromOf(request))
        if (outcome.kind === 'refused')
          return sendProblem(reply, 'second-factor-refused', { detail: 'Each code opens once. Wait for the next.' })
        return sendOutcome(request, reply, store, outcome)
      },
    })

    app.route({
      method: 'POST',
      url: '/session/confirmation',
      config: { action: 'own-account' },
      schema: {
        operationId: 'confirmSession',
        summary: 'Prove again to be there, before something sensitive',
        tags: ['people'],
        body: Type.Object({ password: Type.Optional(Password), code: Type.Optional(Code) }),
        response: {
          ...nothing('Confirmed for ten minutes.'),
          ...problems('parameters-wrong', 'sign-in-needed', 'confirmation-refused', 'origin-foreign', 'sign-in-paused'),
        },
      },
      handler: async (request, reply) => {
        const { password, code } = request.body
        const { session, person } = request
        const proof = code !== undefined ? { code } : { password: password ?? '' }
        const outcome = await signIn.confirm(session, person, proof, fromOf(request))
        if (outcome.kind === 'refused')
          return sendProblem(reply, 'confirmation-refused', { detail: 'Neither password nor code fits.' })
        return outcome.kind === 'confirmed' ? sendNothing(reply) : sendPaused(reply, outcome.retryAfterS)
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
        response: { ...nothing('This session has ended.'), ...problems('sign-in-needed') },
      },
      handler: async ({ person, session }, reply) => {
        const entry = { at: clock.now(), who: person.name, action: 'session.ended', what: session.id, site: null }
        await store.sessions.end(person.id, session.id, entry)
        return sendNothing(clearSessionCookie(reply))
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
      handler: async ({ person }, reply) => reply.send(await meOf(person, store.secondFactors)),
    })
  }

/** From where a request comes, bounded: it is kept and shown. */
export const fromOf = (request: FastifyRequest): From => ({
  address: request.ip,
  device: (request.headers['user-agent'] ?? '').slice(0, 200),
  deviceSecret: deviceSecretIn(request),
})

/** Answers with what came of it. */
export async function sendOutcome(
  request: FastifyRequest,
  reply: FastifyReply,
  { secondFactors }: Pick<Store, 'secondFactors'>,
  outcome: SignInOutcome,
): Promise<FastifyReply> {
  if (outcome.kind === 'refused')
    return sendProblem(reply, 'sign-in-refused', { detail: 'Or the account is not open. Nothing more is said here.' })
  if (outcome.kind === 'paused') return sendPaused(reply, outcome.retryAfterS)
  await keepOutcome(request, reply, { secondFactors }, outcome)
  const { kind, person } = outcome
  const me = kind === 'signed-in' ? await meOf(person, secondFactors) : null
  return reply.send({ state: kind, me } satisfies Static<typeof SignedIn>)
}

/** Gives the browser its session; one in which somebody has come in is known from now on. */
export async function keepOutcome(
  request: FastifyRequest,
  reply: FastifyReply,
  { secondFactors }: Pick<Store, 'secondFactors'>,
  { kind, session, secret, person }: Extract<SignInOutcome, { session: unknown }>,
): Promise<void> {
  setSessionCookie(reply, secret, session.endsAt)
  if (kind === 'signed-in')
    await secondFactors.knowDevice(hashOfSecret(setDeviceCookie(request, reply)), person.id, session.startedAt)
}

const sendPaused = (reply: FastifyReply, retryAfterS: number) =>
  sendProblem(reply, 'sign-in-paused', { detail: 'Too many attempts from here.', retryAfterS })
