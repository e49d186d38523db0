export type Bell = {
  /** Wakes whoever waits; rung while nobody waits, it is kept for the next one. */
  ring(): void
  /** Waits for the bell, at most `maxMs`. Resolves early when the signal aborts: the caller looks at it. */
  wait(maxMs: number, signal: AbortSignal): Promise<void>
}

/** A bell for one waiting loop. Rings that come together wake it once. */
export function createBell(): Bell {
  let isRung = false
  let wake: (() => void) | null = null
  return {
    ring: () => {
      if (wake === null) isRung = true
      else wake()
    },
    wait: (maxMs, signal) =>
      new Promise((resolve) => {
        const finish = () => {
          clearTimeout(timer)
          signal.removeEventListener('abort', finish)
          isRung = false
          wake = null
          resolve()
        }
        const timer = setTimeout(finish, isRung || signal.aborted ? 0 : maxMs)
        signal.addEventListener('abort', finish, { once: true })
        wake = finish
      }),
  }
}
