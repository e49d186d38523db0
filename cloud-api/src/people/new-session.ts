import type { StoredSession } from '../store/sessions.ts'
import { hashOfSecret, newSecret } from './secret.ts'
import { LIFE_MS, SECOND_FACTOR_WITHIN_MS } from './session-life.ts'

/** From where somebody signs in, as the person will read it in the list of sessions. */
export type Whereabouts = { address: string; device: string }

/** A new session with its secret, which goes to the browser and nowhere else. */
export function newSession(
  { id, person, stage, method }: Pick<StoredSession, 'id' | 'person' | 'stage' | 'method'>,
  { address, device }: Whereabouts,
  now: number,
): { session: StoredSession; secret: string } {
  const secret = newSecret()
  const endsAt = now + (stage === 'signed-in' ? LIFE_MS : SECOND_FACTOR_WITHIN_MS)
  const moments = { startedAt: now, seenAt: now, confirmedAt: now, endsAt }
  return {
    secret,
    session: { id, tokenHash: hashOfSecret(secret), person, stage, method, ...moments, address, device },
  }
}
