import { createHash, timingSafeEqual } from 'node:crypto'
import { child, type Element, textOf } from './envelope.ts'

/** How far a token's time may be from the camera's own clock. Real cameras allow from 5 s to some minutes. */
const WINDOW_MS = 60_000

/** Tokens are remembered while their time is inside the window; this many at most, then the oldest goes. */
const TOKENS_MAX = 1024

/**
 * Checks the WS-UsernameToken of a SOAP header (OASIS Username Token Profile 1.0, password digest):
 * base64(SHA-1(nonce + created + password)), made within the window of the camera's clock, each token once. The nonce alone
 * may come again: libonvif of Debian 12 sends the same one all its life.
 */
export function createTokenCheck(user: string, now: () => number) {
  const seen = new Map<string, number>()

  function isFirstUse(digest: string): boolean {
    for (const [old, at] of seen) {
      if (seen.size < TOKENS_MAX && Math.abs(now() - at) <= 2 * WINDOW_MS) break
      seen.delete(old)
    }
    if (seen.has(digest)) return false
    seen.set(digest, now())
    return true
  }

  return (header: Element, password: string): boolean => {
    const token = child(child(header, 'Security') ?? {}, 'UsernameToken') ?? {}
    const nonce = textOf(token, 'Nonce')
    const created = textOf(token, 'Created')
    const given = textOf(token, 'Password')
    if (nonce === undefined || created === undefined || given === undefined) return false
    const at = Date.parse(created)
    if (!Number.isFinite(at) || Math.abs(at - now()) > WINDOW_MS) return false
    const digest = createHash('sha1').update(Buffer.from(nonce, 'base64')).update(created).update(password).digest()
    const claimed = Buffer.from(given, 'base64')
    const isRight = claimed.length === digest.length && timingSafeEqual(claimed, digest)
    return isRight && textOf(token, 'Username') === user && isFirstUse(given)
  }
}
