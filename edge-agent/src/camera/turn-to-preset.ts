import { setTimeout } from 'node:timers/promises'
import type { Clock } from '@vigie/contract/clock'
import type { CameraConversation } from './camera-conversation.ts'
import { CameraFault } from './camera-fault.ts'
import type { CameraStep } from './camera-port.ts'

/** A head that was told to turn begins within this; asked sooner, it may still say that it stands. */
const BEGINS_WITHIN_MS = 400
const POLL_MS = 250
/** For a camera that does not tell whether it moves: the slowest of the data sheets, 8 s from one end to the other. */
const BLIND_WAIT_MS = 8_000

/**
 * Turns the camera to a preset and returns when it stands still. A picture taken on the way would bear the masks of
 * another view, so one that does not come to rest is a fault.
 */
export async function turnToPreset(
  conversation: CameraConversation,
  preset: string,
  { clock, onStep }: { clock: Clock; onStep: (step: CameraStep) => void },
  signal: AbortSignal,
): Promise<void> {
  const startedMs = clock.monotonicMs()
  await conversation.goToPreset(preset, signal)
  await pause(BEGINS_WITHIN_MS, signal)
  let moving = await conversation.isMoving(signal)
  while (moving === true) {
    await pause(POLL_MS, signal)
    moving = await conversation.isMoving(signal)
  }
  if (moving === null) await pause(BLIND_WAIT_MS, signal)
  onStep({ name: 'move', tookMs: Math.round(clock.monotonicMs() - startedMs) })
}

/** The move's own deadline: the camera answers, it only does not come to rest. */
export const stillMoving = (deadlineMs: number) => new CameraFault('camera-still-moving', `after ${deadlineMs} ms`)

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, { signal })
  } catch (error) {
    signal.throwIfAborted()
    throw error
  }
}
