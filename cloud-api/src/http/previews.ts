import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { isCameraId, isSiteId } from '@vigie/contract/ids'
import Type from 'typebox'
import type { Previews } from '../commands/previews.ts'
import { answerBytes, nothing, problems, sendNothing } from './answers.ts'

/** The live picture for whoever aims a camera: to the person who asked for the look, and to nobody else. */
export const previewRoute =
  ({ previews }: { previews: Pick<Previews, 'next'> }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.route({
      method: 'GET',
      url: '/sites/:site/preview/:camera',
      config: { action: 'command.ask', site: 'site' },
      schema: {
        operationId: 'watchPreview',
        summary: 'The next coarse picture of a camera that you look at',
        description:
          'Waits up to 10 s for one that is not `after`. `x-preview-seq` is its number, `x-captured-at` its time. ' +
          'Ask for the look first: POST /api/v1/sites/{site}/commands.',
        tags: ['operators'],
        params: Type.Object({ site: Type.String(), camera: Type.String() }),
        querystring: Type.Object({ after: Type.Optional(Type.Integer({ minimum: 0 })) }),
        response: {
          ...answerBytes(200, 'The picture.', 'image/jpeg'),
          ...nothing('None came in time, or nobody looks.'),
          ...problems('parameters-wrong', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const { site, camera } = request.params
        reply.header('cache-control', 'no-store')
        if (!isSiteId(site) || !isCameraId(camera)) return sendNothing(reply)
        const gone = new AbortController()
        request.raw.once('close', () => {
          if (request.raw.destroyed) gone.abort()
        })
        const { after = null } = request.query
        const shown = await previews.next({ site, camera, askedBy: request.person.name, after }, gone.signal)
        if (shown === null) return sendNothing(reply)
        return reply
          .header('content-type', 'image/jpeg')
          .header('x-preview-seq', shown.seq)
          .header('x-captured-at', shown.capturedAt)
          .send(Buffer.from(shown.picture))
      },
    })
  }
