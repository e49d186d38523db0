import type { Clock } from '@vigie/contract/clock'
import type { StoredPerson } from '../store/people.ts'
import type { StoredSession } from '../store/sessions.ts'
import type { Store } from '../store/store.ts'
import { newSession, type Whereabouts } from './new-session.ts'
import type { PasswordHash } from './password-hash.ts'

/** What comes of an attempt to sign in. A refusal says nothing of why: neither who exists nor who is disabled. */
export type SignInOutcome =
  | { kind: 'refused' }
  | { kind: 'paused'; retryAfterS: number }
  | { kind: 'signed-in' | 'second-factor'; session: StoredSession; secret: string; person: StoredPerson }

type Deps = {
  store: Pick<Store, 'people' | 'sessions' | 'audit'>
  passwords: PasswordHash
  clock: Clock
  newName: () => string
}

export type SignIn = ReturnType<typeof createSignIn>

/** The door. Whoever comes through it has a session; whoever does not learns nothing. */
export function createSignIn({ store, passwords, clock, newName }: Deps) {
  /** Begins the session of a person who has proved who it is. */
  async function begin(person: StoredPerson, method: string, from: Whereabouts, instead?: string) {
    const now = clock.now()
    const { session, secret } = newSession({ id: newName(), person: person.id, stage: 'signed-in', method }, from, now)
    const entry = { at: now, who: person.name, action: 'session.begun', what: session.id, site: null }
    await store.sessions.begin(session, { ...entry, after: { method, ...from } }, instead)
    return { kind: 'signed-in' as const, session, secret, person }
  }

  return {
    begin,
    async withPassword(name: string, password: string, from: Whereabouts): Promise<SignInOutcome> {
      const person = await store.people.byName(nameAsKept(name))
      const isRight = await passwords.isRight(password, person?.passwordHash ?? null)
      if (person === undefined || person.disabledAt !== null || !isRight) return { kind: 'refused' }
      return begin(person, 'password', from)
    },
  }
}

export const nameAsKept = (typed: string): string => typed.trim().toLowerCase()
