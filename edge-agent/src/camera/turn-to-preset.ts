import type { CameraTurning } from '@vigie/config-schema/camera-profile'
import type { Time } from '../time.ts'
import type { CameraConversation } from './camera-conversation.ts'
import { CameraFault } from './camera-fault.ts'

/** A head that was told to turn begins within this; asked sooner, it may still say that it stands. */
const BEGINS_WITHIN_MS = 400
const POLL_MS = 250
/** For a camera that does not tell whether it moves: data sheets say 8 s from one end to the other for a slow head. */
export const BLIND_WAIT_MS = 8_000

/**
 * Turns the camera to a preset and returns when it stands still. A picture taken on the way would bear the masks of
 * another view, so one that does not come to rest is a fault: `camera-still-moving`.
 */
export async function turnToPreset(
  conversation: Pick<CameraConversation, 'goToPreset' | 'isMoving'>,
  preset: string,
  moving: Moving,
  signal: AbortSignal,
): Promise<void> {
  await conversation.goToPreset(preset, signal)
  await untilAtRest(conversation, moving, signal)
}

export type Moving = { time: Time; restsWithinMs: number; turning?: CameraTurning | undefined }

/** Returns when a head that was told to move stands still. */
export async function untilAtRest(
  conversation: Pick<CameraConversation, 'isMoving'>,
  { time, restsWithinMs, turning = {} }: Moving,
  signal: AbortSignal,
): Promise<void> {
  const startedMs = time.monotonicMs()
  await time.wait(BEGINS_WITHIN_MS, signal)
  let isMoving = await conversation.isMoving(signal)
  while (isMoving === true) {
    if (time.monotonicMs() - startedMs > restsWithinMs) {
      throw new CameraFault('camera-still-moving', `after ${restsWithinMs} ms`)
    }
    await time.wait(POLL_MS, signal)
    isMoving = await conversation.isMoving(signal)
  }
  const { blindWaitMs = BLIND_WAIT_MS, settleMs = 0 } = turning
  const restMs = (isMoving === null ? blindWaitMs : 0) + settleMs
  if (restMs > 0) await time.wait(restMs, signal)
}
