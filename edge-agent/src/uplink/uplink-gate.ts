import { cancellable } from '../camera/deadline.ts'
import type { Time } from '../time.ts'

/** A gate before the uplink, for drills: shut, the unit works as it does without a network. */
export type UplinkGate = {
  /** Lets `uplink` run whenever the gate is open, until aborted. */
  run(uplink: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void>
  /** Shuts it, and resolves when it is open again: after so long, or when aborted. */
  shutFor(ms: number, signal: AbortSignal): Promise<void>
}

export function createUplinkGate(time: Pick<Time, 'wait'>): UplinkGate {
  let shut: { opened: Promise<void> } | null = null
  let underWay: AbortController | null = null

  return {
    async run(uplink, signal) {
      while (!signal.aborted) {
        if (shut !== null) {
          const { opened } = shut
          // Aborted meanwhile: the loop ends.
          await cancellable([signal], () => opened).catch((error: unknown) => {
            if (!signal.aborted) throw error
          })
          continue
        }
        const closing = new AbortController()
        underWay = closing
        const pass = () => closing.abort(signal.reason)
        signal.addEventListener('abort', pass, { once: true })
        try {
          await uplink(closing.signal)
        } finally {
          underWay = null
          signal.removeEventListener('abort', pass)
        }
      }
    },

    async shutFor(ms, signal) {
      const { promise, resolve } = withResolver()
      shut = { opened: promise }
      underWay?.abort()
      try {
        await time.wait(ms, signal)
      } finally {
        shut = null
        resolve()
      }
    },
  }
}

function withResolver(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
