import type { CameraPort } from '../camera/camera-port.ts'
import { faultCodeOf } from '../faults.ts'
import type { PlannedCamera, SitePlan } from '../settings.ts'
import type { Time } from '../time.ts'
import type { Result } from './configuration-step.ts'

export type CameraTrialDeps = { time: Time; openCamera(camera: PlannedCamera): CameraPort }

/** A camera that is being turned, or that has just been asked by the plan that runs, gets a second chance after so long. */
const ASKED_AGAIN_AFTER_MS = 5_000

/**
 * Asks each camera for a picture that the new plan reaches in another way than the one that runs. A camera that both reach
 * alike says nothing of the new plan: one that lies under snow must not keep a site from getting another schedule.
 */
export async function tryCameras(
  { next, running }: { next: SitePlan; running: SitePlan },
  deps: CameraTrialDeps,
  signal: AbortSignal,
): Promise<Result> {
  for (const camera of next.cameras) {
    const before = running.cameras.find(({ id }) => id === camera.id)
    if (before && howReached(before) === howReached(camera)) continue
    const fault = (await faultOfCamera(camera, deps, signal)) && (await againLater(camera, deps, signal))
    if (fault) return { ok: false, reason: fault, about: camera.id }
  }
  return { ok: true }
}

const howReached = ({ target, profile }: PlannedCamera) => JSON.stringify([target, profile.id])

async function againLater(camera: PlannedCamera, deps: CameraTrialDeps, signal: AbortSignal) {
  await deps.time.wait(ASKED_AGAIN_AFTER_MS, signal)
  return faultOfCamera(camera, deps, signal)
}

/** Null: it gave a picture, which nobody keeps. */
async function faultOfCamera(camera: PlannedCamera, { openCamera }: CameraTrialDeps, signal: AbortSignal) {
  let port: CameraPort | null = null
  try {
    port = openCamera(camera)
    await port.grabPicture(null, signal)
    return null
  } catch (error) {
    signal.throwIfAborted()
    const fault = faultCodeOf(error)
    if (fault === null) throw error
    return fault
  } finally {
    port?.close()
  }
}
