import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import { isItemId } from '@vigie/contract/ids'
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { PictureSize } from '../frames/picture-files.ts'
import { answerBytes, notModified, problems } from './answers.ts'
import { isNotModified } from './conditional.ts'
import type { HeldPicture, NoPicture, PictureCache } from './picture-cache.ts'
import { sendProblem } from './problem.ts'
import { CROSS_ORIGIN } from './security.ts'

const SIZES = new Map<string, PictureSize>([
  ['full', 'full'],
  ['640', 640],
  ['320', 320],
])

/** Stored pictures: each address gives the same bytes for ever, until it answers 410. */
export const pictureRoutes =
  ({ pictures, clock }: { pictures: PictureCache; clock: Clock }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.route({
      method: 'GET',
      url: '/pictures/:frame/:size.jpg',
      schema: {
        operationId: 'readPicture',
        summary: 'One stored picture',
        description: 'Immutable: any cache may keep it for its max-age, which is what is left of its 24 public hours.',
        tags: ['pictures'],
        params: Type.Object({
          frame: Type.String({ description: 'The id of the frame, a ULID.' }),
          size: Type.String({ description: 'full, 640 or 320: the greatest width in pixels.' }),
        }),
        response: {
          ...answerBytes(200, 'The picture. Last-Modified is its capture time.', 'image/jpeg'),
          ...notModified,
          ...problems('picture-unknown', 'picture-gone', 'picture-missing'),
        },
      },
      // Parts of a path are text already, and what they may be is asked below.
      validatorCompiler: () => (value) => ({ value }),
      handler: (request, reply) => {
        const { frame, size: sizeName } = request.params
        const size = SIZES.get(sizeName)
        if (size === undefined || !isItemId(frame)) return sendNoPicture(reply, 'unknown')
        const answer = (picture: HeldPicture | NoPicture) =>
          typeof picture === 'string'
            ? sendNoPicture(reply, picture)
            : sendPicture(request, reply, picture, clock.now())
        const held = pictures.held(frame, size)
        return held === undefined ? pictures.read(frame, size).then(answer) : answer(held)
      },
    })
  }

/**
 * Writes past the framework. In a storm all viewers want the same few pictures, and Fastify's own way to an answer (header
 * by header, a promise, a validator) doubled its cost: 120 µs against 67 µs of bare Node for 122 kB, 60 µs against 25 µs
 * for a 304 (2026-11-22). tests/bench/serve.ts measures it against nginx.
 */
function sendPicture(request: FastifyRequest, reply: FastifyReply, picture: HeldPicture, now: number): FastifyReply {
  const { raw } = reply.hijack()
  const isSame = isNotModified(request.headers, { etag: picture.etag, modifiedAt: picture.capturedAt })
  const leftS = Math.max(0, Math.floor((picture.publicUntil - now) / 1000))
  raw.writeHead(isSame ? 304 : 200, {
    ...(isSame ? { etag: picture.etag } : picture.headers),
    'cache-control': `public, max-age=${leftS}, immutable`,
    ...CROSS_ORIGIN,
  })
  if (isSame || request.method === 'HEAD') raw.end()
  else raw.end(picture.bytes)
  return reply
}

/** What is not there is said as it is; no other picture is sent in its place. */
export function sendNoPicture(reply: FastifyReply, reason: NoPicture): FastifyReply {
  reply.headers(CROSS_ORIGIN)
  switch (reason) {
    case 'unknown':
      return sendProblem(reply, 'picture-unknown', {
        detail: 'Addresses of pictures come from GET /api/v1/webcams and from the history of a webcam.',
      })
    case 'gone':
      return sendProblem(reply, 'picture-gone', { detail: 'Pictures are public for 24 hours from their capture.' })
    case 'missing':
      return sendProblem(reply, 'picture-missing', {
        detail: 'The file cannot be read; it is being looked into.',
        retryAfterS: 60,
      })
  }
}
