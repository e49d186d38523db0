/** Wakes a loop that waits: rung once or often, it is heard once. */
export type Bell = {
  ring(): void
  /** Resolves when rung (also before), after so long, or when the signal is aborted. It never rejects. */
  heard(ms: number, signal: AbortSignal): Promise<void>
}

export function createBell(wait: (ms: number, signal: AbortSignal) => Promise<void>): Bell {
  let isRung = false
  let wake: AbortController | null = null
  return {
    ring() {
      isRung = true
      wake?.abort()
    },
    async heard(ms, signal) {
      if (!isRung && !signal.aborted) {
        wake = new AbortController()
        await wait(ms, AbortSignal.any([signal, wake.signal]))
        wake = null
      }
      isRung = false
    },
  }
}
