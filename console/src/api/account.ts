import { createApiClient, done, sure } from './client.ts'
import type { components } from './generated/openapi.ts'

export type Me = components['schemas']['Me']
export type SignedIn = components['schemas']['SignedIn']
export type LinkKind = 'first-administrator' | 'invitation' | 'new-password'
export type Link = { kind: LinkKind; displayName: string; endsAt: string }

/** What somebody asks for themselves: to come in, to go, who they are. Each call rejects with a Refused. */
export type AccountApi = {
  me(): Promise<Me>
  signIn(name: string, password: string): Promise<SignedIn>
  signOut(): Promise<void>
  readLink(secret: string): Promise<Link>
  openAccount(account: { secret: string; name: string; displayName: string; password: string }): Promise<SignedIn>
}

export function createAccountApi(origin: string): AccountApi {
  const client = createApiClient(origin)
  return {
    me: async () => sure(await client.GET('/api/v1/me')),
    signIn: async (name, password) => sure(await client.POST('/api/v1/session', { body: { name, password } })),
    signOut: async () => done(await client.DELETE('/api/v1/session')),
    readLink: async (secret) => sure(await client.POST('/api/v1/welcome', { body: { secret } })),
    openAccount: async (body) => sure(await client.POST('/api/v1/welcome/account', { body })),
  }
}
