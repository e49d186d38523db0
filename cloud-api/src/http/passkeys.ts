import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Clock } from '@vigie/contract/clock'
import Type from 'typebox'
import type { Passkeys } from '../people/passkeys.ts'
import { hashOfSecret } from '../people/secret.ts'
import type { SignIn } from '../people/sign-in.ts'
import type { Store } from '../store/store.ts'
import { answer, nothing, problems, sendNothing } from './answers.ts'
import { fewFromOneNetwork } from './few-from-one-network.ts'
import { DisplayName, Time, timeOrNull } from './people-schemas.ts'
import { sendProblem } from './problem.ts'
import { relyingPartyOf } from './relying-party.ts'
import { OPERATORS } from './security.ts'
import { fromOf, sendOutcome } from './session.ts'
import { sessionSecretIn } from './session-cookie.ts'

type Deps = {
  passkeys: Passkeys
  signIn: SignIn
  store: Pick<Store, 'secondFactors' | 'sessions' | 'attempts'>
  clock: Clock
}

/** What a browser says; the library looks at the rest of it. */
const Credential = Type.Object({
  id: Type.String({ maxLength: 1024 }),
  rawId: Type.String({ maxLength: 1024 }),
  type: Type.String({ maxLength: 32 }),
  response: Type.Object({ clientDataJSON: Type.String({ maxLength: 4096 }) }, { additionalProperties: true }),
})
/** What a browser is asked, as WebAuthn spells it. */
const Options = Type.Object({ challenge: Type.String() }, { additionalProperties: true })

/** Passkeys: kept in the own account, and a way in. */
export const passkeyRoutes =
  (
    { passkeys, signIn, store, clock }: Deps,
    { publicOrigin }: { publicOrigin: string | null },
  ): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.route({
      method: 'POST',
      url: '/session/passkey/options',
      config: { action: 'public' },
      preHandler: fewFromOneNetwork(store, clock),
      schema: {
        operationId: 'beginPasskeySignIn',
        summary: 'What the browser asks a passkey to sign',
        tags: ['people'],
        response: {
          ...answer(200, 'For navigator.credentials.get.', 'application/json', Options),
          ...problems('origin-foreign', 'sign-in-paused', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        return reply.headers(OPERATORS).send(await passkeys.beginSignIn(relyingPartyOf(request, publicOrigin)))
      },
    })

    app.route({
      method: 'POST',
      url: '/session/passkey',
      config: { action: 'public' },
      schema: {
        operationId: 'signInWithPasskey',
        summary: 'Sign in with a passkey: both factors in one',
        tags: ['people'],
        body: Type.Object({ response: Type.Unsafe<AuthenticationResponseJSON>(Credential) }),
        response: {
          ...answer(200, 'Signed in.', 'application/json', Type.Ref('SignedIn')),
          ...problems('parameters-wrong', 'sign-in-refused', 'origin-foreign', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        reply.headers(OPERATORS)
        const person = await passkeys.whoSignsIn(request.body.response, relyingPartyOf(request, publicOrigin))
        if (person === null)
          return sendProblem(reply, 'sign-in-refused', { detail: 'This passkey opens nothing here.' })
        // A session that waited for its second factor has found it.
        const secret = sessionSecretIn(request)
        const waiting = secret === null ? undefined : await store.sessions.find(hashOfSecret(secret), clock.now())
        const instead = waiting?.session.stage === 'second-factor' ? waiting.session.id : undefined
        return sendOutcome(request, reply, store, await signIn.begin(person, 'passkey', fromOf(request), instead))
      },
    })

    app.route({
      method: 'GET',
      url: '/me/passkeys',
      config: { action: 'own-account' },
      schema: {
        operationId: 'listPasskeys',
        summary: 'The own passkeys',
        tags: ['people'],
        response: {
          ...answer(
            200,
            'In the order in which they were added.',
            'application/json',
            Type.Object({
              passkeys: Type.Array(
                Type.Object({
                  id: Type.String(),
                  label: Type.String(),
                  madeAt: Time,
                  usedAt: Type.Union([Time, Type.Null()]),
                }),
              ),
            }),
          ),
          ...problems('sign-in-needed', 'not-ready'),
        },
      },
      handler: async ({ person }, reply) => {
        const known = await store.secondFactors.passkeysOf(person.id)
        return reply.send({
          passkeys: known.map(({ id, label, madeAt, usedAt }) => ({
            ...{ id, label, madeAt: new Date(madeAt).toISOString(), usedAt: timeOrNull(usedAt) },
          })),
        })
      },
    })

    app.route({
      method: 'POST',
      url: '/me/passkeys/options',
      config: { action: 'own-account', isSensitive: true },
      schema: {
        operationId: 'beginPasskey',
        summary: 'What the browser makes a new passkey from',
        tags: ['people'],
        response: {
          ...answer(200, 'For navigator.credentials.create.', 'application/json', Options),
          ...problems('sign-in-needed', 'confirmation-needed', 'not-ready'),
        },
      },
      handler: async (request, reply) =>
        reply.send(await passkeys.beginNew(request.person, relyingPartyOf(request, publicOrigin))),
    })

    app.route({
      method: 'POST',
      url: '/me/passkeys',
      config: { action: 'own-account', isSensitive: true },
      schema: {
        operationId: 'addPasskey',
        summary: 'Keep a new passkey',
        tags: ['people'],
        body: Type.Object({ label: DisplayName, response: Type.Unsafe<RegistrationResponseJSON>(Credential) }),
        response: {
          ...nothing('It opens the account from now on.'),
          ...problems('parameters-wrong', 'sign-in-needed', 'confirmation-needed', 'passkey-refused', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const { person, body } = request
        const passkey = await passkeys.endNew(person, body.response, relyingPartyOf(request, publicOrigin))
        if (passkey === null || (await store.secondFactors.passkey(passkey.id)) !== undefined)
          return sendProblem(reply, 'passkey-refused', { detail: 'Begin again with POST /api/v1/me/passkeys/options.' })
        const entry = { at: clock.now(), who: person.name, action: 'passkey.added', what: body.label, site: null }
        await store.secondFactors.addPasskey({ ...passkey, label: body.label }, entry)
        return sendNothing(reply)
      },
    })

    app.route({
      method: 'DELETE',
      url: '/me/passkeys/:passkey',
      config: { action: 'own-account', isSensitive: true },
      schema: {
        operationId: 'removePasskey',
        summary: 'Remove one of the own passkeys',
        tags: ['people'],
        params: Type.Object({ passkey: Type.String() }),
        response: {
          ...nothing('It opens nothing any more.'),
          ...problems('sign-in-needed', 'confirmation-needed', 'passkey-unknown', 'not-ready'),
        },
      },
      handler: async ({ person, params }, reply) => {
        const known = await store.secondFactors.passkeysOf(person.id)
        const what = known.find(({ id }) => id === params.passkey)?.label ?? ''
        const entry = { at: clock.now(), who: person.name, action: 'passkey.removed', what, site: null }
        const isRemoved = await store.secondFactors.removePasskey(person.id, params.passkey, entry)
        return isRemoved
          ? sendNothing(reply)
          : sendProblem(reply, 'passkey-unknown', { detail: 'It may be gone already.' })
      },
    })
  }
