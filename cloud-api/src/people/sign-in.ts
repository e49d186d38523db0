import type { Clock } from '@vigie/contract/clock'
import type { Logger } from 'pino'
import type { StoredPerson } from '../store/people.ts'
import type { StoredSession } from '../store/sessions.ts'
import type { Store } from '../store/store.ts'
import type { Vault } from '../vault.ts'
import { type AttemptRule, codeAttempts, passwordAttempts } from './attempt-rules.ts'
import { authenticatorSecretOf } from './authenticator-secrets.ts'
import { nameAsKept } from './name.ts'
import { newSession, type Whereabouts } from './new-session.ts'
import type { PasswordHash } from './password-hash.ts'
import { hashOfRecoveryCode } from './recovery-code.ts'
import { hashOfSecret } from './secret.ts'
import { totpStepOf } from './totp.ts'

/** From where somebody comes; `deviceSecret` is what the browser was given when somebody signed in there before. */
export type From = Whereabouts & { deviceSecret: string | null }

/** What comes of an attempt to sign in. A refusal says nothing of why: neither who exists nor who is disabled. */
export type SignInOutcome =
  | { kind: 'refused' }
  | { kind: 'paused'; retryAfterS: number }
  | { kind: 'signed-in' | 'second-factor'; session: StoredSession; secret: string; person: StoredPerson }

type Deps = {
  store: Pick<Store, 'people' | 'sessions' | 'attempts' | 'secondFactors'>
  passwords: PasswordHash
  vault: Vault | null
  clock: Clock
  newName: () => string
  log: Logger
}

export type SignIn = ReturnType<typeof createSignIn>

/** The door. Whoever comes through it has a session; whoever does not learns nothing. */
export function createSignIn({ store, passwords, vault, clock, newName, log }: Deps) {
  /** Begins the session of a person who has proved who it is, in place of `instead`. */
  async function begin(person: StoredPerson, method: string, from: Whereabouts, instead?: string) {
    const now = clock.now()
    const { address, device } = from
    const { session, secret } = newSession({ id: newName(), person: person.id, stage: 'signed-in', method }, from, now)
    const entry = { at: now, who: person.name, action: 'session.begun', what: session.id, site: null }
    await store.sessions.begin(session, { ...entry, after: { method, address, device } }, instead)
    return { kind: 'signed-in' as const, session, secret, person }
  }

  /** The first factor was right: opens what the second one is asked in, or begins the session when there is none. */
  async function afterFirstFactor(person: StoredPerson, method: string, from: Whereabouts): Promise<SignInOutcome> {
    if (!(await hasSecondFactor(person))) return begin(person, method, from)
    const kind = 'second-factor' as const
    const { session, secret } = newSession({ id: newName(), person: person.id, stage: kind, method }, from, clock.now())
    await store.sessions.begin(session, null)
    return { kind, session, secret, person }
  }

  const hasSecondFactor = async ({ id, totpSecret }: StoredPerson) =>
    totpSecret !== null || (await store.secondFactors.passkeysOf(id)).length > 0

  async function knownDeviceOf(person: StoredPerson | undefined, { deviceSecret }: From): Promise<string | null> {
    if (person === undefined || deviceSecret === null) return null
    const hash = hashOfSecret(deviceSecret)
    return (await store.secondFactors.isKnownDevice(hash, person.id)) ? hash : null
  }

  /** Tries what takes one of an allowance, which is given back when it was right. */
  async function attempt<Right>(
    rules: AttemptRule[],
    work: () => Promise<Right | null>,
    about: { name: string; address: string; what: string },
  ): Promise<Right | { kind: 'refused' } | { kind: 'paused'; retryAfterS: number }> {
    const waitMs = await store.attempts.take(rules, clock.now())
    if (waitMs !== null) return { kind: 'paused', retryAfterS: Math.ceil(waitMs / 1000) }
    const right = await work()
    if (right !== null) {
      await store.attempts.giveBack(rules)
      return right
    }
    const { name, address, what } = about
    // A name that nobody has may be a password in the wrong field.
    log.warn({ event: 'people.refused', what, address, ...(name === '' ? {} : { person: name }) })
    return { kind: 'refused' }
  }

  /** The second factor, or null: a code of the authenticator, taken once only, or one of the codes on paper. */
  async function methodOfCode(person: StoredPerson, code: string): Promise<string | null> {
    const secret = authenticatorSecretOf(person, vault)
    if (secret === null && person.totpSecret !== null) log.error({ event: 'people.vault-closed', person: person.name })
    const step = secret === null ? null : totpStepOf(secret, code, clock.now())
    if (step !== null) return (await store.people.takeTotpStep(person.id, step)) ? 'totp' : null
    const entry = { at: clock.now(), who: person.name, action: 'recovery-code.used', what: person.name, site: null }
    return (await store.secondFactors.takeRecoveryCode(person.id, hashOfRecoveryCode(code), entry))
      ? 'recovery-code'
      : null
  }

  return {
    begin,
    afterFirstFactor,

    async withPassword(typed: string, password: string, from: From): Promise<SignInOutcome> {
      const name = nameAsKept(typed)
      const person = await store.people.byName(name)
      const rules = passwordAttempts(name, from.address, await knownDeviceOf(person, from))
      return attempt(
        rules,
        async () => {
          const isRight = await passwords.isRight(password, person?.passwordHash ?? null)
          if (person === undefined || person.disabledAt !== null || !isRight) return null
          return afterFirstFactor(person, 'password', from)
        },
        { name: person?.name ?? '', address: from.address, what: 'password' },
      )
    },

    /** The second factor of a session that waits for it; the session begins anew, with another secret. */
    async withCode(waiting: StoredSession, person: StoredPerson, code: string, from: From): Promise<SignInOutcome> {
      return attempt(
        codeAttempts(person.id, await knownDeviceOf(person, from)),
        async () => {
          const method = await methodOfCode(person, code)
          return method === null ? null : begin(person, `${waiting.method} ${method}`, from, waiting.id)
        },
        { name: person.name, address: from.address, what: 'second-factor' },
      )
    },

    /** Proves that the person is still there, by what they would sign in with. */
    async confirm(
      session: StoredSession,
      person: StoredPerson,
      proof: { password: string } | { code: string },
      from: From,
    ) {
      const device = await knownDeviceOf(person, from)
      const isCode = 'code' in proof
      return attempt(
        isCode ? codeAttempts(person.id, device) : passwordAttempts(person.name, from.address, device),
        async () => {
          const isRight = isCode
            ? (await methodOfCode(person, proof.code)) !== null
            : await passwords.isRight(proof.password, person.passwordHash)
          if (!isRight) return null
          await store.sessions.confirm(session.id, clock.now())
          return { kind: 'confirmed' as const }
        },
        { name: person.name, address: from.address, what: 'confirmation' },
      )
    },
  }
}
