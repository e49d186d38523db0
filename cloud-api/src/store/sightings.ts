import type { ClockState } from '@vigie/contract/clock'
import type { CameraId, ItemId, PresetId, SiteId, UnitId } from '@vigie/contract/ids'
import type { Transaction } from 'kysely'
import type { StoredFrame } from './frames.ts'
import { addLiveEvents } from './live-events.ts'
import type { Tables } from './tables.ts'

/** A unit has looked at a view and found it as in an earlier frame. Times in milliseconds. */
export type Sighting = {
  id: ItemId
  site: SiteId
  unit: UnitId
  camera: CameraId
  preset: PresetId
  frame: ItemId
  seenAt: number
  clock: ClockState
  receivedAt: number
  /** To the next planned capture; null: as the site document says. */
  intervalS: number | null
  /** The masks that are approved for the view now. */
  maskVersion: number
}

/**
 * What became of a sighting. `frame-unknown`: no such frame is stored, or not yet. `frame-elsewhere`: it is of another
 * unit or view. `masks-outdated`: its picture has masks that are not the approved ones any more. `picture-taken-back`:
 * it had to be taken back. Neither is prolonged.
 */
export type SightingOutcome = 'stored' | 'frame-unknown' | 'frame-elsewhere' | 'masks-outdated' | 'picture-taken-back'

/**
 * Notes sightings in the transaction of their batch, after its frames. What is kept is the latest moment at which each
 * frame's view was seen: a greatest value, so that a sighting may come twice, late or in any order, and needs no row of
 * its own. A live event is written when this moves what a webcam shows.
 */
export async function noteSightings(
  transaction: Transaction<Tables>,
  sightings: readonly Sighting[],
  at: number,
): Promise<Map<ItemId, SightingOutcome>> {
  const outcomes = new Map<ItemId, SightingOutcome>()
  if (sightings.length === 0) return outcomes
  const standing = await transaction
    .selectFrom('frame')
    .select(['id', 'site', 'unit', 'camera', 'preset', 'maskVersion', 'capturedAt', 'seenAt', 'picture'])
    .where('id', 'in', [...new Set(sightings.map(({ frame }) => frame))])
    .execute()
  const frames = new Map(standing.map((frame) => [frame.id, frame]))
  const latest = new Map<ItemId, Sighting>()
  for (const sighting of sightings) {
    const frame = frames.get(sighting.frame)
    const outcome = outcomeOf(sighting, frame)
    outcomes.set(sighting.id, outcome)
    if (frame === undefined || outcome !== 'stored') continue
    const seenAt = latest.get(frame.id)?.seenAt ?? frame.seenAt ?? frame.capturedAt
    if (sighting.seenAt > seenAt) latest.set(frame.id, sighting)
  }
  for (const { frame, seenAt, clock, receivedAt, intervalS } of latest.values()) {
    await transaction
      .updateTable('frame')
      .set({ seenAt, seenClock: clock, seenReceivedAt: receivedAt, intervalS })
      .where('id', '=', frame)
      .execute()
  }
  await tellWhatIsShown(transaction, [...latest.keys()], at)
  return outcomes
}

type Prolonged = Pick<StoredFrame, 'site' | 'unit' | 'camera' | 'preset' | 'maskVersion' | 'picture'>

function outcomeOf(sighting: Sighting, frame: Prolonged | undefined): SightingOutcome {
  if (frame === undefined) return 'frame-unknown'
  const isSame = (['site', 'unit', 'camera', 'preset'] as const).every((part) => frame[part] === sighting[part])
  if (!isSame) return 'frame-elsewhere'
  if (frame.picture === 'undecodable') return 'picture-taken-back'
  return frame.maskVersion === sighting.maskVersion ? 'stored' : 'masks-outdated'
}

/** A sighting of a frame that is not the newest of its view fills the past and changes nothing that is seen now. */
async function tellWhatIsShown(transaction: Transaction<Tables>, frames: readonly ItemId[], at: number): Promise<void> {
  if (frames.length === 0) return
  const shown = await transaction
    .selectFrom('latestFrame')
    .select(['site', 'camera'])
    .where('frame', 'in', frames)
    .execute()
  await addLiveEvents(transaction, 'unchanged', shown, at)
}
