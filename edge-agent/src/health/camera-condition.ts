import type { CameraId, PresetId } from '@vigie/contract/ids'
import type { CameraState } from '@vigie/contract/state'
import type { FaultCode } from '../faults.ts'

/** How the last attempt at one view went. `answerMs`: of the camera, when it gave a picture. */
export type Attempt = { camera: CameraId; preset: PresetId; fault: FaultCode | null; answerMs: number | null }

type View = { fault: FaultCode | null; failures: number }

/** How one camera does, over all its presets. */
export type CameraCondition = { state: CameraState; answerMs: number | null; views: ReadonlyMap<PresetId, View> }

/** @param since UTC time from which it is so */
export function idleCamera(camera: CameraId, since: string): CameraCondition {
  return { state: { camera, condition: 'idle', since, failures: 0 }, answerMs: null, views: new Map() }
}

/**
 * The camera's condition after one more attempt. A camera fails while any of its presets does: an operator must hear of
 * one dead view among three. Of several faults the one that was there first is named. `since` moves only when condition
 * or fault changes, which is also when the unit says so.
 */
export function afterAttempt(before: CameraCondition, attempt: Attempt, at: string): CameraCondition {
  const { fault } = attempt
  const failures = fault === null ? 0 : (before.views.get(attempt.preset)?.failures ?? 0) + 1
  const views = new Map(before.views).set(attempt.preset, { fault, failures })
  const failing = [...views.values()].filter((view) => view.fault !== null)
  const named = failing.find((view) => view.fault === before.state.fault) ?? failing[0]
  const now = { condition: named ? ('failing' as const) : ('capturing' as const), fault: named?.fault ?? undefined }
  const isSame = now.condition === before.state.condition && now.fault === before.state.fault
  return {
    views,
    answerMs: attempt.answerMs,
    state: {
      camera: before.state.camera,
      condition: now.condition,
      since: isSame ? before.state.since : at,
      ...(now.fault && { fault: now.fault }),
      failures: Math.max(0, ...failing.map((view) => view.failures)),
    },
  }
}

/** Whether somebody should be told. */
export function hasChanged(before: CameraCondition, after: CameraCondition): boolean {
  return before.state.condition !== after.state.condition || before.state.fault !== after.state.fault
}
