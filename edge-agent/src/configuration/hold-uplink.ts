import type { Time } from '../time.ts'
import { createDoorbell } from '../uplink/doorbell.ts'
import type { Result } from './configuration-step.ts'

/** Watches whether the connection holds. */
export type UplinkWatch = {
  opened(): void
  /** Whoever closed it: the network, a drill, or a renewal that goes on with another certificate. */
  closed(): void
  /** Resolves when it has held for a minute in one piece, or has not done so in ten. */
  holds(signal: AbortSignal): Promise<Result>
}

const HOLDS_MS = 60_000
/** A mobile network lets go of a connection now and then: the minute begins anew. Beyond, the unit goes back. */
const WITHIN_MS = 10 * 60_000

export function createUplinkWatch(time: Time): UplinkWatch {
  let openSinceMs: number | null = null
  const bell = createDoorbell(time)
  return {
    opened() {
      openSinceMs = time.monotonicMs()
      bell.ring()
    },
    closed() {
      openSinceMs = null
      bell.ring()
    },
    async holds(signal) {
      const startedMs = time.monotonicMs()
      const endsMs = startedMs + WITHIN_MS
      for (;;) {
        const nowMs = time.monotonicMs()
        // What held before the new plan ran says nothing of it.
        const heldUntilMs = openSinceMs === null ? Infinity : Math.max(openSinceMs, startedMs) + HOLDS_MS
        if (heldUntilMs <= nowMs) return { ok: true }
        if (endsMs <= nowMs) return { ok: false, reason: 'uplink-not-held' }
        await bell.heard(Math.min(heldUntilMs, endsMs) - nowMs, signal)
      }
    },
  }
}
