/** So long a code must be out of sight before it counts as shown again: a hand trembles, a camera looks for its focus. */
const OUT_OF_SIGHT_MS = 2_500

/** Tells a code that is held in front of the camera from one that is shown anew: the first is one presentation. */
export function createPresentations(monotonicMs: () => number) {
  const seen = new Map<string, number>()
  return {
    /** A code that was not there a moment ago; another one waits for its turn. Null: nothing new, or `isBusy`. */
    next(texts: readonly string[], isBusy = false): string | null {
      const now = monotonicMs()
      for (const [text, at] of seen) if (now - at > OUT_OF_SIGHT_MS) seen.delete(text)
      for (const text of texts) if (seen.has(text)) seen.set(text, now)
      const fresh = isBusy ? undefined : texts.find((text) => !seen.has(text))
      if (fresh === undefined) return null
      seen.set(fresh, now)
      return fresh
    },
  }
}
