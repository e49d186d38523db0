import type { Logger } from 'pino'
import type { StoredPerson } from '../store/people.ts'
import type { Store } from '../store/store.ts'
import { isSealed, type Vault } from '../vault.ts'

/**
 * What the authenticator of a person shares with us, as base32. Null: there is none, or the vault does not open it, so that
 * only a code on paper does.
 */
export function authenticatorSecretOf(
  { id, totpSecret }: Pick<StoredPerson, 'id' | 'totpSecret'>,
  vault: Vault | null,
): string | null {
  if (totpSecret === null) return null
  // In clear only where there never was a vault: see `sealAuthenticators`.
  return isSealed(totpSecret) ? (vault?.open(totpSecret, { person: id }) ?? null) : totpSecret
}

/** To be called before anybody signs in: what lies in the database in clear is sealed, or told of where no vault is. */
export async function sealAuthenticators(
  { secondFactors, people }: Pick<Store, 'secondFactors' | 'people'>,
  vault: Vault | null,
  log: Logger,
): Promise<void> {
  if (vault !== null) {
    const count = await secondFactors.sealAuthenticators((secret, person) => vault.seal(secret, { person }))
    if (count > 0) log.info({ event: 'people.authenticators-sealed', count })
    return
  }
  const kept = (await people.all()).flatMap(({ totpSecret }) => totpSecret ?? [])
  const shut = kept.filter(isSealed).length
  const why = 'no VAULT_KEY_FILE'
  if (kept.length > shut) log.warn({ event: 'people.authenticators-in-clear', count: kept.length - shut, why })
  if (shut > 0) log.error({ event: 'people.authenticators-shut', count: shut, why })
}
