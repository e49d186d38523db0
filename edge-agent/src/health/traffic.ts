import type { ItemClass } from '@vigie/contract/item-class'
import { forEachClass } from '../outbox/class-rules.ts'

/** Bytes of payload handed to the network since this boot, by class; what is sent again counts again. */
export type Traffic = { count(name: ItemClass, bytes: number): void; sentBytes(): Record<ItemClass, number> }

export function createTraffic(): Traffic {
  const sent = forEachClass(() => 0)
  return {
    count(name, bytes) {
      sent[name] += bytes
    },
    sentBytes: () => ({ ...sent }),
  }
}
