import type { Clock } from '@vigie/contract/clock'
import type { CameraStep } from './camera-port.ts'

/** Does one step of a conversation and tells how long it took and whether it went well. */
export type RunStep = <Value>(name: CameraStep['name'], work: () => Promise<Value>) => Promise<Value>

export function createStepRunner(clock: Clock, onStep: (step: CameraStep) => void): RunStep {
  return async (name, work) => {
    const startedMs = clock.monotonicMs()
    const end = (isDone: boolean) => onStep({ name, tookMs: Math.round(clock.monotonicMs() - startedMs), isDone })
    try {
      const value = await work()
      end(true)
      return value
    } catch (error) {
      end(false)
      throw error
    }
  }
}
