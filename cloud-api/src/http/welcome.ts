import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import { nameAsKept } from '../people/name.ts'
import type { PasswordHash } from '../people/password-hash.ts'
import type { PasswordRules, PasswordWeakness } from '../people/password-rules.ts'
import type { Grant } from '../people/person.ts'
import { hashOfSecret } from '../people/secret.ts'
import { SECOND_FACTOR_GRACE_MS } from '../people/session-life.ts'
import type { SignIn } from '../people/sign-in.ts'
import type { Store } from '../store/store.ts'
import { answer, nothing, problems, sendNothing } from './answers.ts'
import { fewFromOneNetwork } from './few-from-one-network.ts'
import { DisplayName, Name, Password, Secret, Time } from './people-schemas.ts'
import { sendProblem } from './problem.ts'
import { OPERATORS } from './security.ts'
import { fromOf, sendOutcome } from './session.ts'

type Deps = {
  store: Pick<Store, 'people' | 'oneTimeLinks' | 'attempts' | 'secondFactors'>
  passwords: PasswordHash
  rules: PasswordRules
  signIn: SignIn
  clock: Clock
  newName: () => string
}

/** What a one-time link opens: the first administrator's account, and that of somebody who was invited. */
export const welcomeRoutes =
  ({ store, passwords, rules, signIn, clock, newName }: Deps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addHook('preHandler', fewFromOneNetwork(store, clock))

    app.route({
      method: 'POST',
      url: '/welcome',
      config: { action: 'public' },
      schema: {
        operationId: 'readLink',
        summary: 'What a one-time link opens',
        description: 'A POST: the secret stands in the body, so that it is in no address and in no log.',
        tags: ['people'],
        body: Type.Object({ secret: Secret }),
        response: {
          ...answer(
            200,
            'The link can still be used.',
            'application/json',
            Type.Object({
              kind: Type.Enum(['first-administrator', 'invitation', 'new-password']),
              displayName: Type.String(),
              endsAt: Time,
            }),
          ),
          ...problems('parameters-wrong', 'origin-foreign', 'link-void', 'sign-in-paused', 'not-ready'),
        },
      },
      handler: async ({ body }, reply) => {
        reply.headers(OPERATORS)
        const link = await store.oneTimeLinks.find(hashOfSecret(body.secret), clock.now())
        if (link === undefined) return sendVoid(reply)
        const { kind, displayName } = link
        return reply.send({ kind, displayName, endsAt: new Date(link.endsAt).toISOString() })
      },
    })

    app.route({
      method: 'POST',
      url: '/welcome/account',
      config: { action: 'public' },
      schema: {
        operationId: 'openAccount',
        summary: 'Open an account by a one-time link, and sign in',
        tags: ['people'],
        body: Type.Object({ secret: Secret, name: Name, displayName: DisplayName, password: Password }),
        response: {
          ...answer(200, 'The account is there and signed in.', 'application/json', Type.Ref('SignedIn')),
          ...problems(
            'parameters-wrong',
            'origin-foreign',
            'link-void',
            'name-taken',
            'password-weak',
            'sign-in-paused',
          ),
          ...problems('not-ready'),
        },
      },
      handler: async (request, reply) => {
        reply.headers(OPERATORS)
        const { secret, displayName, password } = request.body
        const now = clock.now()
        const link = await store.oneTimeLinks.find(hashOfSecret(secret), now)
        if (link === undefined || link.kind === 'new-password') return sendVoid(reply)
        const name = nameAsKept(request.body.name)
        const weakness = await rules(password, { name, displayName })
        if (weakness !== null) return sendWeak(reply, weakness)
        const grants = JSON.parse(link.roles) as Grant[] // written by ourselves
        const person = { id: newName(), name, displayName, email: null, grants }
        const use = await store.oneTimeLinks.useFor(
          link.tokenHash,
          { ...person, passwordHash: await passwords.make(password), secondFactorBy: now + SECOND_FACTOR_GRACE_MS },
          { at: now, who: name, action: 'person.entered', what: name, site: null, after: { by: link.madeBy, grants } },
        )
        if (use.kind === 'void') return sendVoid(reply)
        if (use.kind === 'name-taken') return sendProblem(reply, 'name-taken', { detail: 'Choose another name.' })
        const entered = await store.people.byId(person.id)
        if (entered === undefined) return sendVoid(reply)
        return sendOutcome(request, reply, store, await signIn.begin(entered, 'password', fromOf(request)))
      },
    })

    app.route({
      method: 'POST',
      url: '/welcome/password',
      config: { action: 'public' },
      schema: {
        operationId: 'renewPassword',
        summary: 'Choose a new password by a one-time link',
        description: 'All sessions of the person end. A second factor stays, and is asked at the next sign-in.',
        tags: ['people'],
        body: Type.Object({ secret: Secret, password: Password }),
        response: {
          ...nothing('The password is the new one.'),
          ...problems(
            'parameters-wrong',
            'origin-foreign',
            'link-void',
            'password-weak',
            'sign-in-paused',
            'not-ready',
          ),
        },
      },
      handler: async ({ body }, reply) => {
        reply.headers(OPERATORS)
        const now = clock.now()
        const link = await store.oneTimeLinks.find(hashOfSecret(body.secret), now)
        const person = link?.person == null ? undefined : await store.people.byId(link.person)
        if (link?.kind !== 'new-password' || person === undefined) return sendVoid(reply)
        const weakness = await rules(body.password, person)
        if (weakness !== null) return sendWeak(reply, weakness)
        const entry = { at: now, who: person.name, action: 'password.changed', what: person.name, site: null }
        const after = { by: link.madeBy }
        const hash = await passwords.make(body.password)
        const use = await store.oneTimeLinks.useForPassword(link.tokenHash, hash, { ...entry, after })
        return use.kind === 'used' ? sendNothing(reply) : sendVoid(reply)
      },
    })
  }

export const sendWeak = (reply: FastifyReply, reason: PasswordWeakness) =>
  sendProblem(reply, 'password-weak', { detail: `Reason: ${reason}.`, members: { reason } })

const sendVoid = (reply: FastifyReply) =>
  sendProblem(reply, 'link-void', { detail: 'It was used, is too old, or was never one. Ask for a new one.' })
