import type { ItemId, SiteId, UnitId } from '@vigie/contract/ids'
import type { Transaction } from 'kysely'
import { noteCameraStates, type UnitState } from './camera-states.ts'
import { noteReports, reportIn } from './configurations.ts'
import { type Database, writeInOrder } from './database.ts'
import { type AddressedDeadLetter, addDeadLetters } from './dead-letters.ts'
import type { StoredFrame } from './frames.ts'
import { addLiveEvents } from './live-events.ts'
import { noteHeard } from './presence.ts'
import { noteSightings, type Sighting, type SightingOutcome } from './sightings.ts'
import type { Tables } from './tables.ts'
import { noteLaneStates } from './tickets/gate-lanes.ts'
import { addGateRows, type GateRow } from './tickets/gate-rows.ts'

/** A frame that is ready to be stored: its picture's file stands on the disk. */
export type NewFrame = Omit<StoredFrame, 'picture' | 'thumbnails' | 'seenAt' | 'seenClock' | 'seenReceivedAt'>

/** What is stored together. At most some hundred of each: SQLite takes 32,766 values in a statement. */
export type ItemBatch = {
  frames: readonly NewFrame[]
  /** Of frames that are stored, or are of this batch. */
  sightings?: readonly Sighting[]
  states: readonly UnitState[]
  /** Of the ledgers of gates. */
  rows?: readonly GateRow[]
  deadLetters: readonly AddressedDeadLetter[]
  /** Units from whom an item came, stored or not. */
  heard: readonly { unit: UnitId; site: SiteId }[]
  /** Now, by the cloud's clock. */
  at: number
}

/** What became of each frame: `id-taken` is another frame with the id of one that is stored. */
export type FrameOutcome = 'stored' | 'already' | 'id-taken'
export type ItemOutcome = FrameOutcome | SightingOutcome

export type ItemStore = {
  /** Stores a batch in one transaction, live events with it. When it returns, the batch is on the disk. */
  storeItems(batch: ItemBatch): Promise<Map<ItemId, ItemOutcome>>
}

export function createItemStore(database: Database<Tables>): ItemStore {
  return {
    storeItems: (batch) =>
      writeInOrder(database, async (transaction) => {
        const frames = await addFrames(transaction, batch.frames, batch.at)
        const sightings = await noteSightings(transaction, batch.sightings ?? [], batch.at)
        const rows = await addGateRows(transaction, batch.rows ?? [], batch.at)
        await noteCameraStates(transaction, batch.states, batch.at)
        await noteLaneStates(transaction, batch.states)
        await noteReports(transaction, batch.states.flatMap(reportIn), batch.at)
        await addDeadLetters(transaction, batch.deadLetters)
        await noteHeard(transaction, batch.heard, batch.at)
        return new Map<ItemId, ItemOutcome>([...sightings, ...frames, ...rows])
      }),
  }
}

async function addFrames(
  transaction: Transaction<Tables>,
  frames: readonly NewFrame[],
  at: number,
): Promise<Map<ItemId, FrameOutcome>> {
  const outcomes = new Map<ItemId, FrameOutcome>()
  if (frames.length === 0) return outcomes
  const unseen = { seenAt: null, seenClock: null, seenReceivedAt: null }
  const rows = frames.map((frame) => ({
    ...frame,
    ...unseen,
    picture: 'kept' as const,
    thumbnails: 'missing' as const,
  }))
  const added = await transaction
    .insertInto('frame')
    .values(rows)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .execute()
  const fresh = new Set(added.map(({ id }) => id))
  const others = frames.filter(({ id }) => !fresh.has(id)).map(({ id }) => id)
  for (const id of fresh) outcomes.set(id, 'stored')
  for (const id of await idsOfOthers(transaction, others, frames)) outcomes.set(id, 'id-taken')
  for (const id of others) if (!outcomes.has(id)) outcomes.set(id, 'already')

  const newest = new Map<string, NewFrame>()
  for (const frame of frames) {
    const view = `${frame.site} ${frame.camera} ${frame.preset}`
    if (fresh.has(frame.id) && frame.capturedAt > (newest.get(view)?.capturedAt ?? -1)) newest.set(view, frame)
  }
  await noteLatest(transaction, [...newest.values()], at)
  return outcomes
}

/** Ids that are stored with another unit's name or another picture. */
async function idsOfOthers(transaction: Transaction<Tables>, ids: readonly ItemId[], frames: readonly NewFrame[]) {
  if (ids.length === 0) return []
  const standing = await transaction
    .selectFrom('frame')
    .select(['id', 'unit', 'sha256'])
    .where('id', 'in', ids)
    .execute()
  const wanted = new Map(frames.map((frame) => [frame.id, frame]))
  return standing
    .filter(({ id, unit, sha256 }) => wanted.get(id)?.unit !== unit || wanted.get(id)?.sha256 !== sha256)
    .map(({ id }) => id)
}

/** Only a frame that is newer than all others of its view changes what a webcam shows, and makes a live event. */
async function noteLatest(transaction: Transaction<Tables>, newest: readonly NewFrame[], at: number): Promise<void> {
  if (newest.length === 0) return
  const shown = await transaction
    .insertInto('latestFrame')
    .values(newest.map(({ site, camera, preset, id, capturedAt }) => ({ site, camera, preset, frame: id, capturedAt })))
    .onConflict((conflict) =>
      conflict
        .columns(['site', 'camera', 'preset'])
        .doUpdateSet(({ ref }) => ({ frame: ref('excluded.frame'), capturedAt: ref('excluded.capturedAt') }))
        .whereRef('excluded.capturedAt', '>', 'latestFrame.capturedAt'),
    )
    .returning(['site', 'camera'])
    .execute()
  await addLiveEvents(transaction, 'frame', shown, at)
}
