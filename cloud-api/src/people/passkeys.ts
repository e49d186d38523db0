import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import type { Clock } from '@vigie/contract/clock'
import type { StoredPerson } from '../store/people.ts'
import type { StoredPasskey } from '../store/second-factors.ts'
import type { Store } from '../store/store.ts'
import { hashOfSecret } from './secret.ts'

/** To find the key, or the finger. */
const ASKED_FOR_MS = 5 * 60_000

/** By which name a browser knows us: a passkey is bound to it. */
export type RelyingParty = { origin: string; id: string }

export type Passkeys = ReturnType<typeof createPasskeys>

/**
 * Passkeys (WebAuthn): a key in a phone, a computer or a token that signs only for our own name, so that no false page can
 * ask for it. The authenticator checks the person itself (`userVerification`), so one is two factors. Each challenge is
 * kept as a hash, and answered once.
 */
export function createPasskeys({ store, clock }: { store: Pick<Store, 'secondFactors' | 'people'>; clock: Clock }) {
  const { secondFactors } = store
  const ask = (kind: string, challenge: string, body: object) =>
    secondFactors.ask({
      ...{ tokenHash: hashOfSecret(challenge), kind, body: JSON.stringify(body) },
      endsAt: clock.now() + ASKED_FOR_MS,
    })

  return {
    async beginNew(person: StoredPerson, { id: rpID }: RelyingParty) {
      const known = await secondFactors.passkeysOf(person.id)
      const options = await generateRegistrationOptions({
        rpName: 'Vigie',
        rpID,
        userID: new Uint8Array(Buffer.from(person.id)),
        userName: person.name,
        userDisplayName: person.displayName,
        attestationType: 'none',
        excludeCredentials: known.map(({ id }) => ({ id })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      })
      await ask('passkey-new', options.challenge, { person: person.id })
      return options
    },

    /** The new passkey, or null when it is not what was asked for. */
    async endNew(
      person: StoredPerson,
      response: RegistrationResponseJSON,
      { origin, id }: RelyingParty,
    ): Promise<Omit<StoredPasskey, 'label'> | null> {
      const isAsked = async (challenge: string) => {
        const asked = await secondFactors.takeAnswered(hashOfSecret(challenge), 'passkey-new', clock.now())
        return asked !== null && (JSON.parse(asked) as { person: string }).person === person.id // written above
      }
      const verified = await unlessMalformed(
        verifyRegistrationResponse({ response, expectedChallenge: isAsked, expectedOrigin: origin, expectedRPID: id }),
      )
      if (verified === null || !verified.verified) return null
      const { credential } = verified.registrationInfo
      return {
        id: credential.id,
        person: person.id,
        publicKey: Buffer.from(credential.publicKey).toString('base64url'),
        counter: credential.counter,
        transports: (credential.transports ?? []).join(' '),
        madeAt: clock.now(),
        usedAt: null,
      }
    },

    async beginSignIn({ id: rpID }: RelyingParty) {
      const options = await generateAuthenticationOptions({ rpID, userVerification: 'required' })
      await ask('passkey-sign-in', options.challenge, {})
      return options
    },

    /** Whose passkey it was, or null: unknown, disabled, not asked for, signed wrongly, or a copy of a key that counts. */
    async whoSignsIn(response: AuthenticationResponseJSON, { origin, id }: RelyingParty): Promise<StoredPerson | null> {
      const passkey = await secondFactors.passkey(response.id)
      if (passkey === undefined) return null
      const isAsked = async (challenge: string) =>
        (await secondFactors.takeAnswered(hashOfSecret(challenge), 'passkey-sign-in', clock.now())) !== null
      const credential = {
        id: passkey.id,
        publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
        counter: passkey.counter,
      }
      const expected = { expectedChallenge: isAsked, expectedOrigin: origin, expectedRPID: id }
      const verified = await unlessMalformed(verifyAuthenticationResponse({ response, ...expected, credential }))
      if (verified === null || !verified.verified) return null
      if (!(await secondFactors.usePasskey(passkey.id, verified.authenticationInfo.newCounter, clock.now())))
        return null
      const person = await store.people.byId(passkey.person)
      return person === undefined || person.disabledAt !== null ? null : person
    },
  }
}

/** The library throws for everything that a hostile browser may send; none of it is ours to mend. */
async function unlessMalformed<Verified>(verification: Promise<Verified>): Promise<Verified | null> {
  try {
    return await verification
  } catch {
    return null
  }
}
