import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import type { SiteId } from '@vigie/contract/ids'
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import { type Grant, needsSecondFactor } from '../people/person.ts'
import { SECOND_FACTOR_GRACE_MS } from '../people/session-life.ts'
import type { PersonChange, StoredPerson } from '../store/people.ts'
import type { Store } from '../store/store.ts'
import { answer, nothing, problems, sendNothing } from './answers.ts'
import { DisplayName, type RoleAtSites, rolesOf, Time, timeOrNull } from './people-schemas.ts'
import { sendProblem } from './problem.ts'

type Deps = {
  store: Pick<Store, 'people' | 'sessions' | 'secondFactors' | 'fleet'>
  clock: Clock
}

const PersonPath = Type.Object({ person: Type.String() })

export const Account = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    displayName: Type.String(),
    email: Type.Union([Type.String(), Type.Null()]),
    roles: Type.Array(Type.Unsafe<Static<typeof RoleAtSites>>(Type.Ref('RoleAtSites'))),
    secondFactor: Type.Enum(['none', 'authenticator', 'passkey']),
    secondFactorBy: Type.Union([Time, Type.Null()], {
      description: 'From when on this person may do nothing without.',
    }),
    isDisabled: Type.Boolean(),
    madeAt: Time,
    lastSeenAt: Type.Union([Time, Type.Null()], { description: 'In a session that has not ended.' }),
  },
  { $id: 'Account', description: 'Somebody as administrators see them.' },
)
type Account = Static<typeof Account>

export const Roles = Type.Array(Type.Unsafe<Static<typeof RoleAtSites>>(Type.Ref('RoleAtSites')), {
  minItems: 1,
  maxItems: 5,
})

/** Who has an account, and what administrators change of it. */
export const peopleRoutes =
  ({ store, clock }: Deps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.route({
      method: 'GET',
      url: '/people',
      config: { action: 'people.manage' },
      schema: {
        operationId: 'listPeople',
        summary: 'Everybody who has an account',
        tags: ['people'],
        response: {
          ...answer(
            200,
            'In the order of names.',
            'application/json',
            Type.Object({ people: Type.Array(Type.Ref('Account')) }),
          ),
          ...problems('sign-in-needed', 'not-allowed', 'not-ready'),
        },
      },
      handler: async (_request, reply) => {
        const people = await store.people.all()
        return reply.send({ people: await Promise.all(people.map(accountOf)) })
      },
    })

    app.route({
      method: 'PATCH',
      url: '/people/:person',
      config: { action: 'people.manage', isSensitive: true },
      schema: {
        operationId: 'changePerson',
        summary: 'Change the roles of somebody, the name that is shown, or whether the account is open',
        description: 'Who is disabled is signed out everywhere at once. Somebody always stays administrator.',
        tags: ['people'],
        params: PersonPath,
        body: Type.Object({
          displayName: Type.Optional(DisplayName),
          email: Type.Optional(
            Type.Union([Type.String({ pattern: '^[^\\s@]+@[^\\s@]+$', maxLength: 254 }), Type.Null()], {
              description: 'By which somebody who comes from the identity provider is known.',
            }),
          ),
          roles: Type.Optional(Roles),
          isDisabled: Type.Optional(Type.Boolean()),
        }),
        response: {
          ...answer(200, 'The person as it is now.', 'application/json', Type.Ref('Account')),
          ...problems('parameters-wrong', 'sign-in-needed', 'not-allowed', 'confirmation-needed', 'person-unknown'),
          ...problems('last-administrator', 'email-taken'),
        },
      },
      handler: async (request, reply) => {
        const { body, params } = request
        const before = await store.people.byId(params.person)
        if (before === undefined) return sendPersonUnknown(reply)
        const grants = body.roles === undefined ? undefined : await knownGrants(body.roles, store)
        if (grants === null) return sendSitesWrong(reply)
        const now = clock.now()
        const isClosed = body.isDisabled ?? before.disabledAt !== null
        const disabledAt = isClosed ? (before.disabledAt ?? now) : null
        const others = (await store.people.all()).filter(({ id }) => id !== before.id)
        if (typeof body.email === 'string' && others.some(({ email }) => email === body.email?.toLowerCase()))
          return sendProblem(reply, 'email-taken', { detail: 'It names one person only.' })
        const change: PersonChange = {
          ...(body.displayName === undefined ? {} : { displayName: body.displayName }),
          ...(body.email === undefined ? {} : { email: body.email?.toLowerCase() ?? null }),
          ...(grants === undefined ? {} : { grants }),
          ...(body.isDisabled === undefined ? {} : { disabledAt }),
          // Who gets such a role today has the same time as somebody who is invited into it.
          ...(needsSecondFactor({ grants: grants ?? before.grants }) && !needsSecondFactor(before)
            ? { secondFactorBy: now + SECOND_FACTOR_GRACE_MS }
            : {}),
        }
        const outcome = await store.people.change(before.id, change, {
          ...entryBy(request, 'person.changed', before),
          before: toldOf(before),
          after: { ...toldOf(before), ...body },
        })
        if (outcome === 'last-administrator')
          return sendProblem(reply, outcome, { detail: 'Make somebody else administrator first.' })
        if (isClosed) await store.sessions.endAll(before.id, null)
        const changed = await store.people.byId(before.id)
        return changed === undefined ? sendPersonUnknown(reply) : reply.send(await accountOf(changed))
      },
    })

    app.route({
      method: 'DELETE',
      url: '/people/:person/sessions',
      config: { action: 'people.manage', isSensitive: true },
      schema: {
        operationId: 'endSessionsOf',
        summary: 'Sign somebody out everywhere',
        tags: ['people'],
        params: PersonPath,
        response: {
          ...nothing('All sessions have ended.'),
          ...problems('sign-in-needed', 'not-allowed', 'confirmation-needed', 'person-unknown'),
        },
      },
      handler: async (request, reply) => {
        const person = await store.people.byId(request.params.person)
        if (person === undefined) return sendPersonUnknown(reply)
        await store.sessions.endAll(person.id, null, entryBy(request, 'session.ended', person))
        return sendNothing(reply)
      },
    })

    app.route({
      method: 'DELETE',
      url: '/people/:person/second-factor',
      config: { action: 'people.manage', isSensitive: true },
      schema: {
        operationId: 'removeSecondFactorOf',
        summary: 'Take the second factor of somebody away who has lost it',
        description: 'All sessions end; the time to set up another one begins again.',
        tags: ['people'],
        params: PersonPath,
        response: {
          ...nothing('Only the password is asked at the next sign-in.'),
          ...problems('sign-in-needed', 'not-allowed', 'confirmation-needed', 'person-unknown'),
        },
      },
      handler: async (request, reply) => {
        const person = await store.people.byId(request.params.person)
        if (person === undefined) return sendPersonUnknown(reply)
        const by = clock.now() + SECOND_FACTOR_GRACE_MS
        await store.secondFactors.removeAll(person.id, by, entryBy(request, 'second-factor.removed', person))
        return sendNothing(reply)
      },
    })

    const entryBy = ({ person }: FastifyRequest, action: string, { name }: StoredPerson) => ({
      ...{ at: clock.now(), who: person.name, action, what: name },
      site: null,
    })

    async function accountOf(person: StoredPerson): Promise<Account> {
      const [passkeys, sessions] = await Promise.all([
        store.secondFactors.passkeysOf(person.id),
        store.sessions.ofPerson(person.id, clock.now()),
      ])
      const { id, name, displayName, email } = person
      return {
        ...{ id, name, displayName, email, roles: rolesOf(person) },
        secondFactor: person.totpSecret !== null ? 'authenticator' : passkeys.length > 0 ? 'passkey' : 'none',
        secondFactorBy: needsSecondFactor(person) ? timeOrNull(person.secondFactorBy) : null,
        isDisabled: person.disabledAt !== null,
        madeAt: new Date(person.madeAt).toISOString(),
        lastSeenAt: timeOrNull(sessions[0]?.seenAt ?? null),
      }
    }
  }

/** What the trail tells of a person: no hash, no secret. */
const toldOf = (person: StoredPerson) => ({
  displayName: person.displayName,
  email: person.email,
  roles: rolesOf(person),
  isDisabled: person.disabledAt !== null,
})

/**
 * Roles as they can be given, or null: an administrator, who can give every role, is one at all sites; other roles are for
 * sites that there are.
 */
export async function knownGrants(
  roles: Static<typeof Roles>,
  { fleet }: Pick<Store, 'fleet'>,
): Promise<Grant[] | null> {
  const known = new Set((await fleet.sites()).map(({ id }) => id))
  const isWrong = roles.some(({ role, sites }) =>
    sites === 'all' ? false : role === 'administrator' || sites.some((site) => !known.has(site)),
  )
  // Ids of documents, by the line above.
  return isWrong ? null : roles.map(({ role, sites }) => ({ role, sites: sites as 'all' | SiteId[] }))
}

export const sendSitesWrong = (reply: FastifyReply) =>
  sendProblem(reply, 'parameters-wrong', {
    detail: 'roles: an administrator is one at all sites; other roles are for sites that there are.',
    members: {
      parameters: [{ name: 'roles', message: 'names a site that there is not, or an administrator of some' }],
    },
  })

const sendPersonUnknown = (reply: FastifyReply) =>
  sendProblem(reply, 'person-unknown', { detail: 'GET /api/v1/people lists everybody.' })
