import { setTimeout as pause } from 'node:timers/promises'
import { type RetryPolicy, retryDelayMs } from '@vigie/contract/reconnect'
import type { Fault } from './faults.ts'

/** Somebody may be mending a disk or a database meanwhile: soon at first, then some times a minute. */
const PATIENTLY: RetryPolicy = { firstMs: 200, capMs: 10_000 }

export type RetryDeps = {
  random: () => number
  /** What an error means: a fault, or undefined for a bug, which is thrown on. */
  faultOf(error: unknown): Fault | undefined
  /** Told of each failure, and with null of the success after failures. */
  onFault(fault: Fault | null): void
}

/**
 * Does `work` until it succeeds. A bug, and a fault that no waiting mends, are thrown; so is the signal's reason when it
 * aborts between two attempts. An attempt is never cut: what it commits, its caller must learn.
 */
export async function untilItWorks<Result>(
  work: () => Promise<Result>,
  { random, faultOf, onFault }: RetryDeps,
  signal: AbortSignal,
): Promise<Result> {
  for (let failures = 0; ; ) {
    try {
      const result = await work()
      if (failures > 0) onFault(null)
      return result
    } catch (error) {
      const fault = faultOf(error)
      if (fault === undefined || !fault.retryable) throw error
      failures += 1
      onFault(fault)
      await pause(retryDelayMs(failures, random, PATIENTLY), undefined, { signal })
    }
  }
}
