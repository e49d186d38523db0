import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import { isItemId } from '@vigie/contract/ids'
import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import type { PictureSize } from '../frames/picture-files.ts'
import { answerBytes, notModified, problems } from './answers.ts'
import { isNotModified } from './conditional.ts'
import type { NoPicture, PictureCache } from './picture-cache.ts'
import { sendProblem } from './problem.ts'

const SIZES: Readonly<Record<string, PictureSize>> = { full: 'full', '640': 640, '320': 320 }

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
      handler: async (request, reply) => {
        const { frame, size: sizeName } = request.params
        const size = Object.hasOwn(SIZES, sizeName) ? SIZES[sizeName] : undefined
        if (!isItemId(frame) || size === undefined) return sendNoPicture(reply, 'unknown')
        const picture = await pictures.read(frame, size)
        if (typeof picture === 'string') return sendNoPicture(reply, picture)
        const leftS = Math.max(0, Math.floor((picture.publicUntil - clock.now()) / 1000))
        reply.header('cache-control', `public, max-age=${leftS}, immutable`)
        if (isNotModified(request.headers, { etag: picture.etag, modifiedAt: picture.capturedAt })) {
          return reply.code(304).header('etag', picture.etag).send()
        }
        return reply.headers(picture.headers).send(picture.bytes)
      },
    })
  }

/** What is not there is said as it is; no other picture is sent in its place. */
export function sendNoPicture(reply: FastifyReply, reason: NoPicture): FastifyReply {
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
