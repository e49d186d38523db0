import type { Clock } from '@vigie/contract/clock'
import type { Fault, FaultCode } from '../faults.ts'

/** The steps that can fail for a reason outside. */
export type IntakePart = 'judging' | 'storing' | 'series'

/**
 * What intake did since the process started. `keyUnknown`: the birth had not come yet, or our
 * own clock was in doubt; `frameUnknown`: the frame that a
 * view was seen unchanged from had not come yet; `letGo`: no room in time.
 */
export type IntakeCounts = Record<'stored' | 'expired' | 'refused' | 'keyUnknown' | 'frameUnknown' | 'letGo', number>

export type IntakeCondition = {
  /** By the wall clock; null while there is no connection to the broker. */
  connectedSince: number | null
  /** When the certificate that the broker showed ends, by the wall clock; null: not connected, or without TLS. */
  brokerCertificateEndsAt: number | null
  /** Parts that wait for something to be mended, since when and why. Empty: all is well. */
  failing: { part: IntakePart; fault: FaultCode; since: number }[]
  waiting: { items: number; bytes: number }
  counts: IntakeCounts
}

export type Tally = {
  count(what: keyof IntakeCounts, more?: number): void
  noteFault(part: IntakePart, fault: Fault | null): void
  failing(): IntakeCondition['failing']
  counts(): IntakeCounts
}

/** Counts of this process, for /health and people; nothing is decided by them. */
export function createTally(clock: Clock): Tally {
  const counts: IntakeCounts = { stored: 0, expired: 0, refused: 0, keyUnknown: 0, frameUnknown: 0, letGo: 0 }
  const failing = new Map<IntakePart, { fault: FaultCode; since: number }>()
  return {
    count: (what, more = 1) => {
      counts[what] += more
    },
    noteFault: (part, fault) => {
      if (fault === null) failing.delete(part)
      else failing.set(part, { fault: fault.code, since: failing.get(part)?.since ?? clock.now() })
    },
    failing: () => [...failing].map(([part, why]) => ({ part, ...why })),
    counts: () => ({ ...counts }),
  }
}
