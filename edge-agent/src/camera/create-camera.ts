import { randomBytes } from 'node:crypto'
import type { CameraProfile } from '@vigie/config-schema/camera-profile'
import type { Time } from '../time.ts'
import { parseCameraAddress } from './camera-address.ts'
import { type CameraConversation, converse } from './camera-conversation.ts'
import { CameraFault } from './camera-fault.ts'
import type { CameraPort, CameraStep, CameraTarget } from './camera-port.ts'
import { createStepRunner } from './camera-steps.ts'
import { cancellable, withinDeadline } from './deadline.ts'
import { createHttpClient } from './http-client.ts'
import { fetchSnapshot } from './snapshot.ts'
import { turnToPreset } from './turn-to-preset.ts'

export type CameraDeps = {
  clock: Time
  onStep?: (step: CameraStep) => void
}

export type CameraOptions = {
  /** For the questions before a first picture, or for a whole description: five to fifty small requests. */
  conversationWithinMs?: number
  /** From the order to turn until the camera stands still. Slow heads take 8 s from one end to the other. */
  restsWithinMs?: number
}

/**
 * Makes the port to one ONVIF camera. Opens nothing until it is asked.
 *
 * Deadlines of a picture: `profile.answerWithinMs` for the picture itself; before the first one, and after a fault,
 * `conversationWithinMs` more; with a preset, `restsWithinMs` and the conversation's more.
 * @throws CameraFault `camera-address-wrong`
 */
export function createCamera(
  { profile, ...target }: CameraTarget & { profile: Pick<CameraProfile, 'client' | 'answerWithinMs'> },
  { clock: time, onStep = () => undefined }: CameraDeps,
  { conversationWithinMs = 20_000, restsWithinMs = 20_000 }: CameraOptions = {},
): CameraPort {
  const deviceService = parseCameraAddress(target.url)
  const login = target.user === null ? null : { user: target.user, password: target.password ?? '' }
  const step = createStepRunner(time, onStep)
  const closing = new AbortController()
  let isReached = false
  const http = createHttpClient(
    {
      ...{ login, trust: target.trust },
      onConnected() {
        isReached = true
      },
    },
    { randomHex: () => randomBytes(16).toString('hex') },
  )
  let kept: CameraConversation | null = null
  let last: Promise<unknown> = Promise.resolve()

  /** One after the other; what the camera said of itself is forgotten after a fault. */
  function operate<Value>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    return cancellable([signal, closing.signal], (both) => {
      const mine = last.then(async () => {
        both.throwIfAborted()
        try {
          return await work(both)
        } catch (error) {
          kept = null
          throw error
        }
      })
      last = mine.catch(() => undefined)
      return mine
    })
  }

  function within<Value>(deadlineMs: number, signal: AbortSignal, work: (signal: AbortSignal) => Promise<Value>) {
    isReached = false
    const late = () => new CameraFault(isReached ? 'camera-timeout' : 'camera-unreachable', `after ${deadlineMs} ms`)
    return withinDeadline(deadlineMs, signal, late, work)
  }

  const start = (signal: AbortSignal) =>
    converse({ deviceService, login, client: profile.client }, { http, clock: time, randomBytes, step }, signal)

  return {
    describe: (signal) =>
      operate(signal, (both) =>
        within(conversationWithinMs, both, async (inTime) => {
          kept = await start(inTime)
          return kept.describe(inTime)
        }),
      ),

    grabPicture: (preset, signal) =>
      operate(signal, async (both) => {
        kept ??= await within(conversationWithinMs, both, start)
        const conversation = kept
        if (preset !== null) {
          const turn = (inTime: AbortSignal) => turnToPreset(conversation, preset, { time, restsWithinMs }, inTime)
          await step('move', () => within(restsWithinMs + conversationWithinMs, both, turn))
        }
        const startedMs = time.monotonicMs()
        const fetch = (inTime: AbortSignal) => fetchSnapshot(http, conversation.pictureAddress, inTime)
        const picture = await step('picture', () => within(profile.answerWithinMs, both, fetch))
        return { ...picture, answerMs: Math.round(time.monotonicMs() - startedMs) }
      }),

    close: () => closing.abort(),
  }
}
