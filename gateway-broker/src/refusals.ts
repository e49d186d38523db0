import type { Logger } from 'pino'
import type { createTokenBucket } from './connection/token-bucket.ts'
import type { createCounters } from './counters.ts'

export type Refusals = (event: string, reason: string, fields: Record<string, unknown>) => void

/** Counts every refusal and logs it, but not so many that a flood of them fills a disk: `pace` says how many. */
export function createRefusals({
  counters,
  log,
  pace,
}: {
  counters: ReturnType<typeof createCounters>
  log: Logger
  pace: ReturnType<typeof createTokenBucket>
}): Refusals {
  return (event, reason, fields) => {
    counters.refused(reason)
    if (pace.waitMs() > 0) return
    pace.take(1)
    log.warn({ reason, ...fields }, event)
  }
}
