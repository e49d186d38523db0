import type { ItemClass } from '@vigie/contract/item-class'
import { forEachClass } from '../outbox/class-rules.ts'

/** What the network was given and gave since this boot of the agent. */
export type Traffic = {
  /** Counts the payload of an item that went out; what is sent again counts again. */
  count(name: ItemClass, bytes: number): void
  sentBytes(): Record<ItemClass, number>
  /** Counts a preview that went out: they are of no class, since nobody keeps them. */
  countPreview(bytes: number): void
  previewBytes(): number
  /** Counts what a connection carried since it was last told. */
  countWire(carried: WireBytes): void
  /** All connections with the broker: payloads, MQTT and TLS. */
  wire(): WireBytes
}

export type WireBytes = { sentBytes: number; receivedBytes: number }

export function createTraffic(): Traffic {
  const sent = forEachClass(() => 0)
  let previews = 0
  const wire: WireBytes = { sentBytes: 0, receivedBytes: 0 }
  return {
    count(name, bytes) {
      sent[name] += bytes
    },
    sentBytes: () => ({ ...sent }),
    countPreview(bytes) {
      previews += bytes
    },
    previewBytes: () => previews,
    countWire({ sentBytes, receivedBytes }) {
      wire.sentBytes += sentBytes
      wire.receivedBytes += receivedBytes
    },
    wire: () => ({ ...wire }),
  }
}
