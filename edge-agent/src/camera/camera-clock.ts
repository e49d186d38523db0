import type { Clock } from '@vigie/contract/clock'
import { CameraFault } from './camera-fault.ts'
import type { OnvifClient } from './onvif-client.ts'

/** What is known of a camera's clock since it was asked. */
export type CameraClock = {
  /** The camera's clock minus ours; null when it does not tell its time. */
  offsetMs: number | null
  /** The camera's wall time now, carried forward without our own wall clock, which may jump; ours when it is not told. */
  now(): number
}

/** Cameras tell whole seconds, cut off: on average it is half a second later. */
const HALF_SECOND_MS = 500

/**
 * The clock is asked first and without a login, which needs it (ONVIF Core §5.9.4 demands that it is open to all). Some
 * cameras want a login all the same: then with our own time.
 */
export async function readCameraClock(
  { open, loggedIn }: { open: OnvifClient; loggedIn: OnvifClient },
  clock: Clock,
  signal: AbortSignal,
): Promise<CameraClock> {
  const startedMs = clock.monotonicMs()
  const toldMs = await readClock(open, loggedIn, signal)
  if (toldMs === null) return { offsetMs: null, now: clock.now }
  const atMs = clock.monotonicMs()
  const wallMs = toldMs + HALF_SECOND_MS
  // It was true at some moment between question and answer: at half the way, give or take.
  const offsetMs = Math.round(wallMs - (clock.now() - (atMs - startedMs) / 2))
  return { offsetMs, now: () => wallMs + clock.monotonicMs() - atMs }
}

async function readClock(open: OnvifClient, loggedIn: OnvifClient, signal: AbortSignal): Promise<number | null> {
  try {
    return await open.readClock(signal)
  } catch (error) {
    if (!(error instanceof CameraFault)) throw error
    if (error.code === 'camera-refused-login') return loggedIn.readClock(signal)
    if (error.code === 'camera-refused') return null
    throw error
  }
}
