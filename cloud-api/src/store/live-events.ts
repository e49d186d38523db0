import type { CameraId, PresetId, SiteId } from '@vigie/contract/ids'
import type { Selectable, Transaction } from 'kysely'
import type { Freshness } from '../freshness/freshness.ts'
import { type Database, writeInOrder } from './database.ts'
import type { LiveCause, LiveEventTable, Tables } from './tables.ts'

export type LiveEvent = Selectable<LiveEventTable>
export type ViewFreshness = { site: SiteId; camera: CameraId; preset: PresetId; freshness: Freshness }

/**
 * The log of what changed for whom looks at a webcam. An event is written in the transaction of its change, so that it
 * exists exactly if the change does; any instance reads what all have written. Numbers rise in the order of commit.
 */
export type LiveEventStore = {
  /** Events with a greater number, in order. */
  after(seq: number, limit: number): Promise<LiveEvent[]>
  /** The number of the newest event there ever was; 0 before the first. */
  newestSeq(): Promise<number>
  /** The number of the oldest event that is still in the log; null when it is empty. */
  oldestSeq(): Promise<number | null>
  /**
   * Tells of freshness that changed with time alone: of each view whose freshness is other than was last told, an event
   * with cause `freshness` (one for each camera). Two instances that notice the same change make one event.
   * @returns the views that had changed
   */
  tellFreshness(views: readonly ViewFreshness[], at: number): Promise<ViewFreshness[]>
  /** Forgets events from before `before`. The newest one stays: its number is where a new reader begins. */
  trim(before: number): Promise<number>
}

export function createLiveEventStore(database: Database<Tables>): LiveEventStore {
  const { kysely } = database
  const newestSeq = async () => {
    const { newest } = await kysely
      .selectFrom('liveEvent')
      .select(({ fn }) => fn.max('seq').as('newest'))
      .executeTakeFirstOrThrow()
    return Number(newest ?? 0)
  }
  return {
    after: (seq, limit) =>
      kysely.selectFrom('liveEvent').selectAll().where('seq', '>', seq).orderBy('seq').limit(limit).execute(),
    newestSeq,
    oldestSeq: async () => {
      const { oldest } = await kysely
        .selectFrom('liveEvent')
        .select(({ fn }) => fn.min('seq').as('oldest'))
        .executeTakeFirstOrThrow()
      return oldest === null ? null : Number(oldest)
    },
    tellFreshness: async (views, at) => {
      const isNews = async (reader: Database<Tables>['kysely'] | Transaction<Tables>) => {
        const told = await reader.selectFrom('toldFreshness').selectAll().execute()
        const known = new Map(told.map((row) => [nameOf(row), row.freshness]))
        return views.filter((view) => known.get(nameOf(view)) !== view.freshness)
      }
      if ((await isNews(kysely)).length === 0) return []
      return writeInOrder(database, async (transaction) => {
        const news = await isNews(transaction)
        for (const row of news) {
          await transaction
            .insertInto('toldFreshness')
            .values({ site: row.site, camera: row.camera, preset: row.preset, freshness: row.freshness })
            .onConflict((conflict) =>
              conflict.columns(['site', 'camera', 'preset']).doUpdateSet({ freshness: row.freshness }),
            )
            .execute()
        }
        await addLiveEvents(transaction, 'freshness', news, at)
        return news
      })
    },
    trim: (before) =>
      writeInOrder(database, async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('liveEvent')
          .where('at', '<', before)
          .where('seq', '<', ({ selectFrom }) => selectFrom('liveEvent').select(({ fn }) => fn.max('seq').as('newest')))
          .executeTakeFirst()
        return Number(numDeletedRows)
      }),
  }
}

/** Writes one event for each camera among `changes`, in the transaction of the change. */
export async function addLiveEvents(
  transaction: Transaction<Tables>,
  cause: LiveCause,
  changes: readonly { site: SiteId; camera: CameraId }[],
  at: number,
): Promise<void> {
  const cameras = new Map(changes.map(({ site, camera }) => [`${site} ${camera}`, { site, camera, cause, at }]))
  if (cameras.size > 0)
    await transaction
      .insertInto('liveEvent')
      .values([...cameras.values()])
      .execute()
}

const nameOf = ({ site, camera, preset }: { site: SiteId; camera: CameraId; preset: PresetId }) =>
  `${site} ${camera} ${preset}`
