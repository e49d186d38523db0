import type { AgentLog } from '../agent-log.ts'
import type { PlannedCamera } from '../settings.ts'
import type { Time } from '../time.ts'
import type { CameraMemory } from './camera-memory.ts'
import type { CameraPort } from './camera-port.ts'
import { createCamera } from './create-camera.ts'
import type { DiscoveredCamera } from './discovery-answer.ts'
import { createRovingCamera } from './roving-camera.ts'

export type OpeningDeps = {
  time: Time
  memory: CameraMemory
  /** Asks the network of a camera's address who is there. Without it, a camera whose address changes is not found again. */
  discover?: ((url: string, signal: AbortSignal) => Promise<DiscoveredCamera[]>) | undefined
  log: Pick<AgentLog, 'cameraFound' | 'cameraTrouble'>
}

/** The port to a planned camera, which finds it again at another address. Its password is not told to one that may be another. */
export function openPlannedCamera({ id, target, profile }: PlannedCamera, deps: OpeningDeps): CameraPort {
  const { time, memory, discover, log } = deps
  const portAt = (url: string, isSure: boolean) => {
    const isPinned = url.startsWith('https:') && target.trust !== undefined
    const auth = isSure || isPinned ? (profile.auth ?? 'any') : 'digest'
    return createCamera({ ...target, url, profile: { ...profile, auth } }, { clock: time })
  }
  if (discover === undefined) return portAt(target.url, true)
  return createRovingCamera(target.url, {
    ...{ time, portAt },
    memory: { read: () => memory.read(id), write: (known) => memory.write(id, known) },
    look: (looking) => discover(target.url, looking),
    onFound: (url) => log.cameraFound(id, url),
    onTrouble: (error) => log.cameraTrouble(id, error),
  })
}
