import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import Type from 'typebox'
import { answer, answerBytes, problems } from '../http/answers.ts'
import { ParametersWrong } from '../http/parameters.ts'
import { sendProblem } from '../http/problem.ts'
import type { Store } from '../store/store.ts'
import { COMMISSIONING_PATH, sendClosed, sendUnknown } from './commissioning-routes.ts'
import type { ContentFiles } from './content-files.ts'
import { takePhoto } from './take-photo.ts'
import { photoTold } from './told.ts'
import { nameOf } from './who.ts'
import { atItsSite } from './whose.ts'

type Deps = {
  store: Pick<Store, 'commissionings'>
  files: ContentFiles
  clock: Clock
  newName: () => string
}

/** A phone makes its photos smaller before it sends them; one of a good camera that did not is 8 MB. */
const PHOTO_MAX_BYTES = 12 * 1024 * 1024
/** A report with more of them is not read; a page holds two. */
const PHOTOS_AT_MOST = 40

/** The photos of an installation. */
export const photoRoutes =
  ({ store: { commissionings }, files, clock, newName }: Deps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addContentTypeParser(/^image\//, { parseAs: 'buffer', bodyLimit: PHOTO_MAX_BYTES }, (_request, body, done) =>
      done(null, body),
    )

    app.route({
      method: 'POST',
      url: '/commissionings/:commissioning/photos',
      config: atItsSite(commissionings),
      bodyLimit: PHOTO_MAX_BYTES,
      schema: {
        operationId: 'addPhoto',
        summary: 'Adds a photo; the body is the picture',
        description: 'Kept upright, at most 1920 px wide, without what the camera wrote into it (position, phone).',
        tags: ['operators'],
        params: COMMISSIONING_PATH,
        querystring: Type.Object({
          id: Type.Optional(
            Type.String({
              pattern: '^[A-Za-z0-9-]{8,40}$',
              description: 'Made by the sender: sent again under the same id, a photo is kept once.',
            }),
          ),
          caption: Type.Optional(Type.String({ maxLength: 200 })),
          takenAt: Type.Optional(Type.String({ format: 'date-time' })),
        }),
        response: {
          ...answer(201, 'Kept.', 'application/json', Type.Ref('CommissioningPhoto')),
          ...problems(
            'parameters-wrong',
            'request-wrong',
            'commissioning-unknown',
            'commissioning-closed',
            'not-ready',
          ),
        },
      },
      handler: async (request, reply) => {
        const { commissioning: id } = request.params
        const { id: photoId = newName(), caption = '', takenAt } = request.query
        const commissioning = await commissionings.of(id)
        if (commissioning === undefined) return sendUnknown(reply)
        const known = await commissionings.photo(photoId)
        if (known !== undefined) {
          if (known.commissioning === id) return reply.code(201).send(photoTold(known))
          throw new ParametersWrong([{ place: 'id', message: 'is that of another photo' }])
        }
        if (commissioning.finishedAt !== null) return sendClosed(reply)
        if ((await commissionings.photos(id)).length >= PHOTOS_AT_MOST) {
          return sendProblem(reply, 'request-wrong', { detail: `There are ${PHOTOS_AT_MOST} photos already.` })
        }
        const taken = request.body instanceof Uint8Array ? await takePhoto(request.body) : null
        if (taken === null) return sendProblem(reply, 'request-wrong', { detail: 'The body is no picture.' })
        const photo = {
          id: photoId,
          commissioning: id,
          sha256: await files.keep(taken.jpeg, 'jpg'),
          caption: caption.replaceAll('\0', ''),
          takenAt: timeIn(takenAt),
          addedAt: clock.now(),
          addedBy: nameOf(request),
          widthPx: taken.widthPx,
          heightPx: taken.heightPx,
          bytes: taken.jpeg.byteLength,
        }
        await commissionings.addPhoto(photo)
        return reply.code(201).send(photoTold(photo))
      },
    })

    app.route({
      method: 'GET',
      url: '/commissionings/:commissioning/photos',
      config: atItsSite(commissionings),
      schema: {
        operationId: 'listPhotos',
        summary: 'The photos, in the order in which they were added',
        tags: ['operators'],
        params: COMMISSIONING_PATH,
        response: {
          ...answer(
            200,
            'The photos.',
            'application/json',
            Type.Object({ photos: Type.Array(Type.Ref('CommissioningPhoto')) }),
          ),
          ...problems('commissioning-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const { commissioning: id } = request.params
        if ((await commissionings.of(id)) === undefined) return sendUnknown(reply)
        return reply.send({ photos: (await commissionings.photos(id)).map(photoTold) })
      },
    })

    app.route({
      method: 'GET',
      url: '/commissionings/:commissioning/photos/:photo.jpg',
      config: atItsSite(commissionings),
      schema: {
        operationId: 'readPhoto',
        summary: 'One photo',
        tags: ['operators'],
        params: Type.Object({ commissioning: Type.String(), photo: Type.String() }),
        response: {
          ...answerBytes(200, 'The photo.', 'image/jpeg'),
          ...problems('commissioning-unknown', 'picture-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const { commissioning: id, photo: photoId } = request.params
        const photo = await commissionings.photo(photoId)
        const jpeg = photo?.commissioning === id ? await files.read(photo.sha256, 'jpg') : null
        if (jpeg === null) return sendProblem(reply, 'picture-unknown', { detail: 'No such photo.' })
        return reply.type('image/jpeg').header('cache-control', 'private, max-age=31536000, immutable').send(jpeg)
      },
    })
  }

function timeIn(text: string | undefined): number | null {
  if (text === undefined) return null
  const time = Date.parse(text)
  if (Number.isNaN(time)) throw new ParametersWrong([{ place: 'takenAt', message: 'is no time' }])
  return time
}
