import type { CameraId } from '@vigie/contract/ids'
import type { CameraState } from '@vigie/contract/state'
import type { HonestTime } from '../clock/honest-time.ts'
import { type Attempt, afterAttempt, type CameraCondition, hasChanged, idleCamera } from './camera-condition.ts'

/** The conditions of a unit's cameras. */
export type UnitState = {
  /** Notes how an attempt went; true when somebody should be told. */
  note(attempt: Attempt): boolean
  /** These are its cameras from now on; what is known of those that stay, stays. */
  plan(cameras: readonly CameraId[]): void
  cameras(): CameraState[]
  answers(): Array<{ camera: CameraId; answerMs: number | null }>
}

export function createUnitState(
  cameras: readonly CameraId[],
  time: Pick<HonestTime, 'now' | 'monotonicMs' | 'date'>,
): UnitState {
  const utcNow = () => new Date(time.now()).toISOString()
  const conditions = new Map<CameraId, CameraCondition>()
  /** Since when by the monotonic clock: what began before the time was known is told with its true date later. */
  const sinceMonoMs = new Map<CameraId, number>()
  function plan(planned: readonly CameraId[]): void {
    for (const id of conditions.keys()) {
      if (planned.includes(id)) continue
      conditions.delete(id)
      sinceMonoMs.delete(id)
    }
    for (const id of planned) {
      if (conditions.has(id)) continue
      conditions.set(id, idleCamera(id, utcNow()))
      sinceMonoMs.set(id, time.monotonicMs())
    }
  }
  plan(cameras)

  return {
    plan,
    note(attempt) {
      const before = conditions.get(attempt.camera) ?? idleCamera(attempt.camera, utcNow())
      const after = afterAttempt(before, attempt, utcNow())
      conditions.set(attempt.camera, after)
      if (hasChanged(before, after)) sinceMonoMs.set(attempt.camera, time.monotonicMs())
      return hasChanged(before, after)
    },
    cameras: () =>
      [...conditions].map(([camera, { state }]) => {
        const monoMs = sinceMonoMs.get(camera)
        return monoMs === undefined ? state : { ...state, since: time.date(monoMs).at }
      }),
    answers: () => [...conditions].map(([camera, { answerMs }]) => ({ camera, answerMs })),
  }
}
