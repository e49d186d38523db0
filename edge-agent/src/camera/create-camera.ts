import { randomBytes } from 'node:crypto'
import type { CameraProfile, CameraStream } from '@vigie/config-schema/camera-profile'
import type { Time } from '../time.ts'
import { parseCameraAddress } from './camera-address.ts'
import { type CameraConversation, converse } from './camera-conversation.ts'
import { CameraFault } from './camera-fault.ts'
import type { CameraPort, CameraStep, CameraTarget } from './camera-port.ts'
import { createStepRunner } from './camera-steps.ts'
import { cancellable, withinDeadline } from './deadline.ts'
import { createHttpClient } from './http-client.ts'
import { fetchSnapshot } from './snapshot.ts'
import { fetchStreamPicture } from './stream-picture.ts'
import { turnToPreset, untilAtRest } from './turn-to-preset.ts'

export type CameraDeps = {
  clock: Time
  onStep?: (step: CameraStep) => void
}

type ProfileOfCamera = Pick<CameraProfile, 'client' | 'answerWithinMs'> & Partial<CameraProfile>

export type CameraOptions = {
  /** For the questions before a first picture, or for a whole description: five to fifty small requests. */
  conversationWithinMs?: number
  /** From the order to turn until the camera stands still. Slow heads take 8 s from one end to the other. */
  restsWithinMs?: number
  /** The program that reads video streams. */
  ffmpeg?: string
}

/**
 * Makes the port to one ONVIF camera. Opens nothing until it is asked.
 *
 * Deadlines of a picture: `profile.answerWithinMs` for the picture itself; before the first one, and after a fault,
 * `conversationWithinMs` more; with a preset, `restsWithinMs` and the conversation's more.
 * @throws CameraFault `camera-address-wrong`
 */
export function createCamera(
  { profile, ...target }: CameraTarget & { profile: ProfileOfCamera },
  { clock: time, onStep = () => undefined }: CameraDeps,
  { conversationWithinMs = 20_000, restsWithinMs = 20_000, ffmpeg = 'ffmpeg' }: CameraOptions = {},
): CameraPort {
  const deviceService = parseCameraAddress(target.url)
  const login = target.user === null ? null : { user: target.user, password: target.password ?? '' }
  const step = createStepRunner(time, onStep)
  const closing = new AbortController()
  const { rtsp, turning } = profile
  const allowsBasic = profile.auth !== 'digest'
  let isReached = false
  const onConnected = () => {
    isReached = true
  }
  const http = createHttpClient(
    { login, trust: target.trust, onConnected, allowsBasic },
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

  const talk = {
    deviceService,
    login,
    client: profile.client,
    wants: rtsp ? ('stream' as const) : ('snapshot' as const),
  }
  const start = (signal: AbortSignal) => converse(talk, { http, clock: time, randomBytes, step }, signal)

  function fetchPicture(picture: CameraConversation['picture'], signal: AbortSignal) {
    if (picture.from === 'snapshot') return fetchSnapshot(http, picture.url, signal)
    const stream = { url: picture.url, login, trust: target.trust, allowsBasic }
    return fetchStreamPicture(stream, { program: ffmpeg, onConnected }, signal)
  }

  /** A camera whose stream is known and that is not turned need not speak ONVIF at all. */
  const known: CameraConversation['picture'] | null =
    rtsp?.path === undefined ? null : { from: 'stream', url: streamAddress(deviceService, rtsp) }

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
        if (known === null || preset !== null) kept ??= await within(conversationWithinMs, both, start)
        const conversation = kept
        if (preset !== null && conversation !== null) {
          const moving = { time, restsWithinMs, turning }
          const turn = (inTime: AbortSignal) => turnToPreset(conversation, preset, moving, inTime)
          await step('move', () => within(restsWithinMs + conversationWithinMs, both, turn))
        }
        const startedMs = time.monotonicMs()
        const address = known ?? conversation?.picture
        if (address === undefined) throw new CameraFault('camera-no-snapshot')
        const fetch = (inTime: AbortSignal) => fetchPicture(address, inTime)
        const picture = await step('picture', () => within(profile.answerWithinMs, both, fetch))
        return { ...picture, answerMs: Math.round(time.monotonicMs() - startedMs) }
      }),

    nudge: (by, signal) =>
      operate(signal, (both) =>
        within(restsWithinMs + conversationWithinMs, both, async (inTime) => {
          kept ??= await start(inTime)
          await kept.nudge(by, inTime)
          await untilAtRest(kept, { time, restsWithinMs, turning }, inTime)
        }),
      ),

    reboot: (signal) =>
      operate(signal, (both) =>
        within(conversationWithinMs, both, async (inTime) => {
          kept ??= await start(inTime)
          await kept.reboot(inTime)
          kept = null
        }),
      ),

    close: (why) => closing.abort(why),
  }
}

function streamAddress({ hostname }: URL, { path = '/', port, tls = false }: CameraStream): string {
  return `${tls ? 'rtsps' : 'rtsp'}://${hostname}${port === undefined ? '' : `:${port}`}${path}`
}
