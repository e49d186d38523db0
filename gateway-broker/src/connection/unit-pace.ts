import type { UnitId } from '@vigie/contract/ids'
import type { AdjustableLimits } from '../limits.ts'
import type { Pace } from './packet-watch.ts'
import { createTokenBucket } from './token-bucket.ts'

/**
 * How fast each unit is read, by its bytes and by its packets, whichever makes it wait longer. A unit keeps its pace when
 * it connects again. Two numbers for each unit that ever connected; gone with the broker.
 */
export function createUnitPaces(
  monotonicMs: () => number,
  { unitBytes, unitPackets }: Pick<AdjustableLimits, 'unitBytes' | 'unitPackets'>,
): { of(unit: UnitId): Pace } {
  const paces = new Map<UnitId, Pace>()
  const newPace = (): Pace => {
    const ofBytes = createTokenBucket(unitBytes, monotonicMs)
    const ofPackets = createTokenBucket(unitPackets, monotonicMs)
    return {
      waitMs: () => Math.max(ofBytes.waitMs(), ofPackets.waitMs()),
      took(bytes, packets) {
        ofBytes.take(bytes)
        ofPackets.take(packets)
      },
    }
  }
  return {
    of(unit) {
      const pace = paces.get(unit) ?? newPace()
      paces.set(unit, pace)
      return pace
    },
  }
}
