import type { FastifyReply, FastifyRequest } from 'fastify'
import { looksLikeSecret, newSecret } from '../people/secret.ts'

/** By which a browser in which somebody has signed in is known again: it opens nothing, it keeps an allowance of attempts. */
const DEVICE_COOKIE = '__Host-vigie-device'
const KEPT_S = 400 * 86_400 // the longest that browsers keep one (RFC 6265bis §5.5)

export function deviceSecretIn({ cookies }: FastifyRequest): string | null {
  const secret = cookies[DEVICE_COOKIE]
  return looksLikeSecret(secret) ? secret : null
}

/** Gives the browser a name of its own, or lets it keep the one it has. */
export function setDeviceCookie(request: FastifyRequest, reply: FastifyReply): string {
  const secret = deviceSecretIn(request) ?? newSecret()
  reply.setCookie(DEVICE_COOKIE, secret, { path: '/', httpOnly: true, secure: true, sameSite: 'lax', maxAge: KEPT_S })
  return secret
}
