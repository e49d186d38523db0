import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import type { Logger } from 'pino'
import { createOidc, type OidcSettings } from '../people/oidc.ts'
import { createPasskeys } from '../people/passkeys.ts'
import { createPasswordHash } from '../people/password-hash.ts'
import { createPasswordRules } from '../people/password-rules.ts'
import { createSignIn } from '../people/sign-in.ts'
import type { Store } from '../store/store.ts'
import type { Vault } from '../vault.ts'
import { accountRoutes } from './account.ts'
import { AuditLine, auditRoutes } from './audit.ts'
import { INVITATION_SCHEMAS, invitationRoutes } from './invitations.ts'
import { oidcRoutes } from './oidc.ts'
import { passkeyRoutes } from './passkeys.ts'
import { Account, peopleRoutes } from './people.ts'
import { PEOPLE_SCHEMAS } from './people-schemas.ts'
import { seenAlarmRoutes } from './seen-alarms.ts'
import { sessionRoutes } from './session.ts'
import { welcomeRoutes } from './welcome.ts'

export type PeopleAreaDeps = { store: Store; vault: Vault | null; clock: Clock; newName: () => string; log: Logger }

export type PeopleAreaOptions = {
  /** As browsers name us; null: only this machine's own browsers come. */
  publicOrigin: string | null
  /** The identity provider of the house, where there is one. */
  oidc?: OidcSettings | undefined
}

export const PEOPLE_AREA_SCHEMAS = [...PEOPLE_SCHEMAS, Account, ...INVITATION_SCHEMAS, AuditLine]

/** Everything about people, under /api/v1: how they come in, their accounts, and the trail of what they change. */
export const peopleArea =
  ({ store, vault, clock, newName, log }: PeopleAreaDeps, options: PeopleAreaOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    const passwords = createPasswordHash()
    const rules = createPasswordRules()
    const signIn = createSignIn({ store, passwords, vault, clock, newName, log })
    const passkeys = createPasskeys({ store, clock })
    const oidc = options.oidc === undefined ? null : createOidc({ store, clock, log }, options.oidc)
    app.register(sessionRoutes({ signIn, store, clock }))
    app.register(passkeyRoutes({ passkeys, signIn, store, clock }, options))
    app.register(oidcRoutes({ oidc, signIn, store, clock }, options))
    app.register(welcomeRoutes({ store, passwords, rules, signIn, clock, newName }))
    app.register(accountRoutes({ store, passwords, rules, vault, clock }))
    app.register(peopleRoutes({ store, clock }))
    app.register(invitationRoutes({ store, clock, newName }))
    app.register(auditRoutes({ store }))
    app.register(seenAlarmRoutes({ store, clock }))
  }
