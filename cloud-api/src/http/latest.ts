import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import Type from 'typebox'
import { staleFrom, type View } from '../freshness/freshness.ts'
import { pictureOf } from '../live/feature.ts'
import type { Snapshots } from '../live/snapshot.ts'
import type { Preset } from '../live/webcam.ts'
import { answerBytes, notModified, problems, sendVersion } from './answers.ts'
import type { PictureCache } from './picture-cache.ts'
import { sendNoPicture } from './pictures.ts'
import { sendProblem } from './problem.ts'

/** However far away the next picture is, a cache asks again after this many seconds. */
const LATEST_CACHE_MAX_S = 30

type Deps = { snapshots: Snapshots; pictures: PictureCache; clock: Clock }

/** The newest picture of a preset at an address that stays: only while it can be shown as live. */
export const latestRoute =
  ({ snapshots, pictures, clock }: Deps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.route({
      method: 'GET',
      url: '/webcams/:webcam/presets/:preset/latest.jpg',
      config: { action: 'public' },
      schema: {
        operationId: 'readLatestPicture',
        summary: 'The newest picture of a preset, while it is fresh or late',
        description:
          'Never an old picture with status 200: when there is no recent one, 503 with `freshness`, `capturedAt` and ' +
          '`picture`, the immutable address of the last one (or null).',
        tags: ['pictures'],
        params: Type.Object({ webcam: Type.String(), preset: Type.String() }),
        querystring: Type.Object({
          width: Type.Optional(Type.Enum([320, 640], { type: 'integer', description: 'Greatest width in pixels.' })),
        }),
        response: {
          ...answerBytes(200, 'The picture; Content-Location is its immutable address.', 'image/jpeg'),
          ...notModified,
          ...problems('parameters-wrong', 'webcam-unknown', 'preset-unknown', 'no-live-picture', 'picture-missing'),
        },
      },
      handler: async (request, reply) => {
        const { webcam, preset } = request.params
        const found = (await snapshots.current()).webcams.get(webcam)
        if (found === undefined)
          return sendProblem(reply, 'webcam-unknown', { detail: 'GET /api/v1/webcams lists all.' })
        const shown = found.webcam.properties.presets.find(({ id }) => id === preset)
        if (shown === undefined) {
          const ids = found.webcam.properties.presets.map(({ id }) => id).join(', ')
          return sendProblem(reply, 'preset-unknown', { detail: `Its presets: ${ids}.` })
        }
        const frame = found.frames.get(preset)
        const isLive = shown.freshness === 'fresh' || shown.freshness === 'late'
        if (frame === undefined || shown.picture === null || !isLive) {
          return sendProblem(reply, 'no-live-picture', {
            detail: `The preset is ${shown.freshness}.`,
            members: {
              freshness: shown.freshness,
              capturedAt: shown.capturedAt,
              seenAt: shown.seenAt,
              picture: shown.picture?.full ?? null,
            },
            retryAfterS: shown.intervalSeconds,
          })
        }
        const size = frame.thumbnails === 'impossible' ? 'full' : (request.query.width ?? 'full')
        const picture = await pictures.read(frame.id, size)
        if (typeof picture === 'string') return sendNoPicture(reply, picture)
        const addresses = pictureOf(frame)
        reply
          .headers(picture.headers)
          .header('content-location', size === 'full' ? addresses.full : size === 640 ? addresses.w640 : addresses.w320)
          .header('cache-control', `public, max-age=${secondsToKeep(shown, found.views.get(preset), clock.now())}`)
        return sendVersion(request, reply, { etag: picture.etag, modifiedAt: picture.capturedAt }, picture.bytes)
      },
    })
  }

/** Until the next look is due, and never past the moment at which this one is stale. */
function secondsToKeep({ nextExpectedAt }: Preset, view: View | undefined, now: number): number {
  const nextInMs = nextExpectedAt === null ? 0 : Date.parse(nextExpectedAt) - now
  const staleInMs = view === undefined ? 0 : (staleFrom(view, now) ?? now) - now
  const seconds = Math.min(LATEST_CACHE_MAX_S, Math.max(1, Math.ceil(nextInMs / 1000)), Math.floor(staleInMs / 1000))
  return Math.max(0, seconds)
}
