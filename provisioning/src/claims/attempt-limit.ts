/**
 * How many attempts may fail. An address gets 20 at once and one more each 30 s: a technician mistypes a few times. A
 * unit's name gets 60 and one more each 10 s from wherever they come: whoever means to keep a unit out by failing in its
 * name needs many addresses for it, and keeps it out only for as long as he goes on. Beyond: 429, judged no further.
 */
export const ATTEMPTS = {
  address: { most: 20, oneMoreMs: 30_000 },
  unit: { most: 60, oneMoreMs: 10_000 },
} as const

/** Names remembered at once, some megabytes. Beyond: the one that failed longest ago is forgotten. */
const MAX_NAMES = 20_000

export type AttemptLimit = {
  /** How long until the next attempt may be judged, in milliseconds; 0: now. */
  waitMs(name: string): number
  failed(name: string): void
}

/** Counts failures by name: a bucket that leaks. */
export function createAttemptLimit(
  { most, oneMoreMs }: { most: number; oneMoreMs: number },
  { monotonicMs }: { monotonicMs: () => number },
): AttemptLimit {
  /** When each name's bucket would be empty again. Kept in the order of the last failure. */
  const emptyAt = new Map<string, number>()
  const full = most * oneMoreMs
  return {
    waitMs(name) {
      const filled = Math.max(0, (emptyAt.get(name) ?? 0) - monotonicMs())
      return Math.max(0, filled - (full - oneMoreMs))
    },
    failed(name) {
      const from = Math.max(emptyAt.get(name) ?? 0, monotonicMs())
      emptyAt.delete(name)
      emptyAt.set(name, Math.min(from + oneMoreMs, monotonicMs() + full))
      const [oldest] = emptyAt.keys()
      if (emptyAt.size > MAX_NAMES && oldest !== undefined) emptyAt.delete(oldest)
    },
  }
}
