import { startAuthentication, startRegistration } from '@simplewebauthn/browser'
import { createApiClient, done, sure } from './client.ts'

type AuthenticationOptions = Parameters<typeof startAuthentication>[0]['optionsJSON']
type RegistrationOptions = Parameters<typeof startRegistration>[0]['optionsJSON']

export type Passkey = { id: string; label: string; madeAt: string; usedAt: string | null }

/** Passkeys: the browser asks the person, and the cloud judges what comes of it. Rejects when the person says no. */
export type PasskeysApi = ReturnType<typeof createPasskeysApi>

export function createPasskeysApi(origin: string) {
  const client = createApiClient(origin)
  return {
    all: async (): Promise<Passkey[]> => sure(await client.GET('/api/v1/me/passkeys')).passkeys,
    add: async (label: string): Promise<void> => {
      const options: unknown = sure(await client.POST('/api/v1/me/passkeys/options'))
      // As WebAuthn spells them; the description of the API says no more than that.
      const response = await startRegistration({ optionsJSON: options as RegistrationOptions })
      done(await client.POST('/api/v1/me/passkeys', { body: { label, response: plain(response) } }))
    },
    remove: async (passkey: string): Promise<void> =>
      done(await client.DELETE('/api/v1/me/passkeys/{passkey}', { params: { path: { passkey } } })),
    signIn: async (): Promise<void> => {
      const options: unknown = sure(await client.POST('/api/v1/session/passkey/options'))
      const response = await startAuthentication({ optionsJSON: options as AuthenticationOptions }) // the same
      sure(await client.POST('/api/v1/session/passkey', { body: { response: plain(response) } }))
    },
  }
}

type Said = { id: string; rawId: string; type: string; response: { clientDataJSON: string } }

/** The library's types are interfaces, which the generated client does not take for objects of any members. */
const plain = (said: Said) => ({ ...said, response: { ...said.response } })
