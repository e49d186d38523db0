import type { Clock } from '@vigie/contract/clock'
import * as oidc from 'openid-client'
import type { Logger } from 'pino'
import type { StoredPerson } from '../store/people.ts'
import type { Store } from '../store/store.ts'
import { hashOfSecret, newSecret } from './secret.ts'

/** The identity provider of the house, as its administrator names it. */
export type OidcSettings = { issuer: string; clientId: string; clientSecret: string; label: string }

/** To type name and password there, and to find the phone. */
const AWAY_FOR_MS = 10 * 60_000
const ANSWERS_WITHIN_S = 10

export type Oidc = ReturnType<typeof createOidc>

type Away = { state: string; nonce: string; verifier: string; back: string }

/**
 * Signing in at the identity provider (OpenID Connect: code flow with PKCE, state and nonce). It says who somebody is; it
 * makes nobody: who has no account here does not come in. A person is known by the provider's own number for them
 * (`sub`), or, the first time, by a mail address that the provider has verified.
 */
export function createOidc(
  { store, clock, log }: { store: Pick<Store, 'people' | 'secondFactors'>; clock: Clock; log: Logger },
  { issuer, clientId, clientSecret, label }: OidcSettings,
) {
  let discovered: Promise<oidc.Configuration> | undefined
  /** Read when first needed, and again after a failure: the provider may be away when we start. */
  const configuration = (): Promise<oidc.Configuration> => {
    discovered ??= discover()
    discovered.catch(() => {
      discovered = undefined
    })
    return discovered
  }
  const discover = () => {
    const address = new URL(issuer)
    // Without TLS only on this machine, where the settings allow it.
    const execute = address.protocol === 'http:' ? [oidc.allowInsecureRequests] : []
    return oidc.discovery(address, clientId, clientSecret, undefined, { execute, timeout: ANSWERS_WITHIN_S })
  }

  return {
    label,

    /** Where the browser is sent, and the secret by which it is known when it comes back. */
    async begin(redirectUri: string, back: string): Promise<{ address: string; secret: string }> {
      const config = await configuration()
      const away = {
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        verifier: oidc.randomPKCECodeVerifier(),
        back,
      }
      const address = oidc.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        state: away.state,
        nonce: away.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(away.verifier),
        code_challenge_method: 'S256',
      })
      const secret = newSecret()
      const endsAt = clock.now() + AWAY_FOR_MS
      await store.secondFactors.ask({
        tokenHash: hashOfSecret(secret),
        kind: 'oidc',
        body: JSON.stringify(away),
        endsAt,
      })
      return { address: address.href, secret }
    },

    /**
     * Who has come back, or null: not from here, not by what was asked, or nobody whom we know.
     * @param address as the browser asked for it, with what the provider has added
     */
    async end(secret: string, address: URL): Promise<{ person: StoredPerson; isStrong: boolean; back: string } | null> {
      const asked = await store.secondFactors.takeAnswered(hashOfSecret(secret), 'oidc', clock.now())
      if (asked === null) return null
      const { state, nonce, verifier, back } = JSON.parse(asked) as Away // written above
      const claims = await claimsOf(address, { state, nonce, verifier })
      const person = claims === null ? null : await whoIs(claims)
      if (claims === null || person === null) return null
      const ways = Array.isArray(claims['amr']) ? claims['amr'].map(String) : []
      // RFC 8176: the provider has asked for more than one factor itself.
      return { person, isStrong: ways.includes('mfa'), back }
    },
  }

  async function claimsOf(address: URL, { state, nonce, verifier }: Omit<Away, 'back'>) {
    try {
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true }
      const tokens = await oidc.authorizationCodeGrant(await configuration(), address, checks)
      return tokens.claims() ?? null
    } catch (err) {
      log.warn({ event: 'people.oidc-refused', err: err instanceof Error ? err.message : String(err) })
      return null
    }
  }

  async function whoIs(claims: oidc.IDToken): Promise<StoredPerson | null> {
    const subject = `${claims.iss} ${claims.sub}`
    const people = await store.people.all()
    const known = people.find(({ oidcSubject }) => oidcSubject === subject)
    const email = claims['email_verified'] === true ? String(claims['email'] ?? '').toLowerCase() : ''
    const isNew = (person: StoredPerson) => email !== '' && person.email === email && person.oidcSubject === null
    const person = known ?? people.find(isNew)
    if (person === undefined || person.disabledAt !== null) return null
    if (known === undefined) {
      const entry = { at: clock.now(), who: person.name, action: 'oidc.linked', what: person.name, site: null }
      await store.people.change(person.id, { oidcSubject: subject }, entry)
    }
    return person
  }
}
