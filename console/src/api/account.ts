import { createApiClient, done, sure } from './client.ts'
import type { components } from './generated/openapi.ts'

export type Me = components['schemas']['Me']
export type SignedIn = components['schemas']['SignedIn']
export type LinkKind = 'first-administrator' | 'invitation' | 'new-password'
export type Link = { kind: LinkKind; displayName: string; endsAt: string }
export type Proof = { password: string } | { code: string }
export type TotpSetup = { setup: string; secret: string; address: string; code: { size: number; path: string } }
export type Session = {
  id: string
  isThis: boolean
  method: string
  startedAt: string
  seenAt: string
  endsAt: string
  address: string
  device: string
}

/** What somebody asks for themselves: to come in, to go, who they are, what opens their account. Each call rejects with a Refused. */
export type AccountApi = ReturnType<typeof createAccountApi>

export function createAccountApi(origin: string) {
  const client = createApiClient(origin)
  return {
    me: async (): Promise<Me> => sure(await client.GET('/api/v1/me')),
    /** Which ways in there are besides name and password. */
    ways: async (): Promise<{ oidc: string | null }> => sure(await client.GET('/api/v1/session/ways')),
    signIn: async (name: string, password: string): Promise<SignedIn> =>
      sure(await client.POST('/api/v1/session', { body: { name, password } })),
    giveCode: async (code: string): Promise<SignedIn> =>
      sure(await client.POST('/api/v1/session/second-factor', { body: { code } })),
    confirm: async (proof: Proof) => done(await client.POST('/api/v1/session/confirmation', { body: proof })),
    signOut: async () => done(await client.DELETE('/api/v1/session')),

    readLink: async (secret: string): Promise<Link> => sure(await client.POST('/api/v1/welcome', { body: { secret } })),
    openAccount: async (body: { secret: string; name: string; displayName: string; password: string }) =>
      sure(await client.POST('/api/v1/welcome/account', { body })),
    renewPassword: async (secret: string, password: string) =>
      done(await client.POST('/api/v1/welcome/password', { body: { secret, password } })),

    changePassword: async (password: string) => done(await client.PUT('/api/v1/me/password', { body: { password } })),
    beginTotp: async (): Promise<TotpSetup> => sure(await client.POST('/api/v1/me/totp')),
    endTotp: async (setup: string, code: string): Promise<string[]> =>
      sure(await client.PUT('/api/v1/me/totp', { body: { setup, code } })).recoveryCodes,
    removeTotp: async () => done(await client.DELETE('/api/v1/me/totp')),
    renewRecoveryCodes: async (): Promise<string[]> =>
      sure(await client.POST('/api/v1/me/recovery-codes')).recoveryCodes,
    sessions: async (): Promise<Session[]> => sure(await client.GET('/api/v1/me/sessions')).sessions,
    endSession: async (session: string) =>
      done(await client.DELETE('/api/v1/me/sessions/{session}', { params: { path: { session } } })),
    endOtherSessions: async () => done(await client.DELETE('/api/v1/me/sessions')),
  }
}
