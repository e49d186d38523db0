import { setTimeout } from 'node:timers/promises'

/** Does the work each so many milliseconds, never two at once, until the signal aborts; what the work throws ends it. */
export async function regularly(everyMs: number, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await setTimeout(everyMs, undefined, { signal }).catch(() => {})
    if (!signal.aborted) await work()
  }
}
