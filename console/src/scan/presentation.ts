/** So long a code must be out of sight before it counts as shown again: a hand trembles, a camera looks for its focus. */
const OUT_OF_SIGHT_MS = 2_500

/** Tells a code that is held in front of the camera from one that is shown anew: the first is one presentation. */
export function createPresentations(monotonicMs: () => number) {
  /** Since when a code is missed: from the first look without it, so that a phone that was too busy to look misses none. */
  const seen = new Map<string, number | null>()
  return {
    /** A code that was not there a moment ago; another one waits for its turn. Null: nothing new, or `isBusy`. */
    next(texts: readonly string[], isBusy = false): string | null {
      const now = monotonicMs()
      for (const [text, missedAt] of seen) {
        if (missedAt !== null && now - missedAt > OUT_OF_SIGHT_MS) seen.delete(text)
        else seen.set(text, texts.includes(text) ? null : (missedAt ?? now))
      }
      const fresh = isBusy ? undefined : texts.find((text) => !seen.has(text))
      if (fresh === undefined) return null
      seen.set(fresh, null)
      return fresh
    },
  }
}
