import type { IncomingHttpHeaders } from 'node:http'

/** What a client's copy is compared with. `etag` with its quotes; `modifiedAt` in milliseconds. */
export type Version = { etag: string; modifiedAt?: number }

/**
 * Whether the client's copy is the current one, for a GET or HEAD (RFC 9110 §13.1): If-None-Match by weak comparison,
 * and only without it If-Modified-Since. A header that cannot be read counts as absent.
 */
export function isNotModified(headers: IncomingHttpHeaders, { etag, modifiedAt }: Version): boolean {
  const noneMatch = headers['if-none-match']
  if (noneMatch !== undefined) {
    if (noneMatch === etag || noneMatch.trim() === '*') return true
    const wanted = opaque(etag)
    return (noneMatch.match(/(?:W\/)?"[^"]*"/g) ?? []).some((tag) => opaque(tag) === wanted)
  }
  const since = headers['if-modified-since']
  if (since === undefined || modifiedAt === undefined) return false
  const sinceMs = Date.parse(since)
  return !Number.isNaN(sinceMs) && Math.floor(modifiedAt / 1000) * 1000 <= sinceMs
}

/** An HTTP date has whole seconds. */
export const httpDate = (ms: number): string => new Date(ms).toUTCString()

const opaque = (tag: string) => (tag.startsWith('W/') ? tag.slice(2) : tag)
