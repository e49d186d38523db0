import type { Duplex } from 'node:stream'
import { STALLED_BESIDE_ANOTHER_MS } from '../limits.ts'

export type StalledReaders = {
  /** @param filters what it has subscribed to; grows */
  watch(socket: Duplex, filters: ReadonlySet<string>): void
  /** Those who have taken nothing for a while, although another one hears all the same and reads. To be asked often. */
  find(): Duplex[]
}

/** Watches the connections of one party, whose instances stand in for one another. */
export function createStalledReaders(monotonicMs: () => number): StalledReaders {
  type Reader = { filters: ReadonlySet<string>; waiting: number; sinceMs: number }
  /** How much waits in a socket that is full, and since when it has not become less. */
  const readers = new Map<Duplex, Reader>()
  return {
    watch(socket, filters) {
      readers.set(socket, { filters, waiting: 0, sinceMs: monotonicMs() })
      socket.once('close', () => readers.delete(socket))
    },
    find() {
      const nowMs = monotonicMs()
      for (const [socket, reader] of readers) {
        const waiting = socket.writableNeedDrain ? socket.writableLength : 0
        if (waiting === 0 || waiting < reader.waiting) reader.sinceMs = nowMs
        reader.waiting = waiting
      }
      const reading = [...readers.values()].filter(({ waiting }) => waiting === 0)
      const hasSubstitute = ({ filters }: Reader) =>
        reading.some((other) => [...filters].every((filter) => other.filters.has(filter)))
      return [...readers]
        .filter(([, reader]) => nowMs - reader.sinceMs >= STALLED_BESIDE_ANOTHER_MS && hasSubstitute(reader))
        .map(([socket]) => socket)
    },
  }
}
