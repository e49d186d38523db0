import { retryDelayMs } from '@vigie/contract/reconnect'
import type { CloudAddress } from './cloud-connection.ts'
import { runSession, type SessionDeps } from './session.ts'

export type UplinkDeps = SessionDeps & {
  random: () => number
  /** Told of every connection that ended or did not come about, with the wait before the next. */
  onLost(error: unknown, retryInMs: number): void
}

/** A connection that held this long was a good one: the next failure counts as the first. */
const HELD_AFTER_MS = 30_000

/** Keeps a connection to the cloud for as long as the gateway runs. Nothing in the museum waits for it. */
export async function runUplink(addressNow: () => CloudAddress, deps: UplinkDeps, signal: AbortSignal): Promise<void> {
  let failures = 0
  while (!signal.aborted) {
    const beganMs = deps.clock.monotonicMs()
    try {
      await runSession(addressNow(), deps, signal)
    } catch (error) {
      if (signal.aborted) return
      failures = deps.clock.monotonicMs() - beganMs >= HELD_AFTER_MS ? 1 : failures + 1
      const retryInMs = retryDelayMs(failures, deps.random)
      deps.onLost(error, retryInMs)
      await deps.wait(retryInMs, signal)
    }
  }
}
