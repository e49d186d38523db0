import type { SiteId } from '@vigie/contract/ids'
import { CLIENT_HEADER } from '../http/request-origin.ts'
import { SESSION_COOKIE } from '../http/session-cookie.ts'
import type { Store } from '../store/store.ts'
import type { Role } from './actions.ts'
import { newSession } from './new-session.ts'
import { hashOfSecret, newSecret } from './secret.ts'

type Account = { name: string; role: Role; sites: 'all' | readonly SiteId[] }

/** Enters a person as an invitation does, begins a session, and gives the headers that a browser of theirs would send. */
export async function signInTo(
  store: Pick<Store, 'oneTimeLinks' | 'sessions'>,
  { name, role, sites }: Account,
  now: number,
): Promise<Record<string, string>> {
  const tokenHash = hashOfSecret(newSecret())
  const entry = { at: now, who: 'test', action: 'person.entered', what: name, site: null }
  const link = { id: `link-${name}`, tokenHash, kind: 'invitation', person: null, displayName: name } as const
  await store.oneTimeLinks.make({ ...link, roles: '[]', madeBy: 'test', madeAt: now, endsAt: now + 1_000 }, null)
  const person = { id: `person-${name}`, name, displayName: name, email: null, passwordHash: null }
  await store.oneTimeLinks.useFor(tokenHash, { ...person, secondFactorBy: null, grants: [{ role, sites }] }, entry)
  const { session, secret } = newSession(
    { id: `session-${name}`, person: person.id, stage: 'signed-in', method: 'test' },
    { address: '127.0.0.1', device: 'test' },
    now,
  )
  await store.sessions.begin(session, entry)
  return { cookie: `${SESSION_COOKIE}=${secret}`, [CLIENT_HEADER]: 'test' }
}
