import { createApiClient, done, sure } from './client.ts'
import type { components } from './generated/openapi.ts'

export type Account = components['schemas']['Account']
export type Role = components['schemas']['Role']
export type RoleAtSites = components['schemas']['RoleAtSites']
export type Invitation = components['schemas']['Invitation']
export type NewLink = components['schemas']['NewLink']
export type PersonChange = { roles?: RoleAtSites[]; isDisabled?: boolean; displayName?: string; email?: string | null }
export type PlannedSite = { site: string; name: string; road: string | null }

/** What administrators ask about people. Each call rejects with a Refused. */
export type PeopleApi = ReturnType<typeof createPeopleApi>

export function createPeopleApi(origin: string) {
  const client = createApiClient(origin)
  const of = (person: string) => ({ params: { path: { person } } })
  return {
    all: async (): Promise<Account[]> => sure(await client.GET('/api/v1/people')).people,
    change: async (person: string, body: PersonChange): Promise<Account> =>
      sure(await client.PATCH('/api/v1/people/{person}', { ...of(person), body })),
    endSessions: async (person: string) => done(await client.DELETE('/api/v1/people/{person}/sessions', of(person))),
    removeSecondFactor: async (person: string) =>
      done(await client.DELETE('/api/v1/people/{person}/second-factor', of(person))),
    linkForPassword: async (person: string): Promise<NewLink> =>
      sure(await client.POST('/api/v1/people/{person}/password-link', of(person))),
    invitations: async (): Promise<Invitation[]> => sure(await client.GET('/api/v1/invitations')).invitations,
    invite: async (displayName: string, roles: RoleAtSites[]): Promise<NewLink> =>
      sure(await client.POST('/api/v1/invitations', { body: { displayName, roles } })),
    withdraw: async (invitation: string) =>
      done(await client.DELETE('/api/v1/invitations/{invitation}', { params: { path: { invitation } } })),
    sites: async (): Promise<PlannedSite[]> => sure(await client.GET('/api/v1/operators/sites')).sites,
  }
}
