import type { FastifyReply, FastifyRequest } from 'fastify'
import { looksLikeSecret } from '../people/secret.ts'

/**
 * `__Host-`: set by this origin alone, for all of it, never readable by a script, never sent without TLS. Browsers take
 * http://localhost and http://127.0.0.1 for as safe (Chromium 156, seen on 2026-11-25); Safari does not. Lax and not
 * Strict: who comes back from the identity provider, or opens a link in a mail, is signed in.
 */
const OPTIONS = { path: '/', httpOnly: true, secure: true, sameSite: 'lax' } as const

export const SESSION_COOKIE = '__Host-vigie'

export function sessionSecretIn({ cookies }: FastifyRequest): string | null {
  const secret = cookies[SESSION_COOKIE]
  return looksLikeSecret(secret) ? secret : null
}

/** Ends with the browser's own session or, at the latest, with ours. */
export const setSessionCookie = (reply: FastifyReply, secret: string, endsAt: number): FastifyReply =>
  reply.setCookie(SESSION_COOKIE, secret, { ...OPTIONS, expires: new Date(endsAt) })

export const clearSessionCookie = (reply: FastifyReply): FastifyReply => reply.clearCookie(SESSION_COOKIE, OPTIONS)
