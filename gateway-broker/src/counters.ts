/** What the broker counts since it started. Cheap numbers that tell a healthy broker from an abused one. */
export type Counters = {
  /** Open connections that have passed TLS. */
  connections: number
  messages: number
  bytes: number
  /** Messages not forwarded to a unit that does not read. */
  dropped: number
  /** Reads put off because a unit sends too fast. */
  slowed: number
  /** Everything refused, by reason. */
  refused: Record<string, number>
  /** Connections that MQTT itself ended, by cause. */
  failed: Record<string, number>
}

export function createCounters() {
  const counters: Counters = { connections: 0, messages: 0, bytes: 0, dropped: 0, slowed: 0, refused: {}, failed: {} }
  return {
    opened: () => void counters.connections++,
    closed: () => void counters.connections--,
    taken(bytes: number) {
      counters.messages += 1
      counters.bytes += bytes
    },
    dropped: () => void counters.dropped++,
    slowed: () => void counters.slowed++,
    refused(reason: string) {
      counters.refused[reason] = (counters.refused[reason] ?? 0) + 1
    },
    failed(cause: string) {
      counters.failed[cause] = (counters.failed[cause] ?? 0) + 1
    },
    read: (): Counters => ({ ...counters, refused: { ...counters.refused }, failed: { ...counters.failed } }),
  }
}
