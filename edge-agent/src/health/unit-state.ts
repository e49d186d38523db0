import type { Clock } from '@vigie/contract/clock'
import type { CameraId } from '@vigie/contract/ids'
import type { CameraState } from '@vigie/contract/state'
import { type Attempt, afterAttempt, type CameraCondition, hasChanged, idleCamera } from './camera-condition.ts'

/** The conditions of a unit's cameras. */
export type UnitState = {
  /** Notes how an attempt went; true when somebody should be told. */
  note(attempt: Attempt): boolean
  cameras(): CameraState[]
  answers(): Array<{ camera: CameraId; answerMs: number | null }>
}

export function createUnitState(cameras: readonly CameraId[], clock: Pick<Clock, 'now'>): UnitState {
  const utcNow = () => new Date(clock.now()).toISOString()
  const conditions = new Map<CameraId, CameraCondition>(cameras.map((id) => [id, idleCamera(id, utcNow())]))
  return {
    note(attempt) {
      const before = conditions.get(attempt.camera) ?? idleCamera(attempt.camera, utcNow())
      const after = afterAttempt(before, attempt, utcNow())
      conditions.set(attempt.camera, after)
      return hasChanged(before, after)
    },
    cameras: () => [...conditions.values()].map(({ state }) => state),
    answers: () => [...conditions].map(([camera, { answerMs }]) => ({ camera, answerMs })),
  }
}
