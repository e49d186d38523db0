import type { LaneState } from '@vigie/contract/gate/lane-mode'
import type { BootId, SiteId, UnitId } from '@vigie/contract/ids'
import type { CameraState, ReportedConfiguration } from '@vigie/contract/state'
import type { Selectable, Transaction } from 'kysely'
import type { Database } from './database.ts'
import { addLiveEvents } from './live-events.ts'
import type { CameraStateTable, Tables } from './tables.ts'

export type StoredCameraState = Selectable<CameraStateTable>

/** How the cameras do, as their units last said. */
export type CameraStateStore = {
  all(): Promise<StoredCameraState[]>
  ofSite(site: SiteId): Promise<StoredCameraState[]>
}

/** One state message, decoded; times in milliseconds. */
export type UnitState = {
  site: SiteId
  unit: UnitId
  boot: BootId
  seq: number
  at: number
  cameras: readonly CameraState[]
  /** Which configuration runs, where the unit says so. */
  configuration?: ReportedConfiguration | undefined
  /** How its lanes do, at a museum. */
  lanes?: readonly LaneState[] | undefined
}

export function createCameraStateStore({ kysely }: Database<Tables>): CameraStateStore {
  const all = () => kysely.selectFrom('cameraState').selectAll().orderBy('site').orderBy('camera')
  return {
    all: () => all().execute(),
    ofSite: (site) => all().where('site', '=', site).execute(),
  }
}

/** Takes states over where they are news, and writes the live events of those cameras whose condition or fault changed. */
export async function noteCameraStates(
  transaction: Transaction<Tables>,
  states: readonly UnitState[],
  receivedAt: number,
): Promise<void> {
  for (const { site, unit, boot, seq, at, cameras } of states) {
    const present = await transaction.selectFrom('presence').select('boot').where('unit', '=', unit).executeTakeFirst()
    const standing = await transaction.selectFrom('cameraState').selectAll().where('site', '=', site).execute()
    for (const { camera, condition, since, fault = null, failures } of cameras) {
      const before = standing.find((row) => row.camera === camera)
      if (before !== undefined && isOlder({ unit, boot, seq, at }, before, present?.boot)) continue
      const row = { unit, condition, since: Date.parse(since), fault, failures, boot, seq, at }
      await transaction
        .insertInto('cameraState')
        .values({ site, camera, ...row })
        .onConflict((conflict) => conflict.columns(['site', 'camera']).doUpdateSet(row))
        .execute()
      if (before?.condition !== condition || before.fault !== fault) {
        await addLiveEvents(transaction, 'state', [{ site, camera }], receivedAt)
      }
    }
  }
}

/**
 * Within one boot the sequence orders, whatever the wall clock did. Of two boots the one that is present is the newer;
 * where that does not tell, only the wall clock is left.
 */
export function isOlder(
  news: Pick<UnitState, 'unit' | 'boot' | 'seq' | 'at'>,
  standing: Pick<StoredCameraState, 'unit' | 'boot' | 'seq' | 'at'>,
  present: BootId | null | undefined,
): boolean {
  if (news.unit !== standing.unit) return false
  if (news.boot === standing.boot) return news.seq < standing.seq
  if (news.boot === present || standing.boot === present) return standing.boot === present
  return news.at < standing.at
}
