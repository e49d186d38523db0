import type { ItemId } from '@vigie/contract/ids'
import type { ItemClass } from '@vigie/contract/item-class'
import type { ReceiptItem } from '@vigie/contract/receipt'

/** The cloud's word on one item of the unit. */
type Settled = { item: { class: ItemClass; id: ItemId }; receipt: ReceiptItem }

/** What becomes of the frames that a unit refers to when it says that a view has not changed. */
export type SentFrames = {
  /** Watches a frame that was kept just now instead of an earlier one of its view. */
  watch(id: ItemId, instead: ItemId | null): void
  /** Whether the frame is stored in the cloud or on its way: not refused, not expired, not dropped. */
  stands(id: ItemId): boolean
  /** Takes note of what the cloud said. */
  settled(items: readonly Settled[]): void
}

/** @param waits whether an item is still in the outbox: what has left it without a receipt was dropped */
export function createSentFrames(waits: (id: ItemId) => boolean): SentFrames {
  /** One for each view at most. */
  const watched = new Map<ItemId, 'waiting' | 'stored'>()
  return {
    watch(id, instead) {
      if (instead) watched.delete(instead)
      watched.set(id, 'waiting')
    },
    stands(id) {
      const known = watched.get(id)
      return known === 'stored' || (known === 'waiting' && waits(id))
    },
    settled(items) {
      for (const { item, receipt } of items) {
        if (item.class === 'frame' && watched.has(item.id)) {
          if (receipt.outcome === 'stored') watched.set(item.id, 'stored')
          else watched.delete(item.id)
        }
        // The cloud lost a frame that it had, or never got it: which one is not said, so none is referred to again.
        if (item.class === 'telemetry' && receipt.outcome === 'refused') watched.clear()
      }
    },
  }
}
