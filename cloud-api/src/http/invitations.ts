import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import Type, { type Static } from 'typebox'
import type { Grant } from '../people/person.ts'
import { hashOfSecret, newSecret } from '../people/secret.ts'
import type { Store } from '../store/store.ts'
import { answer, nothing, problems, sendNothing } from './answers.ts'
import { knownGrants, Roles, sendSitesWrong } from './people.ts'
import { DisplayName, type RoleAtSites, Time } from './people-schemas.ts'
import { sendProblem } from './problem.ts'

type Deps = {
  store: Pick<Store, 'people' | 'oneTimeLinks' | 'fleet'>
  clock: Clock
  newName: () => string
}

/** Time for a letter of the house, or for the first day of work after a week away. */
const INVITED_FOR_MS = 7 * 86_400_000
/** Who has lost a password sits before the screen, with the administrator on the telephone. */
const NEW_PASSWORD_FOR_MS = 2 * 3_600_000

const Invitation = Type.Object(
  {
    id: Type.String(),
    displayName: Type.String(),
    roles: Type.Array(Type.Unsafe<RoleAtSites>(Type.Ref('RoleAtSites'))),
    madeBy: Type.String(),
    endsAt: Time,
  },
  { $id: 'Invitation' },
)

const NewLink = Type.Object(
  {
    id: Type.String(),
    address: Type.String({
      description:
        'Without the origin: /bienvenue#<secret>. Shown once; nothing here can send it, a person hands it on.',
    }),
    endsAt: Time,
  },
  { $id: 'NewLink' },
)

export const INVITATION_SCHEMAS = [Invitation, NewLink]

/** Links that open an account, or a new password, once. */
export const invitationRoutes =
  ({ store, clock, newName }: Deps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.route({
      method: 'GET',
      url: '/invitations',
      config: { action: 'people.manage' },
      schema: {
        operationId: 'listInvitations',
        summary: 'Who is invited and has not come yet',
        tags: ['people'],
        response: {
          ...answer(
            200,
            'The newest first.',
            'application/json',
            Type.Object({ invitations: Type.Array(Type.Ref('Invitation')) }),
          ),
          ...problems('sign-in-needed', 'not-allowed', 'not-ready'),
        },
      },
      handler: async (_request, reply) => {
        const links = await store.oneTimeLinks.open('invitation', clock.now())
        return reply.send({
          invitations: links.map(({ id, displayName, roles, madeBy, endsAt }) => ({
            ...{ id, displayName, roles: JSON.parse(roles) as Static<typeof Roles>, madeBy }, // written below
            endsAt: new Date(endsAt).toISOString(),
          })),
        })
      },
    })

    app.route({
      method: 'POST',
      url: '/invitations',
      config: { action: 'people.manage', isSensitive: true },
      schema: {
        operationId: 'invite',
        summary: 'Invite somebody, with the roles that they will have',
        tags: ['people'],
        body: Type.Object({ displayName: DisplayName, roles: Roles }),
        response: {
          ...answer(201, 'The link, for seven days.', 'application/json', Type.Ref('NewLink')),
          ...problems('parameters-wrong', 'sign-in-needed', 'not-allowed', 'confirmation-needed', 'not-ready'),
        },
      },
      handler: async ({ body, person }, reply) => {
        const grants = await knownGrants(body.roles, store)
        if (grants === null) return sendSitesWrong(reply)
        const { displayName } = body
        const entry = { who: person.name, action: 'person.invited', what: displayName, after: { roles: body.roles } }
        const made = await makeLink(
          { kind: 'invitation', person: null, displayName, grants, lastsMs: INVITED_FOR_MS },
          entry,
        )
        return reply.code(201).send(made)
      },
    })

    app.route({
      method: 'DELETE',
      url: '/invitations/:invitation',
      config: { action: 'people.manage', isSensitive: true },
      schema: {
        operationId: 'withdrawInvitation',
        summary: 'Withdraw an invitation',
        tags: ['people'],
        params: Type.Object({ invitation: Type.String() }),
        response: {
          ...nothing('Its link opens nothing any more.'),
          ...problems('sign-in-needed', 'not-allowed', 'confirmation-needed', 'invitation-unknown', 'not-ready'),
        },
      },
      handler: async ({ params, person }, reply) => {
        const open = await store.oneTimeLinks.open('invitation', clock.now())
        const what = open.find(({ id }) => id === params.invitation)?.displayName ?? params.invitation
        const entry = { at: clock.now(), who: person.name, action: 'invitation.withdrawn', what }
        const isWithdrawn = await store.oneTimeLinks.withdraw(params.invitation, { ...entry, site: null })
        if (!isWithdrawn) return sendProblem(reply, 'invitation-unknown', { detail: 'It may have been used.' })
        return sendNothing(reply)
      },
    })

    app.route({
      method: 'POST',
      url: '/people/:person/password-link',
      config: { action: 'people.manage', isSensitive: true },
      schema: {
        operationId: 'linkForPassword',
        summary: 'A link by which somebody chooses a new password',
        tags: ['people'],
        params: Type.Object({ person: Type.String() }),
        response: {
          ...answer(201, 'The link, for two hours.', 'application/json', Type.Ref('NewLink')),
          ...problems('sign-in-needed', 'not-allowed', 'confirmation-needed', 'person-unknown', 'not-ready'),
        },
      },
      handler: async ({ params, person: by }, reply) => {
        const person = await store.people.byId(params.person)
        if (person === undefined)
          return sendProblem(reply, 'person-unknown', { detail: 'GET /api/v1/people lists all.' })
        const { id, displayName, name } = person
        const link = {
          kind: 'new-password',
          person: id,
          displayName,
          grants: [],
          lastsMs: NEW_PASSWORD_FOR_MS,
        } as const
        return reply.code(201).send(await makeLink(link, { who: by.name, action: 'password-link.made', what: name }))
      },
    })

    async function makeLink(
      link: {
        kind: 'invitation' | 'new-password'
        person: string | null
        displayName: string
        grants: readonly Grant[]
        lastsMs: number
      },
      entry: { who: string; action: string; what: string; after?: unknown },
    ): Promise<Static<typeof NewLink>> {
      const [id, secret, at] = [newName(), newSecret(), clock.now()]
      const { kind, person, displayName, grants, lastsMs } = link
      const endsAt = at + lastsMs
      const row = { id, tokenHash: hashOfSecret(secret), kind, person, displayName, roles: JSON.stringify(grants) }
      await store.oneTimeLinks.make({ ...row, madeBy: entry.who, madeAt: at, endsAt }, { ...entry, at, site: null })
      return { id, address: `/bienvenue#${secret}`, endsAt: new Date(endsAt).toISOString() }
    }
  }
