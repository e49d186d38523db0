import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { Snapshots } from '../live/snapshot.ts'
import { createTextBody } from '../live/text-body.ts'
import type { Webcam } from '../live/webcam.ts'
import { answer, notModified, problems } from './answers.ts'
import { sendProblem } from './problem.ts'
import { sendText } from './send-text.ts'

export const GEOJSON = 'application/geo+json'

/** A second in a shared cache: with it, any number of viewers ask the origin once a second. */
const LIST_CACHE = 'public, max-age=1'

export const WebcamList = Type.Object(
  {
    type: Type.Literal('FeatureCollection'),
    generatedAt: Type.String({ format: 'date-time', description: 'The moment to which every ageSeconds belongs.' }),
    lastEventId: Type.String({
      description: 'Listen from here: GET /api/v1/events?lastEventId=… tells everything that changed after this list.',
    }),
    features: Type.Array(Type.Unsafe<Webcam>(Type.Ref('Webcam'))),
  },
  { $id: 'WebcamList' },
)

export const WebcamParameters = Type.Object({
  webcam: Type.String({ description: '<site>-<camera>: col-d-allos-cam1' }),
})

/** The webcams as they are now: all of them, and one. */
export const webcamRoutes =
  ({ snapshots }: { snapshots: Snapshots }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.route({
      method: 'GET',
      url: '/webcams',
      config: { action: 'public' },
      schema: {
        operationId: 'listWebcams',
        summary: 'All webcams, as GeoJSON',
        tags: ['webcams'],
        response: {
          ...answer(
            200,
            'Every camera of every site, with the newest picture of each preset.',
            GEOJSON,
            Type.Ref('WebcamList'),
          ),
          ...notModified,
          ...problems('not-ready'),
        },
      },
      handler: async (request, reply) => {
        const { listing } = await snapshots.current()
        reply.header('cache-control', LIST_CACHE).type(GEOJSON)
        return sendText(request, reply, listing)
      },
    })

    app.route({
      method: 'GET',
      url: '/webcams/:webcam',
      config: { action: 'public' },
      schema: {
        operationId: 'readWebcam',
        summary: 'One webcam',
        tags: ['webcams'],
        params: WebcamParameters,
        response: {
          ...answer(200, 'The camera, with the newest picture of each preset.', GEOJSON, Type.Ref('Webcam')),
          ...notModified,
          ...problems('webcam-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const found = (await snapshots.current()).webcams.get(request.params.webcam)
        if (found === undefined)
          return sendProblem(reply, 'webcam-unknown', { detail: 'GET /api/v1/webcams lists all.' })
        reply.header('cache-control', LIST_CACHE).type(GEOJSON)
        return sendText(request, reply, createTextBody(found.json))
      },
    })
  }
