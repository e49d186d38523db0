import type { Time } from '../time.ts'

/** Wakes one sleeper. Rings that come while it is awake are one ring: it looks at everything anyway. */
export type Doorbell = {
  ring(): void
  /** Resolves at the next ring, at once when it rang since the last call, or when the time is over. Rejects when aborted. */
  heard(withinMs: number, signal: AbortSignal): Promise<void>
}

export function createDoorbell(time: Time): Doorbell {
  let hasRung = false
  let wake: (() => void) | null = null
  return {
    ring() {
      hasRung = true
      wake?.()
    },
    async heard(withinMs, signal) {
      signal.throwIfAborted()
      if (!hasRung) {
        const sleep = new AbortController()
        const stop = () => sleep.abort()
        wake = stop
        signal.addEventListener('abort', stop, { once: true })
        try {
          await time.wait(withinMs, sleep.signal)
        } catch (error) {
          if (!sleep.signal.aborted) throw error
        } finally {
          wake = null
          signal.removeEventListener('abort', stop)
        }
        signal.throwIfAborted()
      }
      hasRung = false
    },
  }
}
