import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import { isItemId } from '@vigie/contract/ids'
import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import type { PictureSize } from '../frames/picture-files.ts'
import { answerBytes, notModified, problems } from './answers.ts'
import { writePicture } from './picture-answer.ts'
import { type NoPicture, PICTURES, type PictureCache } from './picture-cache.ts'
import { sendProblem } from './problem.ts'
import { CROSS_ORIGIN } from './security.ts'

const SIZES = new Map<string, PictureSize>([
  ['full', 'full'],
  ['640', 640],
  ['320', 320],
])

/** What the last part of an address names; undefined for what is no size. */
const sizeNamed = (name: string): PictureSize | undefined => SIZES.get(name)

/** Stored pictures: each address gives the same bytes for ever, until it answers 410. */
export const pictureRoutes =
  ({ pictures, clock }: { pictures: PictureCache; clock: Clock }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.route({
      method: 'GET',
      url: `${PICTURES}/:frame/:size.jpg`,
      config: { action: 'public' },
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
        const { frame, size: name } = request.params
        const size = sizeNamed(name)
        if (size === undefined || !isItemId(frame)) return sendNoPicture(reply, 'unknown')
        const picture = await pictures.read(frame, size)
        if (typeof picture === 'string') return sendNoPicture(reply, picture)
        writePicture(request.raw, reply.hijack().raw, picture, clock.now())
        return reply
      },
    })
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
      return sendProblem(reply, 'picture-gone', {
        detail: 'Pictures are public for 24 hours from their capture; one that does not decode is taken back at once.',
      })
    case 'missing':
      return sendProblem(reply, 'picture-missing', {
        detail: 'The file cannot be read; it is being looked into.',
        retryAfterS: 60,
      })
  }
}
