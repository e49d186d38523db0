import { retryDelayMs } from '@vigie/contract/reconnect'
import type { CloudAddress } from './cloud-connection.ts'
import { runSession, type SessionDeps } from './session.ts'

export type UplinkDeps = Omit<SessionDeps, 'renewed'> & {
  /** Aborted when the connection should be made anew, since what it shows has changed. */
  renewed: () => AbortSignal
  random: () => number
  /** Told of every connection that ended or did not come about, with the wait before the next. */
  onLost(error: unknown, retryInMs: number): void
}

/** A connection that held this long was a good one: the next failure counts as the first. */
const HELD_AFTER_MS = 30_000
/** Without a certificate there is nothing to connect with; whoever gets one wakes this. */
const LOOK_FOR_CERTIFICATE_EVERY_MS = 60_000

/**
 * Keeps a connection to the cloud for as long as the gateway runs. Nothing in the museum waits for it.
 * @param addressNow null: there is no certificate to connect with
 */
export async function runUplink(
  addressNow: () => CloudAddress | null,
  { renewed: renewedNow, ...deps }: UplinkDeps,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0
  while (!signal.aborted) {
    const beganMs = deps.clock.monotonicMs()
    const renewed = renewedNow()
    try {
      const address = addressNow()
      if (address === null) await deps.wait(LOOK_FOR_CERTIFICATE_EVERY_MS, AbortSignal.any([signal, renewed]))
      else await runSession(address, { ...deps, renewed }, signal)
    } catch (error) {
      if (signal.aborted) return
      failures = deps.clock.monotonicMs() - beganMs >= HELD_AFTER_MS ? 1 : failures + 1
      const retryInMs = retryDelayMs(failures, deps.random)
      deps.onLost(error, retryInMs)
      await deps.wait(retryInMs, signal)
    }
  }
}
