import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import { ClockState } from '@vigie/contract/clock'
import { isPresetId } from '@vigie/contract/ids'
import Type, { type Static } from 'typebox'
import { PUBLIC_MS } from '../frames/lifetime.ts'
import { doubtsOf, isPublic, pictureOf, sightOf } from '../live/feature.ts'
import type { Snapshots } from '../live/snapshot.ts'
import { createTextBody } from '../live/text-body.ts'
import type { Picture } from '../live/webcam.ts'
import type { FrameStore, StoredFrame } from '../store/frames.ts'
import { answer, notModified, problems } from './answers.ts'
import { ParametersWrong } from './parameters.ts'
import { PeriodQuery, readPeriod } from './period.ts'
import { sendProblem } from './problem.ts'
import { sendText } from './send-text.ts'
import { WebcamParameters } from './webcams.ts'

/** A day at a frame a minute (about 450 kB of JSON). Beyond: `earlier` is the address of the rest. */
export const HISTORY_MAX_FRAMES = 1_440

const HistoryFrame = Type.Object({
  id: Type.String(),
  preset: Type.String(),
  capturedAt: Type.String({ format: 'date-time' }),
  clock: ClockState,
  seenAt: Type.String({
    format: 'date-time',
    description: 'Until then the camera was seen to show what this picture shows: capturedAt, or later.',
  }),
  intervalSeconds: Type.Union([Type.Integer(), Type.Null()], {
    description: 'From seenAt to the next look, as it was planned; null: as for the webcam.',
  }),
  doubts: Type.Array(Type.String(), { description: 'As for a preset.' }),
  picture: Type.Unsafe<Picture>(Type.Ref('Picture')),
})
export const History = Type.Object(
  {
    webcam: Type.String(),
    from: Type.String({ format: 'date-time' }),
    to: Type.String({ format: 'date-time' }),
    earlier: Type.Union([Type.String({ format: 'uri-reference' }), Type.Null()], {
      description: 'Where the older frames of the period are, when they did not fit.',
    }),
    frames: Type.Array(HistoryFrame, { description: 'In order of capture.' }),
  },
  { $id: 'History' },
)
export type History = Static<typeof History>

type Deps = { snapshots: Snapshots; frames: Pick<FrameStore, 'history'>; clock: Clock }

/** What a webcam showed during the last 24 hours. */
export const historyRoute =
  ({ snapshots, frames, clock }: Deps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.route({
      method: 'GET',
      url: '/webcams/:webcam/history',
      config: { action: 'public' },
      schema: {
        operationId: 'readHistory',
        summary: 'The public frames of a webcam in a period',
        tags: ['webcams'],
        params: WebcamParameters,
        querystring: Type.Object({ preset: Type.Optional(Type.String()), ...PeriodQuery }),
        response: {
          ...answer(200, 'Frames captured in [from, to).', 'application/json', Type.Ref('History')),
          ...notModified,
          ...problems('parameters-wrong', 'webcam-unknown', 'preset-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const now = clock.now()
        const period = readPeriod(request.query, { now, defaultMs: PUBLIC_MS, reachMs: PUBLIC_MS })
        const { preset } = request.query
        const found = (await snapshots.current()).webcams.get(request.params.webcam)
        if (found === undefined)
          return sendProblem(reply, 'webcam-unknown', { detail: 'GET /api/v1/webcams lists all.' })
        if (preset !== undefined && !isPresetId(preset)) {
          throw new ParametersWrong([{ place: 'preset', message: 'is not the id of a preset' }])
        }
        const rows = await frames.history({
          site: found.site,
          camera: found.camera,
          preset,
          ...period,
          limit: HISTORY_MAX_FRAMES + 1,
        })
        const history = historyOf(request.params.webcam, preset, period, rows, now)
        reply.header('cache-control', 'public, max-age=5').type('application/json')
        return sendText(request, reply, createTextBody(JSON.stringify(history)))
      },
    })
  }

function historyOf(
  webcam: string,
  preset: string | undefined,
  { from, to }: { from: number; to: number },
  rows: readonly StoredFrame[],
  now: number,
): History {
  const shown = rows.slice(-HISTORY_MAX_FRAMES)
  const oldest = shown[0]
  const isCut = rows.length > shown.length && oldest !== undefined
  return {
    webcam,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    earlier: isCut ? addressOf(webcam, preset, from, oldest.capturedAt) : null,
    frames: shown
      .filter((frame) => isPublic(frame, now))
      .map((frame) => ({
        id: frame.id,
        preset: frame.preset,
        capturedAt: new Date(frame.capturedAt).toISOString(),
        clock: frame.clock,
        seenAt: new Date(sightOf(frame).at).toISOString(),
        intervalSeconds: frame.intervalS,
        doubts: doubtsOf(frame),
        picture: pictureOf(frame),
      })),
  }
}

function addressOf(webcam: string, preset: string | undefined, from: number, to: number): string {
  const query = new URLSearchParams(preset === undefined ? {} : { preset })
  query.set('from', new Date(from).toISOString())
  query.set('to', new Date(to).toISOString())
  return `/api/v1/webcams/${webcam}/history?${query}`
}
