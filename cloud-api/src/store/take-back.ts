import type { ItemId } from '@vigie/contract/ids'
import type { Transaction } from 'kysely'
import { addLiveEvents } from './live-events.ts'
import type { Tables } from './tables.ts'

/**
 * Marks a kept frame as undecodable and lets its view show the newest frame before it that is not, with a live event:
 * whoever was told of the frame is told that it is gone.
 * @returns the frame, or undefined when its picture was not kept any more
 */
export async function takeBackFrame(transaction: Transaction<Tables>, id: ItemId, at: number) {
  const frame = await transaction
    .updateTable('frame')
    .set({ picture: 'undecodable', thumbnails: 'impossible' })
    .where('id', '=', id)
    .where('picture', '=', 'kept')
    .returning(['site', 'camera', 'preset', 'sha256'])
    .executeTakeFirst()
  if (frame === undefined) return undefined
  const { site, camera, preset } = frame
  const before = await transaction
    .selectFrom('frame')
    .select(['id', 'capturedAt'])
    .where('site', '=', site)
    .where('camera', '=', camera)
    .where('preset', '=', preset)
    .where('picture', '!=', 'undecodable')
    .orderBy('capturedAt', 'desc')
    .limit(1)
    .executeTakeFirst()
  const changed =
    before === undefined
      ? await transaction.deleteFrom('latestFrame').where('frame', '=', id).returning(['site', 'camera']).execute()
      : await transaction
          .updateTable('latestFrame')
          .set({ frame: before.id, capturedAt: before.capturedAt })
          .where('frame', '=', id)
          .returning(['site', 'camera'])
          .execute()
  await addLiveEvents(transaction, 'frame', changed, at)
  return frame
}
