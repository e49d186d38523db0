import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import type { FastifyReply } from 'fastify'
import QRCode from 'qrcode'
import Type from 'typebox'
import type { PasswordHash } from '../people/password-hash.ts'
import type { PasswordRules } from '../people/password-rules.ts'
import { hashOfRecoveryCode, newRecoveryCodes } from '../people/recovery-code.ts'
import { hashOfSecret, newSecret } from '../people/secret.ts'
import { newTotpSecret, totpAddress, totpStepOf } from '../people/totp.ts'
import type { StoredPerson } from '../store/people.ts'
import type { Store } from '../store/store.ts'
import type { Vault } from '../vault.ts'
import { answer, nothing, problems, sendNothing } from './answers.ts'
import { Password, Time } from './people-schemas.ts'
import { sendProblem } from './problem.ts'
import { sendWeak } from './welcome.ts'

type Deps = {
  store: Pick<Store, 'people' | 'sessions' | 'secondFactors'>
  passwords: PasswordHash
  rules: PasswordRules
  vault: Vault | null
  clock: Clock
}

/** To read the code with a phone and type what it shows. */
const TOTP_WITHIN_MS = 15 * 60_000

const RecoveryCodes = Type.Object({
  recoveryCodes: Type.Array(Type.String(), { description: 'Shown once. Each opens once, without the phone.' }),
})

/** What everybody may do with their own account: password, authenticator, codes on paper, sessions. */
export const accountRoutes =
  ({ store, passwords, rules, vault, clock }: Deps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const tell = (person: StoredPerson, action: string, what = person.name) => ({
      ...{ at: clock.now(), who: person.name, action, what },
      site: null,
    })

    app.route({
      method: 'PUT',
      url: '/me/password',
      config: { action: 'own-account', isSensitive: true },
      schema: {
        operationId: 'changePassword',
        summary: 'Change the own password; all other sessions end',
        tags: ['people'],
        body: Type.Object({ password: Password }),
        response: {
          ...nothing('The password is the new one.'),
          ...problems('parameters-wrong', 'sign-in-needed', 'confirmation-needed', 'password-weak', 'not-ready'),
        },
      },
      handler: async ({ body, person, session }, reply) => {
        const weakness = await rules(body.password, person)
        if (weakness !== null) return sendWeak(reply, weakness)
        const passwordHash = await passwords.make(body.password)
        const change = { passwordHash, passwordSetAt: clock.now() }
        await store.people.change(person.id, change, tell(person, 'password.changed'))
        await store.sessions.endAll(person.id, session.id)
        return sendNothing(reply)
      },
    })

    app.route({
      method: 'POST',
      url: '/me/totp',
      config: { action: 'own-account', isSensitive: true },
      schema: {
        operationId: 'beginTotp',
        summary: 'Begin to set up an authenticator',
        tags: ['people'],
        response: {
          ...answer(
            200,
            'To be read by the authenticator; PUT /api/v1/me/totp ends it.',
            'application/json',
            Type.Object({
              setup: Type.String({ description: 'Names this set-up in PUT /api/v1/me/totp.' }),
              secret: Type.String({ description: 'To be typed where no code can be read.' }),
              address: Type.String(),
              code: Type.Object(
                { size: Type.Integer(), path: Type.String() },
                { description: 'A QR code as SVG path.' },
              ),
            }),
          ),
          ...problems('sign-in-needed', 'confirmation-needed', 'vault-missing', 'not-ready'),
        },
      },
      handler: async ({ person }, reply) => {
        if (vault === null) return sendVaultMissing(reply)
        const [setup, secret] = [newSecret(), newTotpSecret()]
        const body = vault.seal(secret, { person: person.id })
        const endsAt = clock.now() + TOTP_WITHIN_MS
        await store.secondFactors.ask({ tokenHash: hashOfSecret(setup), kind: 'authenticator', body, endsAt })
        const address = totpAddress(secret, person.name)
        return reply.send({ setup, secret, address, code: codeOf(address) })
      },
    })

    app.route({
      method: 'PUT',
      url: '/me/totp',
      config: { action: 'own-account', isSensitive: true },
      schema: {
        operationId: 'endTotp',
        summary: 'Set up the authenticator, by a code that it shows',
        description: 'A code that does not fit ends the set-up: begin again. Gives new codes for paper.',
        tags: ['people'],
        body: Type.Object({ setup: Type.String({ maxLength: 64 }), code: Type.String({ maxLength: 16 }) }),
        response: {
          ...answer(200, 'The authenticator is asked at each sign-in from now on.', 'application/json', RecoveryCodes),
          ...problems(
            'parameters-wrong',
            'sign-in-needed',
            'second-factor-refused',
            'confirmation-needed',
            'vault-missing',
            'not-ready',
          ),
        },
      },
      handler: async ({ person, body }, reply) => {
        if (vault === null) return sendVaultMissing(reply)
        const asked = await store.secondFactors.takeAnswered(hashOfSecret(body.setup), 'authenticator', clock.now())
        // Sealed with the person who began: for another one it does not open.
        const secret = asked === null ? null : vault.open(asked, { person: person.id })
        const step = secret === null ? null : totpStepOf(secret, body.code, clock.now())
        if (asked === null || step === null)
          return sendProblem(reply, 'second-factor-refused', { detail: 'Begin again with POST /api/v1/me/totp.' })
        const change = { totpSecret: asked, totpUsedStep: step }
        await store.people.change(person.id, change, tell(person, 'authenticator.set-up'))
        return reply.send({ recoveryCodes: await giveRecoveryCodes(person) })
      },
    })

    app.route({
      method: 'DELETE',
      url: '/me/totp',
      config: { action: 'own-account', isSensitive: true },
      schema: {
        operationId: 'removeTotp',
        summary: 'Remove the authenticator',
        tags: ['people'],
        response: { ...nothing('It is not asked any more.'), ...problems('sign-in-needed', 'confirmation-needed') },
      },
      handler: async ({ person }, reply) => {
        await store.people.change(person.id, { totpSecret: null }, tell(person, 'authenticator.removed'))
        return sendNothing(reply)
      },
    })

    app.route({
      method: 'POST',
      url: '/me/recovery-codes',
      config: { action: 'own-account', isSensitive: true },
      schema: {
        operationId: 'renewRecoveryCodes',
        summary: 'New codes for paper; the old ones open nothing any more',
        tags: ['people'],
        response: {
          ...answer(200, 'The codes.', 'application/json', RecoveryCodes),
          ...problems('sign-in-needed', 'confirmation-needed', 'not-ready'),
        },
      },
      handler: async ({ person }, reply) => reply.send({ recoveryCodes: await giveRecoveryCodes(person) }),
    })

    app.route({
      method: 'GET',
      url: '/me/sessions',
      config: { action: 'own-account' },
      schema: {
        operationId: 'listSessions',
        summary: 'Where this person is signed in',
        tags: ['people'],
        response: {
          ...answer(
            200,
            'The one used last stands first.',
            'application/json',
            Type.Object({
              sessions: Type.Array(
                Type.Object({
                  id: Type.String(),
                  isThis: Type.Boolean(),
                  method: Type.String(),
                  startedAt: Time,
                  seenAt: Time,
                  endsAt: Time,
                  address: Type.String(),
                  device: Type.String(),
                }),
              ),
            }),
          ),
          ...problems('sign-in-needed', 'not-ready'),
        },
      },
      handler: async ({ person, session }, reply) => {
        const sessions = await store.sessions.ofPerson(person.id, clock.now())
        return reply.send({
          sessions: sessions.map(({ id, method, startedAt, seenAt, endsAt, address, device }) => ({
            ...{ id, isThis: id === session.id, method, address, device },
            startedAt: new Date(startedAt).toISOString(),
            seenAt: new Date(seenAt).toISOString(),
            endsAt: new Date(endsAt).toISOString(),
          })),
        })
      },
    })

    app.route({
      method: 'DELETE',
      url: '/me/sessions',
      config: { action: 'own-account' },
      schema: {
        operationId: 'endOtherSessions',
        summary: 'Sign out everywhere else',
        tags: ['people'],
        response: { ...nothing('Only this session is left.'), ...problems('sign-in-needed', 'not-ready') },
      },
      handler: async ({ person, session }, reply) => {
        await store.sessions.endAll(person.id, session.id, tell(person, 'session.ended', 'all others'))
        return sendNothing(reply)
      },
    })

    app.route({
      method: 'DELETE',
      url: '/me/sessions/:session',
      config: { action: 'own-account' },
      schema: {
        operationId: 'endSession',
        summary: 'Sign out in one other place',
        tags: ['people'],
        params: Type.Object({ session: Type.String() }),
        response: { ...nothing('It has ended.'), ...problems('sign-in-needed', 'session-unknown', 'not-ready') },
      },
      handler: async ({ person, params }, reply) => {
        const isEnded = await store.sessions.end(
          person.id,
          params.session,
          tell(person, 'session.ended', params.session),
        )
        return isEnded ? sendNothing(reply) : sendProblem(reply, 'session-unknown', { detail: 'It may have ended.' })
      },
    })

    async function giveRecoveryCodes(person: StoredPerson): Promise<string[]> {
      const codes = newRecoveryCodes()
      const entry = tell(person, 'recovery-codes.given')
      await store.secondFactors.putRecoveryCodes(person.id, codes.map(hashOfRecoveryCode), entry)
      return codes
    }
  }

const sendVaultMissing = (reply: FastifyReply) =>
  sendProblem(reply, 'vault-missing', { detail: 'VAULT_KEY_FILE gives it one; a passkey needs none.' })

/** A QR code as one SVG path of unit squares: the page's policy allows no picture as data. */
function codeOf(text: string): { size: number; path: string } {
  const { size, data } = QRCode.create(text, { errorCorrectionLevel: 'M' }).modules
  let path = ''
  for (const [at, isDark] of data.entries()) if (isDark === 1) path += `M${at % size} ${Math.floor(at / size)}h1v1h-1z`
  return { size, path }
}
