import type { Clock } from '@vigie/contract/clock'
import { RECONNECT } from '@vigie/contract/reconnect'
import type { Logger } from 'pino'
import { regularly } from '../regularly.ts'
import type { PresenceStore } from '../store/presence.ts'
import { storeFaultOf } from '../store/store-fault.ts'

type Deps = {
  presence: Pick<PresenceStore, 'doubtUnconfirmed'>
  /** When this process last subscribed at the broker, by the wall clock; null while it is not connected. */
  connectedSince: () => number | null
  clock: Clock
  log: Logger
  onChange: () => void
}

/** Units that lost the broker with us are back after the longest pause between two attempts, and some time to connect. */
export const UNITS_ARE_BACK_MS = RECONNECT.capMs + 30_000

const LOOK_EVERY_MS = 15_000

export type PresenceWatch = { look(): Promise<void>; run(signal: AbortSignal): Promise<void> }

/**
 * A broker that starts anew has forgotten births and wills: of a unit that does not come back nobody would ever say that
 * it is gone. Whoever was online and has not been confirmed on this connection in time is unknown.
 */
export function createPresenceWatch({ presence, connectedSince, clock, log, onChange }: Deps): PresenceWatch {
  const look = async () => {
    const since = connectedSince()
    const now = clock.now()
    if (since === null || now - since < UNITS_ARE_BACK_MS) return
    const doubted = await presence.doubtUnconfirmed(since, now)
    if (doubted.length === 0) return
    log.warn({ event: 'presence.unconfirmed', units: doubted })
    onChange()
  }
  const onFault = (fault: { code: string; message: string } | null) => {
    if (fault !== null) log.error({ event: 'presence.unwatched', fault: fault.code, detail: fault.message })
  }
  return { look, run: (signal) => regularly(LOOK_EVERY_MS, look, { faultOf: storeFaultOf, onFault }, signal) }
}
