import type { IncomingMessage, ServerResponse } from 'node:http'
import { conditionsIn, isNotModified } from './conditional.ts'
import type { HeldPicture } from './picture-cache.ts'
import { CROSS_ORIGIN } from './security.ts'

/** The headers of both answers about one picture, as they are for one second; Node writes lists soonest. */
type Answers = { leftS: number; whole: string[]; notModified: string[] }

const answers = new WeakMap<HeldPicture, Answers>()
/** Of those about other origins the one that a browser asks for again when its copy is the current one. */
const ORIGINS = 'access-control-allow-origin'

/** Writes a picture, or that the client's copy is the current one. */
export function writePicture(
  request: IncomingMessage,
  response: ServerResponse,
  picture: HeldPicture,
  now: number,
): void {
  const { whole, notModified } = answersOf(picture, now)
  const { etag, capturedAt: modifiedAt } = picture
  if (isNotModified(conditionsIn(request.rawHeaders), { etag, modifiedAt })) {
    response.writeHead(304, notModified)
    response.end()
    return
  }
  response.writeHead(200, whole)
  response.end(request.method === 'HEAD' ? undefined : picture.bytes)
}

function answersOf(picture: HeldPicture, now: number): Answers {
  const leftS = Math.max(0, Math.floor((picture.publicUntil - now) / 1000))
  const known = answers.get(picture)
  if (known?.leftS === leftS) return known
  const caching = ['cache-control', `public, max-age=${leftS}, immutable`]
  const headers = Object.entries({ ...picture.headers, ...CROSS_ORIGIN })
  const fresh = {
    leftS,
    whole: [...headers.flatMap(([name, value]) => [name, String(value)]), ...caching],
    notModified: ['etag', picture.etag, ...caching, ORIGINS, CROSS_ORIGIN[ORIGINS]],
  }
  answers.set(picture, fresh)
  return fresh
}
