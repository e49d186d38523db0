import type { CameraId } from '@vigie/contract/ids'
import { AgentFault } from '../faults.ts'
import type { PlannedCamera, SitePlan } from '../settings.ts'
import { runTogether } from '../together.ts'
import type { CameraWork } from './camera-work.ts'

/** The cameras of a unit, by a plan that can be replaced while they work. */
export type CamerasAtWork = {
  /** Lets the cameras work until aborted, by the plan that holds. */
  run(signal: AbortSignal): Promise<void>
  /** By another plan from now on. Resolves when nothing of the old one runs any more; to be called from one place only. */
  replace(plan: SitePlan): Promise<void>
  get(camera: CameraId): Pick<CameraWork, 'asked'>['asked'] | undefined
  /** One camera, by what holds; undefined when it is none of the plan. */
  find(
    isIt: (camera: Pick<CameraWork, 'id' | 'url' | 'port'>) => boolean,
  ): Pick<CameraWork, 'id' | 'url' | 'port'> | undefined
  /** Something has changed by which their plans go. */
  ring(): void
}

export type CamerasAtWorkDeps = {
  workOf(plan: SitePlan, camera: PlannedCamera): CameraWork
  /** Told of the cameras that work from now on. */
  onPlan(cameras: readonly CameraId[]): void
}

export function createCamerasAtWork(first: SitePlan, { workOf, onPlan }: CamerasAtWorkDeps): CamerasAtWork {
  let plan = first
  let crew = take(first)
  let isOver = new AbortController()
  /** Those who wait for the end of the plan that is over. */
  const whenEnded: Array<() => void> = []
  let isRunning = false

  function take(next: SitePlan): CameraWork[] {
    onPlan(next.cameras.map(({ id }) => id))
    return next.cameras.map((camera) => workOf(next, camera))
  }

  function takeNext(): void {
    for (const { asked } of crew) asked.giveUp('plan-replaced')
    crew = take(plan)
    isOver = new AbortController()
    for (const tell of whenEnded.splice(0)) tell()
  }

  return {
    async run(signal) {
      isRunning = true
      try {
        while (!signal.aborted) {
          await runTogether(AbortSignal.any([signal, isOver.signal]), [untilAborted, ...crew.map(({ run }) => run)])
          if (isOver.signal.aborted && !signal.aborted) takeNext()
        }
      } finally {
        isRunning = false
        for (const tell of whenEnded.splice(0)) tell()
      }
    },

    replace(next) {
      plan = next
      if (!isRunning) {
        takeNext()
        return Promise.resolve()
      }
      return new Promise((resolve) => {
        whenEnded.push(resolve)
        isOver.abort(new AgentFault('plan-replaced'))
      })
    },

    get: (camera) => crew.find(({ id }) => id === camera)?.asked,
    find: (isIt) => crew.find(isIt),
    ring() {
      for (const { ring } of crew) ring()
    },
  }
}

/** A unit without cameras waits for a plan that has some. */
function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
