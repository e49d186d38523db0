import type { IncomingHttpHeaders } from 'node:http'

/** A name that a page of another site cannot make point here without saying its own (DNS rebinding). */
const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i

/** A page of another origin cannot send it without asking first, and is refused when it asks. */
export const CLIENT_HEADER = 'x-vigie-client'

/**
 * Why a request that changes something may not: it comes, or could come, from a page of another origin with the cookie
 * of its reader (CSRF). Null: it may. Three walls, of which each is enough in a browser of today: the browser's own word
 * (Sec-Fetch-Site), the origin it names, and a header that a form cannot send.
 */
export function whyForeign(headers: IncomingHttpHeaders, publicOrigin: string | null): string | null {
  if (headers[CLIENT_HEADER] === undefined) return `The header ${CLIENT_HEADER} is missing.`
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin') return 'The request comes from a page of another site.'
  const { origin } = headers
  if (origin !== undefined && !isOwn(origin, headers.host ?? '', publicOrigin))
    return 'The request comes from a page of another origin. Behind a proxy, PUBLIC_ORIGIN says which one is ours.'
  return null
}

/** Without a public origin, this machine is the only place from where people come. */
const isOwn = (origin: string, host: string, publicOrigin: string | null): boolean =>
  publicOrigin === null ? LOOPBACK_HOST.test(host) && origin === `http://${host}` : origin === publicOrigin
