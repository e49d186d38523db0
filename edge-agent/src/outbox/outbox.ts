import { join } from 'node:path'
import type { ItemId } from '@vigie/contract/ids'
import { ITEM_CLASSES, type ItemClass } from '@vigie/contract/item-class'
import type { ReceiptItem } from '@vigie/contract/receipt'
import { AgentFault } from '../faults.ts'
import { adoptFrames } from './adopt-frames.ts'
import { type ClassRules, forEachClass } from './class-rules.ts'
import { openDatabase } from './database.ts'
import { isDiskFailure, isDiskFull } from './disk-failure.ts'
import { createFairTurns } from './fair-turns.ts'
import { createFrameFiles } from './frame-files.ts'
import { createItemTable, type WaitingItem } from './item-table.ts'

/** Something to be sent: a whole payload and where it goes. */
export type OutgoingItem = { id: ItemId; class: ItemClass; topic: string; payload: Uint8Array }

/** What became of an item that was handed over. `dropped`: how many older ones of its class gave way. */
export type Kept = { kept: true; dropped: number } | { kept: false; reason: 'outbox-full' }

/** An item that the cloud has spoken of, and its word. */
export type SettledItem = { item: WaitingItem; receipt: ReceiptItem }

export type Backlog = Record<ItemClass, { items: number; bytes: number }>

/** What waits on the unit to be sent. One process at a time; every promise here holds through a kill or a power cut. */
export type Outbox = {
  /** Accepts an item, durably: once this resolves it is here until the cloud's receipt. Throws `disk-failing`. */
  keep(item: OutgoingItem): Promise<Kept>
  /** Lends the next items of these classes, by right of way and fairly; a lent item is not lent again until given back. */
  takeNextBatch(classes: readonly ItemClass[], room: { maxItems: number; maxBytes: number }): WaitingItem[]
  /** The bytes of an item; null when it has been settled or dropped meanwhile. */
  read(item: WaitingItem): Promise<Uint8Array | null>
  /** Takes back everything that was lent: the connection is gone. */
  takeBackAll(): void
  /** Forgets the items that the cloud has spoken of. Ids that are not here are passed over. Throws `disk-failing`. */
  settle(items: readonly ReceiptItem[]): Promise<SettledItem[]>
  backlog(): Backlog
  /** A number greater than any before, also when this file was lost: the wall clock's seconds, or one more than the last. */
  nextSession(): Promise<number>
  /** How often an agent was started on this outbox. */
  countBoot(): Promise<number>
  close(): void
}

export type OutboxOptions = { folder: string; rules: ClassRules }
export type OutboxDeps = {
  now: () => number
  /** Called after something new can be taken. */
  announce: () => void
}

/** What was found on opening that somebody should know. */
export type OutboxOpening = { outbox: Outbox; setAside: string | null; adopted: number; missing: number }

/** Rows weigh more than their payload, and SQLite's pages are never quite full. */
const FILE_BYTES_FOR_EACH_KEPT = 3

/** How much is freed at once when the disk itself is full: about a minute of writing for everything else on the box. */
const FREED_AT_ONCE_BYTES = 8 * 1024 * 1024

/** Opens the outbox of a data folder: `outbox.sqlite` and, beside it, the files of frames. */
export async function openOutbox({ folder, rules }: OutboxOptions, deps: OutboxDeps): Promise<OutboxOpening> {
  const files = createFrameFiles(join(folder, 'frames'))
  const recordBytes = ITEM_CLASSES.filter((name) => name !== 'frame').reduce(
    (sum, name) => sum + rules[name].maxBytes,
    0,
  )
  const { database, setAside } = openDatabase(join(folder, 'outbox.sqlite'), {
    maxBytes: recordBytes * FILE_BYTES_FOR_EACH_KEPT,
    now: deps.now,
  })
  const table = createItemTable(database)
  const { adopted, missing } = await adoptFrames(table, files, { rebuilt: setAside !== null })
  const turns = createFairTurns(rules)
  const lent = forEachClass(() => new Set<ItemId>())
  const backlog = table.backlog()

  function forget(item: WaitingItem): void {
    backlog[item.class].items--
    backlog[item.class].bytes -= item.bytes
    lent[item.class].delete(item.id)
  }

  /** Lets the oldest of a class give way until so many bytes are free. */
  async function dropOldest(name: ItemClass, bytes: number): Promise<number> {
    let freed = 0
    let dropped = 0
    while (freed < bytes) {
      const oldest = table.oldest(name)
      if (!oldest) break
      // The file first: on a full disk a DELETE finds no room for its log. A row without a file is dropped on opening.
      if (name === 'frame') await files.remove(oldest.id)
      // Another drop may have been quicker while the file was being removed.
      if (table.remove([oldest.id]).length === 0) continue
      forget(oldest)
      freed += oldest.bytes
      dropped++
    }
    return dropped
  }

  /** Tries once more after frames gave way to a full disk; what still fails is a fault of the disk, or a bug. */
  async function onDisk<Result>(work: () => Promise<Result> | Result): Promise<{ result: Result; dropped: number }> {
    let dropped = 0
    try {
      try {
        return { result: await work(), dropped }
      } catch (error) {
        if (!isDiskFull(error)) throw error
        dropped = await dropOldest('frame', FREED_AT_ONCE_BYTES)
        return { result: await work(), dropped }
      }
    } catch (error) {
      throw isDiskFailure(error) ? new AgentFault('disk-failing', undefined, { cause: error }) : error
    }
  }

  async function store({ payload, ...item }: OutgoingItem): Promise<void> {
    const isFrame = item.class === 'frame'
    if (isFrame) await files.write(item.id, payload)
    table.add({ ...item, bytes: payload.byteLength }, isFrame ? null : payload)
  }

  const outbox: Outbox = {
    async keep(item) {
      const rule = rules[item.class]
      const count = backlog[item.class]
      const bytes = item.payload.byteLength
      const tooMany = count.bytes + bytes - rule.maxBytes
      if (tooMany > 0 && (rule.whenFull === 'refuse' || bytes > rule.maxBytes))
        return { kept: false, reason: 'outbox-full' }
      const gaveWay = tooMany > 0 ? await dropOldest(item.class, tooMany) : 0
      count.items++
      count.bytes += bytes
      try {
        const { dropped } = await onDisk(() => store(item))
        deps.announce()
        return { kept: true, dropped: gaveWay + dropped }
      } catch (error) {
        count.items--
        count.bytes -= bytes
        if (item.class === 'frame') await files.remove(item.id)
        throw error
      }
    },

    takeNextBatch(classes, room) {
      if (room.maxItems <= 0) return []
      const queues = new Map<ItemClass, WaitingItem[]>()
      for (const name of classes) {
        const rows = table.next(name, rules[name].leaves, room.maxItems + lent[name].size)
        queues.set(
          name,
          rows.filter(({ id }) => !lent[name].has(id)),
        )
      }
      const batch: WaitingItem[] = []
      let bytes = 0
      while (batch.length < room.maxItems) {
        const fitting = classes.filter((name) => bytes + (queues.get(name)?.[0]?.bytes ?? Infinity) <= room.maxBytes)
        const name = turns.next(fitting)
        const item = name && queues.get(name)?.shift()
        if (!item) break
        lent[item.class].add(item.id)
        bytes += item.bytes
        batch.push(item)
      }
      return batch
    },

    async read(item) {
      return item.class === 'frame' ? files.read(item.id) : table.payload(item.id)
    },

    takeBackAll() {
      for (const name of ITEM_CLASSES) lent[name].clear()
    },

    async settle(items) {
      const receipts = new Map(items.map((receipt) => [receipt.id, receipt]))
      const settled: SettledItem[] = []
      const { result: removed } = await onDisk(() => table.remove([...receipts.keys()]))
      for (const item of removed) {
        forget(item)
        const receipt = receipts.get(item.id)
        if (receipt) settled.push({ item, receipt })
        if (item.class === 'frame') await files.remove(item.id)
      }
      return settled
    },

    backlog: () => forEachClass((name) => ({ ...backlog[name] })),
    nextSession: async () => (await onDisk(() => table.raise('session', Math.floor(deps.now() / 1000)))).result,
    countBoot: async () => (await onDisk(() => table.raise('boots', 1))).result,
    close: () => database.close(),
  }
  return { outbox, setAside, adopted, missing }
}
