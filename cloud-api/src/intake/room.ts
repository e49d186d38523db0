import { createBell } from '../live/bell.ts'

/** Room for messages that were received and not yet stored. */
export type Room = {
  /**
   * Takes room for a message; waits for it up to `withinMs`, one caller at a time.
   * @returns false when there was none in time, or the signal aborted
   */
  enter(bytes: number, withinMs: number, signal: AbortSignal): Promise<boolean>
  leave(bytes: number): void
  taken(): { items: number; bytes: number }
}

/** An empty room takes any message, also one that is larger than the room. */
export function createRoom(
  { maxItems, maxBytes }: { maxItems: number; maxBytes: number },
  { monotonicMs }: { monotonicMs: () => number },
): Room {
  let items = 0
  let bytes = 0
  const freed = createBell()
  const fits = (more: number) => items === 0 || (items < maxItems && bytes + more <= maxBytes)
  return {
    enter: async (more, withinMs, signal) => {
      for (const from = monotonicMs(); !fits(more); ) {
        const leftMs = from + withinMs - monotonicMs()
        if (leftMs <= 0 || signal.aborted) return false
        await freed.wait(leftMs, signal)
      }
      items += 1
      bytes += more
      return true
    },
    leave: (less) => {
      items -= 1
      bytes -= less
      freed.ring()
    },
    taken: () => ({ items, bytes }),
  }
}
