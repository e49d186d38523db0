import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { Live } from '../live/live.ts'
import type { Webcam } from '../live/webcam.ts'
import { answer, problems } from './answers.ts'
import { ParametersWrong } from './parameters.ts'
import { sendProblem } from './problem.ts'
import { CROSS_ORIGIN } from './security.ts'

const EVENT_STREAM = 'text/event-stream'

const STREAM_HEADERS = {
  ...CROSS_ORIGIN,
  'content-type': EVENT_STREAM,
  'cache-control': 'no-store',
  // The stream ends with its connection: kept open for another request, it would keep a stopping server waiting.
  connection: 'close',
  // nginx would gather events until its buffer is full.
  'x-accel-buffering': 'no',
}

export const WebcamEvent = Type.Object(
  {
    cause: Type.Enum(['frame', 'unchanged', 'freshness', 'presence', 'state']),
    webcam: Type.Unsafe<Webcam>(Type.Ref('Webcam')),
  },
  { $id: 'WebcamEvent', description: 'The data of an event named webcam: what happened, and the webcam as it is now.' },
)

/** Everything that changes for whom looks at the webcams, as it happens. */
export const eventRoute =
  ({ live }: { live: Live }): FastifyPluginAsyncTypebox =>
  async (app) => {
    // Else the server would wait for its clients to go.
    app.addHook('preClose', async () => live.hangUp())
    const url = '/events'

    app.route({
      method: 'GET',
      url,
      config: { action: 'public' },
      exposeHeadRoute: false,
      schema: {
        operationId: 'listenToWebcams',
        summary: 'Server-sent events: a webcam each time that it changes',
        description:
          'Events: `webcam` (data: WebcamEvent) and `reset` (what you know has gaps: read the list anew, until its ' +
          'lastEventId is at least that of the event). After a cut the browser sends Last-Event-ID and gets each webcam ' +
          'that changed meanwhile once, as it is now. The first time, give `lastEventId` of the list that you show. A ' +
          'client that is slow gets the newest only; one that takes nothing for 30 s is cut.',
        tags: ['webcams'],
        querystring: Type.Object({
          lastEventId: Type.Optional(Type.String({ description: 'As the header Last-Event-ID, which is stronger.' })),
        }),
        response: {
          ...answer(200, 'A stream of events that does not end.', EVENT_STREAM, Type.Ref('WebcamEvent')),
          ...problems('parameters-wrong', 'too-many-listeners', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const lastEventId = readLastEventId(request.headers, request.query.lastEventId)
        const gone = new AbortController()
        reply.raw.once('close', () => gone.abort())
        const refusal = await live.listen(lastEventId, gone.signal, () => {
          reply.hijack()
          reply.raw.writeHead(200, STREAM_HEADERS)
          return reply.raw
        })
        if (refusal === null || refusal === 'gone') return reply
        return sendProblem(reply, refusal, {
          detail: 'Ask GET /api/v1/webcams each minute meanwhile, and come back.',
          retryAfterS: 10,
        })
      },
    })

    app.route({
      method: 'HEAD',
      url,
      config: { action: 'public' },
      schema: { hide: true },
      handler: (_request, reply) => reply.headers(STREAM_HEADERS).send(),
    })
  }

/** Null: from now on. Ids are numbers of the log; what is not one cannot be resumed from, and is said to be wrong. */
function readLastEventId(headers: IncomingHttpHeaders, asked: string | undefined): number | null {
  const header = headers['last-event-id']
  const text = typeof header === 'string' && header !== '' ? header : asked
  if (text === undefined || text === '') return null
  const seq = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(seq)) throw new ParametersWrong([{ place: 'lastEventId', message: 'is not an id of an event' }])
  return seq
}
