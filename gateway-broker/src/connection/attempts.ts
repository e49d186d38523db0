import { ATTEMPTS_KEPT_MAX, type Rate } from '../limits.ts'
import { createTokenBucket, type TokenBucket } from './token-bucket.ts'

/** Counts how often somebody tries, by a name that he cannot choose freely: an address, a party. */
export type Attempts = {
  /** False when he tried too often lately; else this attempt is counted. */
  take(name: string): boolean
}

/** Holds at most ATTEMPTS_KEPT_MAX names, those who tried last; a name that is forgotten starts anew. */
export function createAttempts(rate: Rate, monotonicMs: () => number): Attempts {
  const buckets = new Map<string, TokenBucket>()
  return {
    take(name) {
      const bucket = buckets.get(name) ?? createTokenBucket(rate, monotonicMs)
      buckets.delete(name) // to stand last in the map's order
      buckets.set(name, bucket)
      for (const [oldest, { isFull }] of buckets) {
        if (buckets.size <= ATTEMPTS_KEPT_MAX && !isFull()) break
        if (oldest === name) break
        buckets.delete(oldest)
      }
      if (bucket.waitMs() > 0) return false
      bucket.take(1)
      return true
    },
  }
}
