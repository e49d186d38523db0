import { setTimeout as pause } from 'node:timers/promises'
import type { Fault } from './faults.ts'

export type RegularlyDeps = {
  /** What an error means: a fault, or undefined for a bug, which is thrown on. */
  faultOf(error: unknown): Fault | undefined
  /** Told of each failure, and with null of the success after failures. */
  onFault(fault: Fault | null): void
}

/** Does `work` now and `everyMs` after each end, until the signal aborts. A fault is told, and the next time is the retry. */
export async function regularly(
  everyMs: number,
  work: () => Promise<void>,
  { faultOf, onFault }: RegularlyDeps,
  signal: AbortSignal,
): Promise<void> {
  let isFailing = false
  while (!signal.aborted) {
    try {
      await work()
      if (isFailing) onFault(null)
      isFailing = false
    } catch (error) {
      const fault = faultOf(error)
      if (fault === undefined) throw error
      isFailing = true
      onFault(fault)
    }
    await pause(everyMs, undefined, { signal }).catch(() => undefined)
  }
}
