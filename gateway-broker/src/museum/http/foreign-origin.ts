import type { IncomingHttpHeaders } from 'node:http'

/** A page of another origin cannot send it without asking first, and is refused when it asks. */
export const CLIENT_HEADER = 'x-vigie-client'

/**
 * Why a request that changes something may not: it comes, or could come, from a page of another origin with the cookie of
 * the phone (CSRF). Null: it may. The gateway has whatever name or address the museum's network gave it, so its own origin
 * is the one by which it was asked.
 */
export function whyForeign({ host = '', origin, ...headers }: IncomingHttpHeaders): string | null {
  if (headers[CLIENT_HEADER] === undefined) return `The header ${CLIENT_HEADER} is missing.`
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin') return 'The request comes from a page of another site.'
  if (origin !== undefined && origin.replace(/^https?:\/\//, '') !== host)
    return 'The request comes from a page of another origin.'
  return null
}
