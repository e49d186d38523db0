/** A time that a test moves by hand: waits end when `pass` has brought them their moment, in the order of their moments. */
export type HandTime = {
  now(): number
  monotonicMs(): number
  wait(ms: number, signal: AbortSignal): Promise<void>
  pass(ms: number): void
}

/** What it lies about: nothing takes time but what the test says. */
export function createHandTime({ nowMs }: { nowMs: number }): HandTime {
  let monoMs = 0
  const waiting = new Set<{ untilMs: number; resolve: () => void }>()
  return {
    now: () => nowMs + monoMs,
    monotonicMs: () => monoMs,
    wait(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason)
        const wait = { untilMs: monoMs + ms, resolve }
        waiting.add(wait)
        signal.addEventListener('abort', () => waiting.delete(wait) && reject(signal.reason), { once: true })
      })
    },
    pass(ms) {
      monoMs += ms
      const over = [...waiting].filter(({ untilMs }) => untilMs <= monoMs).sort((a, b) => a.untilMs - b.untilMs)
      for (const wait of over) {
        waiting.delete(wait)
        wait.resolve()
      }
    },
  }
}
