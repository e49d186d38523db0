import { setTimeout as pause } from 'node:timers/promises'

/** Room for messages that were received and not yet stored. */
export type Room = {
  /** Takes room for a message; waits for it up to `withinMs`. @returns false when there was none, or the signal aborted */
  enter(bytes: number, withinMs: number, signal: AbortSignal): Promise<boolean>
  leave(bytes: number): void
  taken(): { items: number; bytes: number }
}

/** An empty room takes any message, also one that is larger than the room. */
export function createRoom({ maxItems, maxBytes }: { maxItems: number; maxBytes: number }): Room {
  let items = 0
  let bytes = 0
  let freed = new AbortController()
  const fits = (more: number) => items === 0 || (items < maxItems && bytes + more <= maxBytes)
  return {
    enter: async (more, withinMs, signal) => {
      if (!fits(more)) {
        const late = AbortSignal.timeout(withinMs)
        while (!fits(more)) {
          if (late.aborted || signal.aborted) return false
          await pause(withinMs, undefined, { signal: AbortSignal.any([freed.signal, late, signal]) }).catch(
            () => undefined,
          )
        }
      }
      items += 1
      bytes += more
      return true
    },
    leave: (less) => {
      items -= 1
      bytes -= less
      freed.abort()
      freed = new AbortController()
    },
    taken: () => ({ items, bytes }),
  }
}
