import Type, { type Static } from 'typebox'
import { ACTIONS, ROLES } from '../people/actions.ts'
import { may, needsSecondFactor, type Person } from '../people/person.ts'
import type { StoredPerson } from '../store/people.ts'
import type { SecondFactorStore } from '../store/second-factors.ts'

export const Time = Type.String({ format: 'date-time' })

/** What is typed as a name: like the first part of a mail address, or a whole one. Never changed, never given twice. */
export const Name = Type.String({
  description: 'What the person signs in with; lower case.',
  minLength: 2,
  maxLength: 64,
  pattern: '^[A-Za-z0-9](?:[A-Za-z0-9._@+-]*[A-Za-z0-9])?$',
})
export const DisplayName = Type.String({
  description: 'First and last name, as colleagues read it.',
  minLength: 1,
  maxLength: 80,
  pattern: '^[^\\u0000-\\u001f\\u007f]+$',
})
/** Longer ones are refused, not cut: the work of looking at them is bounded. */
export const Password = Type.String({ minLength: 1, maxLength: 128 })
export const Secret = Type.String({ description: 'What stands after the # of a link.', minLength: 1, maxLength: 64 })

export const RoleName = Type.Enum([...ROLES], { $id: 'Role' })

export const RoleAtSites = Type.Object(
  {
    role: Type.Unsafe<(typeof ROLES)[number]>(Type.Ref('Role')),
    sites: Type.Union([
      Type.Literal('all'),
      Type.Array(Type.String({ maxLength: 64 }), { minItems: 1, maxItems: 200 }),
    ]),
  },
  { $id: 'RoleAtSites', description: 'One role, at all sites or at those that are named.' },
)
export type RoleAtSites = Static<typeof RoleAtSites>

/** What a person reads of itself. */
export const Me = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    displayName: Type.String(),
    email: Type.Union([Type.String(), Type.Null()]),
    roles: Type.Array(Type.Unsafe<RoleAtSites>(Type.Ref('RoleAtSites'))),
    actions: Type.Array(Type.String(), { description: 'What this person may do somewhere: for what a page offers.' }),
    secondFactor: Type.Object({
      isNeeded: Type.Boolean(),
      by: Type.Union([Time, Type.Null()], { description: 'From when on nothing can be done without one.' }),
      totp: Type.Boolean(),
      passkeys: Type.Integer(),
      recoveryCodes: Type.Integer({ description: 'How many of them are left.' }),
    }),
    hasPassword: Type.Boolean(),
    passwordSetAt: Type.Union([Time, Type.Null()]),
  },
  { $id: 'Me' },
)
export type Me = Static<typeof Me>

export const SignedIn = Type.Object(
  {
    state: Type.Enum(['signed-in', 'second-factor'], {
      description: '`second-factor`: the first was right, and POST /api/v1/session/second-factor is asked next.',
    }),
    me: Type.Union([Type.Unsafe<Me>(Type.Ref('Me')), Type.Null()]),
  },
  { $id: 'SignedIn' },
)

export const PEOPLE_SCHEMAS = [RoleName, RoleAtSites, Me, SignedIn]

export const timeOrNull = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())

/** What somebody reads of its own account. */
export const meOf = async (person: StoredPerson, factors: SecondFactorStore): Promise<Me> => ({
  id: person.id,
  name: person.name,
  displayName: person.displayName,
  email: person.email,
  roles: rolesOf(person),
  actions: ACTIONS.filter((action) => may(person, action)),
  secondFactor: {
    isNeeded: needsSecondFactor(person),
    by: timeOrNull(person.secondFactorBy),
    totp: person.totpSecret !== null,
    passkeys: (await factors.passkeysOf(person.id)).length,
    recoveryCodes: await factors.countRecoveryCodes(person.id),
  },
  hasPassword: person.passwordHash !== null,
  passwordSetAt: timeOrNull(person.passwordSetAt),
})

export const rolesOf = ({ grants }: Pick<Person, 'grants'>): RoleAtSites[] =>
  grants.map(({ role, sites }) => ({ role, sites: sites === 'all' ? sites : [...sites] }))
