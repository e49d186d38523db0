import { retryDelayMs } from '@vigie/contract/reconnect'
import { faultCodeOf } from '../faults.ts'
import type { BrokerAddress } from './broker-connection.ts'
import type { TlsTickets } from './broker-socket.ts'
import { runSession, type SessionDeps } from './session.ts'

export type UplinkDeps = Omit<SessionDeps, 'renewed'> & {
  random: () => number
  /** Aborted when the connection should be made anew, since what it shows has changed. */
  renewed?: () => AbortSignal
  /** Told of every connection that ended or did not come about, with the wait before the next. */
  onLost(error: unknown, retryInMs: number): void
}

/** A connection that held this long, or brought a receipt, was a good one: the next failure counts as the first. */
const HELD_AFTER_MS = 30_000

/**
 * Keeps a connection to the broker for as long as the agent runs; each goes by what `addressNow` gives then. Returns when aborted; throws only what is a bug.
 */
export async function runUplink(
  addressNow: () => BrokerAddress,
  { renewed: renewedNow, ...deps }: UplinkDeps,
  signal: AbortSignal,
): Promise<void> {
  const tickets: TlsTickets = { last: null }
  let shown: string | undefined
  let failures = 0
  while (!signal.aborted) {
    const renewed = renewedNow?.()
    const address = addressNow()
    // A ticket would show the certificate of the connection that it was given on.
    if (address.tls?.certificate !== shown) tickets.last = null
    shown = address.tls?.certificate
    let openedMs: number | null = null
    let hasReceipt = false
    try {
      await runSession(
        address,
        {
          ...deps,
          ...(renewed && { renewed }),
          tickets,
          onOpen(session, isResumed) {
            openedMs = deps.time.monotonicMs()
            deps.onOpen(session, isResumed)
          },
          onSettled(settled, received) {
            hasReceipt = true
            deps.onSettled(settled, received)
          },
        },
        signal,
      )
    } catch (error) {
      if (signal.aborted) return
      if (faultCodeOf(error) === null) throw error
      const hasHeld = hasReceipt || (openedMs !== null && deps.time.monotonicMs() - openedMs >= HELD_AFTER_MS)
      failures = hasHeld ? 1 : failures + 1
      const retryInMs = retryDelayMs(failures, deps.random)
      deps.onLost(error, retryInMs)
      try {
        await deps.time.wait(retryInMs, signal)
      } catch (waitError) {
        if (!signal.aborted) throw waitError
      }
    }
  }
}
