import { readFile } from 'node:fs/promises'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { REVOCATION_ANSWER_WITHIN_MS, REVOCATION_LIST_MAX_BYTES } from '../limits.ts'

/** Where revocation lists come from. */
export type ListSource = {
  /** Null: the same as the last that was taken. Rejects when it cannot be had. */
  read(signal: AbortSignal): Promise<Uint8Array | null>
  /** What was read last is believed, and need not be read again. */
  taken(): void
}

/**
 * The authority's own list, over HTTP or, believing the authorities of `ca` alone, HTTPS. The list is signed, so the way may
 * be in the clear; it is asked with the ETag of the last answer, which makes most answers a 304 of 200 bytes.
 */
export function createListAddress(url: URL, ca: () => string): ListSource {
  const held: { etag: string | null; read: string | null } = { etag: null, read: null }
  return {
    taken() {
      held.etag = held.read
    },
    async read(signal) {
      const answer = await ask(
        url,
        { ca: ca(), etag: held.etag },
        AbortSignal.any([signal, AbortSignal.timeout(REVOCATION_ANSWER_WITHIN_MS)]),
      )
      if (answer.statusCode === 304) {
        answer.resume()
        return null
      }
      if (answer.statusCode !== 200) {
        answer.resume()
        throw new Error(`answered ${answer.statusCode}`)
      }
      const bytes = await readBounded(answer)
      held.read = answer.headers.etag ?? null
      return bytes
    },
  }
}

/** A file that somebody else keeps fresh, as Mosquitto's `crlfile`. */
export function createListFile(path: string): ListSource {
  let [last, read] = [Buffer.alloc(0), Buffer.alloc(0)]
  return {
    taken() {
      last = read
    },
    async read(signal) {
      read = await readFile(path, { signal })
      if (read.length > REVOCATION_LIST_MAX_BYTES) throw new Error('is longer than a list may be')
      return read.equals(last) ? null : read
    },
  }
}

function ask(
  url: URL,
  { ca, etag }: { ca: string; etag: string | null },
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { accept: 'application/pkix-crl', ...(etag !== null && { 'if-none-match': etag }) }
    const options = { headers, signal, noDelay: true }
    const asking = url.protocol === 'https:' ? requestHttps(url, { ...options, ca }) : requestHttp(url, options)
    asking.once('response', resolve)
    asking.once('error', reject)
    asking.end()
  })
}

async function readBounded(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > REVOCATION_LIST_MAX_BYTES) throw new Error('is longer than a list may be')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
