import type { ItemId } from '@vigie/contract/ids'
import { ITEM_CLASSES, type ItemClass } from '@vigie/contract/item-class'
import { forEachClass } from './class-rules.ts'
import type { WaitingItem } from './item-table.ts'

export type Backlog = Record<ItemClass, { items: number; bytes: number }>

/** What waits, in numbers, and which of it is lent. In memory, since every turn of the uplink asks. */
export type Tally = {
  add(item: WaitingItem): void
  /** Counts an item out that was settled or gave way, lent or not. */
  forget(item: WaitingItem): void
  lend(item: WaitingItem): void
  isLent(item: WaitingItem): boolean
  lentItems(name: ItemClass): number
  takeBackAll(): void
  bytes(name: ItemClass): number
  backlog(): Backlog
  /** Starts from another count. */
  recount(start: Backlog): void
}

export function createTally(start: Backlog): Tally {
  let counts = forEachClass((name) => ({ ...start[name] }))
  const lent = forEachClass(() => new Set<ItemId>())
  return {
    add(item) {
      counts[item.class].items++
      counts[item.class].bytes += item.bytes
    },
    forget(item) {
      counts[item.class].items--
      counts[item.class].bytes -= item.bytes
      lent[item.class].delete(item.id)
    },
    lend(item) {
      lent[item.class].add(item.id)
    },
    isLent: (item) => lent[item.class].has(item.id),
    lentItems: (name) => lent[name].size,
    takeBackAll() {
      for (const name of ITEM_CLASSES) lent[name].clear()
    },
    bytes: (name) => counts[name].bytes,
    backlog: () => forEachClass((name) => ({ ...counts[name] })),
    recount(from) {
      counts = forEachClass((name) => ({ ...from[name] }))
    },
  }
}
