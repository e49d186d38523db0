import type { IncomingMessage } from 'node:http'

/** Reads a request's body up to a bound; 'too-long' as soon as it is passed, without reading on. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | 'too-long'> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) return 'too-long'
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
