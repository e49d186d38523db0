import type { CameraId } from '@vigie/contract/ids'
import type { CameraState } from '@vigie/contract/state'
import type { HonestTime } from '../clock/honest-time.ts'
import { type Attempt, afterAttempt, type CameraCondition, hasChanged, idleCamera } from './camera-condition.ts'

/** The conditions of a unit's cameras. */
export type UnitState = {
  /** Notes how an attempt went; true when somebody should be told. */
  note(attempt: Attempt): boolean
  cameras(): CameraState[]
  answers(): Array<{ camera: CameraId; answerMs: number | null }>
}

export function createUnitState(
  cameras: readonly CameraId[],
  time: Pick<HonestTime, 'now' | 'monotonicMs' | 'date'>,
): UnitState {
  const utcNow = () => new Date(time.now()).toISOString()
  const conditions = new Map<CameraId, CameraCondition>(cameras.map((id) => [id, idleCamera(id, utcNow())]))
  /** Since when by the monotonic clock: what began before the time was known is told with its true date later. */
  const sinceMonoMs = new Map<CameraId, number>(cameras.map((id) => [id, time.monotonicMs()]))
  return {
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
