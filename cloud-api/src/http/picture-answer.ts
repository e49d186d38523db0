import type { IncomingMessage, ServerResponse } from 'node:http'
import { isNotModified } from './conditional.ts'
import type { HeldPicture } from './picture-cache.ts'

/** Writes a picture, or that the client's copy is the current one. */
export function writePicture(
  request: IncomingMessage,
  response: ServerResponse,
  { bytes, etag, capturedAt, publicUntil, headerList }: HeldPicture,
  now: number,
): void {
  const leftS = Math.max(0, Math.floor((publicUntil - now) / 1000))
  const cacheControl = `public, max-age=${leftS}, immutable`
  if (isNotModified(request.headers, { etag, modifiedAt: capturedAt })) {
    response.writeHead(304, ['etag', etag, 'cache-control', cacheControl, 'access-control-allow-origin', '*'])
    response.end()
    return
  }
  response.writeHead(200, [...headerList, 'cache-control', cacheControl])
  response.end(request.method === 'HEAD' ? undefined : bytes)
}
