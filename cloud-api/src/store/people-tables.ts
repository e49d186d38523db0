import type { SiteId } from '@vigie/contract/ids'
import type { Role } from '../people/actions.ts'

/*
 * Tables of people and of what they do. No secret that a person or a browser holds is in them in clear.
 */

export type PersonTable = {
  id: string
  /** What is typed to sign in; lower case. Never given to another person: the audit trail speaks of it. */
  name: string
  displayName: string
  email: string | null
  /** argon2id with its parameters (PHC string); null: no password, so none opens the account. */
  passwordHash: string | null
  passwordSetAt: number | null
  /** Shared with the person's authenticator, sealed to the vault: it has to be computed with, so it cannot be hashed. */
  totpSecret: string | null
  /** The newest 30 s step whose code was taken: a code opens once. */
  totpUsedStep: number
  /** From when on a person whose role needs a second factor may do nothing without one; null: not asked yet. */
  secondFactorBy: number | null
  /** `<issuer> <subject>` at the identity provider, once the person came from there. */
  oidcSubject: string | null
  disabledAt: number | null
  madeAt: number
}

/** One role of one person; `site` empty: at all sites. */
export type PersonRoleTable = { person: string; role: Role; site: SiteId | '' }

export type SessionTable = {
  /** By which the person's own pages name it; says nothing of the token. */
  id: string
  /** SHA-256 of what the browser holds. */
  tokenHash: string
  person: string
  /** `second-factor`: the first factor was right, and nothing but the second can be done. */
  stage: 'signed-in' | 'second-factor'
  /** How the person proved who it is: `password`, `password totp`, `passkey`, `oidc`, ... */
  method: string
  startedAt: number
  /** To the minute. */
  seenAt: number
  /** When the person last proved to be there: what changes the account itself wants this to be recent. */
  confirmedAt: number
  endsAt: number
  address: string
  device: string
}

/** A browser in which a person has signed in before: it keeps its own allowance of attempts. */
export type KnownDeviceTable = { tokenHash: string; person: string; seenAt: number }

export type LinkKind = 'first-administrator' | 'invitation' | 'new-password'

export type OneTimeLinkTable = {
  id: string
  tokenHash: string
  kind: LinkKind
  /** Whose password is made new; else null. */
  person: string | null
  displayName: string
  /** JSON: the roles that the invited person will have. */
  roles: string
  madeBy: string
  madeAt: number
  endsAt: number
  usedAt: number | null
}

export type RecoveryCodeTable = { person: string; codeHash: string; usedAt: number | null }

export type PasskeyTable = {
  /** The credential's id, base64url. */
  id: string
  person: string
  /** COSE, base64url. */
  publicKey: string
  counter: number
  /** With a space between. */
  transports: string
  label: string
  madeAt: number
  usedAt: number | null
}

/** What was asked of a browser and is answered once: the challenge of a passkey, the way to an identity provider. */
export type PendingStepTable = { tokenHash: string; kind: string; body: string; endsAt: number }

/** How many attempts are left of an allowance that fills again with time. */
export type AttemptAllowanceTable = { key: string; left: number; at: number }

export type AuditTable = {
  seq: number
  at: number
  who: string
  action: string
  what: string
  site: SiteId | null
  /** JSON; null: there was nothing. */
  before: string | null
  after: string | null
  reason: string | null
  /** SHA-256, in hex, of the row before and this one; `src/audit/chain.ts`. */
  hash: string
}

/** The newest row of the trail, once more: without it nobody would miss the last rows. */
export type AuditEndTable = { only: 1; seq: number; hash: string }

export type PeopleTables = {
  person: PersonTable
  personRole: PersonRoleTable
  session: SessionTable
  knownDevice: KnownDeviceTable
  oneTimeLink: OneTimeLinkTable
  recoveryCode: RecoveryCodeTable
  passkey: PasskeyTable
  pendingStep: PendingStepTable
  attemptAllowance: AttemptAllowanceTable
  audit: AuditTable
  auditEnd: AuditEndTable
}
