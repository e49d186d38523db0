/** A line of things between two loops. */
export type Queue<Item> = {
  /** Puts an item at the end; waits while the line is full. */
  put(item: Item, signal: AbortSignal): Promise<void>
  /** Puts an item at the end, or says that the line is full. */
  offer(item: Item): boolean
  /** Waits for an item, then takes what is there, at most `most`. */
  take(most: number, signal: AbortSignal): Promise<Item[]>
  length(): number
}

/** @param capacity how many may wait; see the caller for what happens beyond */
export function createQueue<Item>(capacity: number): Queue<Item> {
  const items: Item[] = []
  const wake = new Set<() => void>()
  const change = () => {
    for (const resolve of wake) resolve()
  }
  const changed = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const settle = (finish: () => void) => () => {
        wake.delete(woken)
        signal.removeEventListener('abort', aborted)
        finish()
      }
      const woken = settle(resolve)
      const aborted = settle(() => reject(signal.reason))
      signal.throwIfAborted()
      wake.add(woken)
      signal.addEventListener('abort', aborted, { once: true })
    })
  const offer = (item: Item) => {
    if (items.length >= capacity) return false
    items.push(item)
    change()
    return true
  }
  return {
    offer,
    put: async (item, signal) => {
      while (!offer(item)) await changed(signal)
    },
    take: async (most, signal) => {
      while (items.length === 0) await changed(signal)
      const taken = items.splice(0, most)
      change()
      return taken
    },
    length: () => items.length,
  }
}
