/**
 * Away for so long, a code is shown anew. Readers in presentation mode repeat one that stays in front of them every 0.3 to
 * 1 s; who takes a phone away, looks at it and tries again needs more than two seconds.
 */
export const GUARD_MS = 2_000

/** Two phones side by side in front of one reader are read in turn; more do not fit. */
const KEPT = 4

/** Tells a code that is shown from one that is still being held there. */
export function createPresentation(monotonicMs: () => number) {
  const seenAt = new Map<string, number>()
  return {
    /** False: it is the same presentation, which lasts as long as the code is held. */
    isNew(text: string): boolean {
      const nowMs = monotonicMs()
      const before = seenAt.get(text)
      seenAt.delete(text)
      seenAt.set(text, nowMs)
      for (const [oldest] of seenAt) {
        if (seenAt.size <= KEPT) break
        seenAt.delete(oldest)
      }
      return before === undefined || nowMs - before >= GUARD_MS
    },
  }
}
