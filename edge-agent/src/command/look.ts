import type { CommandNamed } from '@vigie/contract/command'
import type { ResultOf } from '@vigie/contract/command-result'
import type { ItemId } from '@vigie/contract/ids'
import type { CameraPort } from '../camera/camera-port.ts'
import { type FaultCode, faultCodeOf } from '../faults.ts'
import type { Time } from '../time.ts'
import type { Line } from '../uplink/line.ts'
import { makeCoarse } from './coarse-picture.ts'
import { type Doer, type Outcome, refused } from './doer.ts'
import type { Previews } from './previews.ts'

type Look = CommandNamed<'look'>

/** The camera that is to be looked at; `release` when it has been. */
export type LookedAt = { port: CameraPort; release(): void }
export type NotLookedAt = { reason: string }

export type LookDeps = {
  time: Time
  line: Pick<Line, 'isOpen'>
  previews: Pick<Previews, 'offer' | 'sent'>
  /** Why it cannot be looked at; null: it can. */
  refusal(look: Look): string | null
  /** @throws AgentFault, CameraFault */
  open(look: Look): Promise<LookedAt | NotLookedAt>
}

/** Without a connection nobody sees anything: after so long the look ends by itself. */
const ALONE_MS = 30_000
/** A camera that refuses its login will not change its mind; one that fails is tried again. */
const FINAL = new Set<FaultCode>(['camera-refused-login', 'camera-address-wrong', 'camera-not-onvif'])
const AGAIN_MS = 2_000

/** Live previews for somebody who aims a camera. One look at a time: the newest is the one that somebody watches. */
export function createLook({ time, line, previews, refusal, open }: LookDeps): Doer<Look> {
  let current: AbortController | null = null

  async function take(
    look: Look,
    { port, release }: LookedAt,
    id: ItemId,
    signal: AbortSignal,
  ): Promise<ResultOf<'look'>> {
    let taken = 0
    let fault: FaultCode | null = null
    try {
      if (look.move !== undefined) await port.nudge(look.move, signal)
      const endMs = time.monotonicMs() + look.seconds * 1000
      let heardMs = time.monotonicMs()
      while (time.monotonicMs() < endMs && time.monotonicMs() - heardMs < ALONE_MS && !signal.aborted) {
        const startedMs = time.monotonicMs()
        if (line.isOpen()) heardMs = startedMs
        try {
          const { bytes, answerMs } = await port.grabPicture(taken === 0 ? (look.preset ?? null) : null, signal)
          const picture = await makeCoarse(bytes)
          taken += 1
          fault = null
          previews.offer({ command: id, camera: look.camera, picture, monoMs: time.monotonicMs() - answerMs })
        } catch (error) {
          signal.throwIfAborted()
          fault = faultCodeOf(error)
          if (fault === null || fault === 'plan-replaced' || (taken === 0 && FINAL.has(fault))) throw error
        }
        const pauseMs = fault === null ? 1000 / look.perS - (time.monotonicMs() - startedMs) : AGAIN_MS
        if (pauseMs > 0) await time.wait(pauseMs, signal)
      }
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      release()
    }
    return { of: 'look', taken, ...previews.sent(id), ...(fault !== null && { fault }) }
  }

  return {
    refusal,
    async run(look, { id, signal }): Promise<Outcome> {
      current?.abort()
      if (look.seconds === 0) return { step: 'done' }
      const mine = new AbortController()
      current = mine
      const pass = () => mine.abort(signal.reason)
      signal.addEventListener('abort', pass, { once: true })
      try {
        const camera = await open(look)
        if ('reason' in camera) return refused(camera.reason)
        const result = await take(look, camera, id, mine.signal)
        signal.throwIfAborted()
        return result.taken === 0 && result.fault !== undefined
          ? { step: 'refused', reason: result.fault, result }
          : { step: 'done', result }
      } finally {
        signal.removeEventListener('abort', pass)
        if (current === mine) current = null
      }
    },
  }
}
