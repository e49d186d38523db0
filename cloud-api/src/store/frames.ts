import type { CameraId, ItemId, PresetId, SiteId } from '@vigie/contract/ids'
import { type Selectable, sql } from 'kysely'
import { type Database, writeInOrder } from './database.ts'
import { type AddressedDeadLetter, addDeadLetters } from './dead-letters.ts'
import type { FrameTable, Tables } from './tables.ts'
import { takeBackFrame } from './take-back.ts'

/** One stored frame. Times are in milliseconds since 1970 UTC; the picture's file is named by `sha256`. */
export type StoredFrame = Selectable<FrameTable>

export type View = { site: SiteId; camera: CameraId; preset: PresetId }

export type FrameStore = {
  /** The newest frame, by capture time, of every view that ever had one; its picture may be deleted by now. */
  latestFrames(): Promise<StoredFrame[]>
  latestFrame(view: View): Promise<StoredFrame | undefined>
  frameById(id: ItemId): Promise<StoredFrame | undefined>
  /**
   * Frames of a camera, or of one of its views, that were captured in [from, to) and still have their picture.
   * In order of capture; when there are more than `limit`, the newest of them.
   */
  history(query: {
    site: SiteId
    camera: CameraId
    preset?: PresetId | undefined
    from: number
    to: number
    limit: number
  }): Promise<StoredFrame[]>

  /** Frames whose thumbnails are still to be made, the newest first. */
  framesWithoutThumbnails(limit: number): Promise<StoredFrame[]>
  /** Says how it ended. @returns those whose picture was not deleted meanwhile */
  noteThumbnails(ids: readonly ItemId[], outcome: 'made' | 'impossible'): Promise<Set<ItemId>>

  /**
   * Takes back a frame whose picture does not decode: its view shows the one before, its address answers 410, and the
   * letter says why. `deletePictures` is called with its content, unless another kept frame shares it.
   * @returns false when its picture was not kept any more
   */
  takeBack(
    query: { id: ItemId; letter: AddressedDeadLetter; at: number },
    deletePictures: (sha256s: string[]) => Promise<void>,
  ): Promise<boolean>

  /**
   * Takes up to `limit` frames captured before `before` whose pictures are still kept, calls `deletePictures` with the
   * contents that no other kept frame shares, and notes the pictures as deleted. When `deletePictures` throws, nothing
   * is noted. No frame is stored meanwhile, so that a content cannot come back between the question and the deletion.
   * @returns how many frames lost their picture
   */
  forgetPictures(
    query: { before: number; limit: number },
    deletePictures: (sha256s: string[]) => Promise<void>,
  ): Promise<number>
  /** Deletes rows of frames captured before `before`, without picture, that are not the newest of their view. */
  forgetFrames(before: number): Promise<number>
  /** Of these contents, those that no kept picture has. */
  unkeptContents(sha256s: readonly string[]): Promise<Set<string>>
  /** Calls `deletePictures` with those of these contents that no kept picture has; no frame is stored meanwhile. */
  deleteUnkept(sha256s: readonly string[], deletePictures: (sha256s: string[]) => Promise<void>): Promise<void>
  /** How many frames captured before `before` still have their picture. */
  countKeptBefore(before: number): Promise<number>
}

/** As literals: SQLite takes an index with a condition only where the statement, not its parameters, meets the condition. */
const KEPT = sql<'kept'>`'kept'`
const MISSING = sql<'missing'>`'missing'`

export function createFrameStore(database: Database<Tables>): FrameStore {
  const { kysely } = database
  const latest = () =>
    kysely.selectFrom('latestFrame').innerJoin('frame', 'frame.id', 'latestFrame.frame').selectAll('frame')
  return {
    latestFrames: () => latest().execute(),
    latestFrame: ({ site, camera, preset }) =>
      latest()
        .where('latestFrame.site', '=', site)
        .where('latestFrame.camera', '=', camera)
        .where('latestFrame.preset', '=', preset)
        .executeTakeFirst(),
    frameById: (id) => kysely.selectFrom('frame').selectAll().where('id', '=', id).executeTakeFirst(),
    history: async ({ site, camera, preset, from, to, limit }) => {
      let query = kysely.selectFrom('frame').selectAll().where('site', '=', site).where('camera', '=', camera)
      if (preset !== undefined) query = query.where('preset', '=', preset)
      const newestFirst = await query
        .where('capturedAt', '>=', from)
        .where('capturedAt', '<', to)
        .where('picture', '=', KEPT)
        .orderBy('capturedAt', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return newestFirst.reverse()
    },

    framesWithoutThumbnails: (limit) =>
      kysely
        .selectFrom('frame')
        .selectAll()
        .where('thumbnails', '=', MISSING)
        .where('picture', '=', KEPT)
        .orderBy('receivedAt', 'desc')
        .limit(limit)
        .execute(),
    noteThumbnails: async (ids, outcome) => {
      if (ids.length === 0) return new Set()
      const noted = await writeInOrder(database, (transaction) =>
        transaction
          .updateTable('frame')
          .set({ thumbnails: outcome })
          .where('id', 'in', ids)
          .where('picture', '=', KEPT)
          .returning('id')
          .execute(),
      )
      return new Set(noted.map(({ id }) => id))
    },

    takeBack: ({ id, letter, at }, deletePictures) =>
      writeInOrder(database, async (transaction) => {
        const frame = await takeBackFrame(transaction, id, at)
        if (frame === undefined) return false
        await addDeadLetters(transaction, [letter])
        await deletePictures([...(await unkeptAmong(transaction, [frame.sha256]))])
        return true
      }),

    forgetPictures: ({ before, limit }, deletePictures) =>
      writeInOrder(database, async (transaction) => {
        const old = await transaction
          .selectFrom('frame')
          .select(['id', 'sha256'])
          .where('capturedAt', '<', before)
          .where('picture', '=', KEPT)
          .orderBy('capturedAt')
          .limit(limit)
          .execute()
        if (old.length === 0) return 0
        const ids = old.map(({ id }) => id)
        await transaction.updateTable('frame').set({ picture: 'deleted' }).where('id', 'in', ids).execute()
        const unkept = await unkeptAmong(
          transaction,
          old.map(({ sha256 }) => sha256),
        )
        await deletePictures([...unkept])
        return old.length
      }),
    forgetFrames: async (before) => {
      const { numDeletedRows } = await writeInOrder(database, (transaction) =>
        transaction
          .deleteFrom('frame')
          .where('capturedAt', '<', before)
          .where('picture', '!=', KEPT)
          .where('id', 'not in', ({ selectFrom }) => selectFrom('latestFrame').select('frame'))
          .executeTakeFirst(),
      )
      return Number(numDeletedRows)
    },
    unkeptContents: (sha256s) => unkeptAmong(kysely, sha256s),
    deleteUnkept: async (sha256s, deletePictures) => {
      if (sha256s.length === 0) return
      await writeInOrder(database, async (transaction) =>
        deletePictures([...(await unkeptAmong(transaction, sha256s))]),
      )
    },
    countKeptBefore: async (before) => {
      const { count } = await kysely
        .selectFrom('frame')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('capturedAt', '<', before)
        .where('picture', '=', KEPT)
        .executeTakeFirstOrThrow()
      return Number(count)
    },
  }
}

async function unkeptAmong(kysely: Pick<Database<Tables>['kysely'], 'selectFrom'>, sha256s: readonly string[]) {
  const unkept = new Set(sha256s)
  if (unkept.size === 0) return unkept
  const rows = await kysely
    .selectFrom('frame')
    .select('sha256')
    .distinct()
    .where('sha256', 'in', [...unkept])
    .where('picture', '=', KEPT)
    .execute()
  for (const { sha256 } of rows) unkept.delete(sha256)
  return unkept
}
