/** What a request says of the copy that its client has. */
export type Conditions = { 'if-none-match'?: string | undefined; 'if-modified-since'?: string | undefined }

/** What a client's copy is compared with. `etag` with its quotes; `modifiedAt` in milliseconds. */
export type Version = { etag: string; modifiedAt?: number }

/**
 * Whether the client's copy is the current one, for a GET or HEAD (RFC 9110 §13.1): If-None-Match by weak comparison,
 * and only without it If-Modified-Since. A header that cannot be read counts as absent.
 */
export function isNotModified(headers: Conditions, { etag, modifiedAt }: Version): boolean {
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

/**
 * Reads the two from headers as they came, name after name with its value: Node makes its object of all headers only when
 * it is asked for, which a storm of requests for one picture can do without.
 */
export function conditionsIn(rawHeaders: readonly string[]): Conditions {
  const conditions: Conditions = {}
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    if (name.length !== IF_NONE_MATCH.length && name.length !== IF_MODIFIED_SINCE.length) continue
    const value = rawHeaders[at + 1] ?? ''
    const lower = name.toLowerCase()
    if (lower === IF_NONE_MATCH) {
      const before = conditions[IF_NONE_MATCH]
      conditions[IF_NONE_MATCH] = before === undefined ? value : `${before}, ${value}`
    } else if (lower === IF_MODIFIED_SINCE) conditions[IF_MODIFIED_SINCE] ??= value
  }
  return conditions
}

const IF_NONE_MATCH = 'if-none-match'
const IF_MODIFIED_SINCE = 'if-modified-since'

/** An HTTP date has whole seconds. */
export const httpDate = (ms: number): string => new Date(ms).toUTCString()

const opaque = (tag: string) => (tag.startsWith('W/') ? tag.slice(2) : tag)
