import { randomBytes } from 'node:crypto'
import type { CameraProfile } from '@vigie/config-schema/camera-profile'
import type { Clock } from '@vigie/contract/clock'
import { parseCameraAddress } from './camera-address.ts'
import { type CameraConversation, converse } from './camera-conversation.ts'
import { CameraFault } from './camera-fault.ts'
import type { CameraPort, CameraStep, CameraTarget } from './camera-port.ts'
import { cancellable, withinDeadline } from './deadline.ts'
import { createHttpClient } from './http-client.ts'
import { fetchSnapshot } from './snapshot.ts'
import { turnToPreset } from './turn-to-preset.ts'

export type CameraDependencies = {
  clock: Clock
  /** Told of each step that went well, as it ends. */
  onStep?: (step: CameraStep) => void
}

export type CameraOptions = {
  /** For the questions before the first picture, and for a description: five to forty small requests. */
  conversationWithinMs?: number
  /** From the order to turn until the camera stands still. Slow heads take 8 s from one end to the other. */
  moveWithinMs?: number
}

/**
 * Makes the port to one ONVIF camera. Opens nothing until it is asked.
 * @throws CameraFault `camera-address-wrong`
 */
export function createCamera(
  { profile, ...target }: CameraTarget & { profile: Pick<CameraProfile, 'client' | 'answerWithinMs'> },
  { clock, onStep = () => undefined }: CameraDependencies,
  { conversationWithinMs = 20_000, moveWithinMs = 20_000 }: CameraOptions = {},
): CameraPort {
  const deviceService = parseCameraAddress(target.url)
  const login = target.user === null ? null : { user: target.user, password: target.password ?? '' }
  const closing = new AbortController()
  let isReached = false
  const http = createHttpClient(
    { login, trust: target.trust, onConnected: () => (isReached = true) },
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
    converse({ deviceService, login, client: profile.client }, { http, clock, randomBytes, onStep }, signal)

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
          await within(moveWithinMs, both, (inTime) => turnToPreset(conversation, preset, { clock, onStep }, inTime))
        }
        const address = conversation.pictureAddress()
        const startedMs = clock.monotonicMs()
        const picture = await within(profile.answerWithinMs, both, (inTime) => fetchSnapshot(http, address, inTime))
        const answerMs = Math.round(clock.monotonicMs() - startedMs)
        onStep({ name: 'picture', tookMs: answerMs })
        return { ...picture, answerMs }
      }),

    close: () => closing.abort(),
  }
}
