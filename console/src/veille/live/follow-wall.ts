import type { Cloud } from '../../api/cloud.ts'
import { Refused } from '../../api/refused.ts'
import type { Wall } from '../../api/schemas.ts'
import type { CloudClock } from '../../live/cloud-clock.ts'
import { type Follow, followWebcams } from '../../live/follow.ts'
import type { WallState } from './wall-state.ts'

type Deps = Follow & { cloud: Pick<Cloud, 'wall'>; state: WallState; clock: CloudClock }

/** Presence and camera states come in crowds when a broker restarts: they are read once for all, this much later. */
const GATHER_MS = 1_000

const failureOf = (problem: unknown) => {
  const status = problem instanceof Refused ? problem.status : 0
  return status === 401 ? 'signed-out' : status === 403 ? 'refused' : 'failed'
}

/** Keeps the wall true until the signal ends it: all sites once, then each change. */
export function followWall({ cloud, state, clock, ...follow }: Deps, signal: AbortSignal): Promise<void> {
  let isReadingAgain = false

  function take({ generatedAt, lastEventId, sites }: Wall): string {
    clock.set(Date.parse(generatedAt))
    state.takeWall({ sites })
    return lastEventId
  }

  async function read(until: AbortSignal): Promise<Wall> {
    try {
      return await cloud.wall(until)
    } catch (problem) {
      state.takeFailure(failureOf(problem))
      throw problem
    }
  }

  /** What an event does not carry, the unit and its cameras, is in the wall's own answer. */
  async function readAgain() {
    if (isReadingAgain) return
    isReadingAgain = true
    await follow.pause(GATHER_MS, signal)
    isReadingAgain = false
    // A failure shows in the stream as well, which then begins anew.
    await read(signal).then(take, () => undefined)
  }

  return followWebcams(
    {
      read,
      take,
      onWebcam: (webcam, cause) => {
        state.takeWebcam(webcam)
        if (cause === 'presence' || cause === 'state') void readAgain()
      },
      onLink: (isUp) => state.takeLink(isUp, clock.now()),
    },
    follow,
    signal,
  )
}
