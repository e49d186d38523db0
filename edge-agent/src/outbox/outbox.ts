import { join } from 'node:path'
import type { ItemId } from '@vigie/contract/ids'
import { ITEM_CLASSES, type ItemClass } from '@vigie/contract/item-class'
import type { ReceiptItem } from '@vigie/contract/receipt'
import { AgentFault } from '../faults.ts'
import type { Time } from '../time.ts'
import { adoptFrames } from './adopt-frames.ts'
import type { ClassRules } from './class-rules.ts'
import { openDatabase } from './database.ts'
import { isDiskFailure, isDiskFull } from './disk-failure.ts'
import { createFairTurns } from './fair-turns.ts'
import { createFrameFiles } from './frame-files.ts'
import { createFrameKeeper, FREED_AT_ONCE_BYTES } from './frame-keeper.ts'
import { createItemTable, type WaitingItem } from './item-table.ts'
import { type Backlog, createTally } from './tally.ts'

/** Something to be sent: a whole payload and where it goes. */
export type OutgoingItem = { id: ItemId; class: ItemClass; topic: string; payload: Uint8Array }

/**
 * What became of an item that was handed over. `dropped`: how many older ones of its class gave way. `where`: whether it
 * is on the disk, or in memory alone, as a frame may be whose receipt is about to come.
 */
export type Kept = { kept: true; dropped: number; where: 'disk' | 'memory' } | { kept: false; reason: 'outbox-full' }

/** What happened while nobody was waiting for it. */
export type OutboxEvent =
  /** A frame that was in memory alone is on the disk now. */
  | { kind: 'frame-saved'; id: ItemId }
  | { kind: 'frames-dropped'; dropped: number }
  /** Told once, until the disk works again. */
  | { kind: 'disk-failing'; error: AgentFault }

/** An item that the cloud has spoken of, and its word. */
export type SettledItem = { item: WaitingItem; receipt: ReceiptItem }

/**
 * What waits on the unit to be sent. One process at a time; every promise here holds through a kill or a power cut, but for
 * frames that are in memory alone: at most one, unless the disk refuses them.
 */
export type Outbox = {
  /**
   * Accepts an item, durably: once this resolves it is here until the cloud's receipt. Throws `disk-failing`, but not for
   * a frame, which stays in memory when the disk refuses it.
   */
  keep(item: OutgoingItem): Promise<Kept>
  /** Lends the next items of these classes, by right of way and fairly; a lent item is not lent again until given back. */
  takeNextBatch(classes: readonly ItemClass[], room: { maxItems: number; maxBytes: number }): WaitingItem[]
  /** The bytes of an item; null when it has been settled or dropped meanwhile. */
  read(item: WaitingItem): Promise<Uint8Array | null>
  /** Takes back everything that was lent: the connection is gone. Frames in memory are saved. */
  takeBackAll(): void
  /** Forgets the items that the cloud has spoken of. Ids that are not here are passed over. Throws `disk-failing`. */
  settle(items: readonly ReceiptItem[]): Promise<SettledItem[]>
  /** Whether an item is still here: kept, and neither settled nor dropped. */
  waits(id: ItemId): boolean
  backlog(): Backlog
  /** A number greater than any before, also when this file was lost: the wall clock's seconds, or one more than the last. */
  nextSession(): Promise<number>
  /** How often an agent was started on this outbox. */
  countBoot(): Promise<number>
  /** Saves what is in memory and closes the file. */
  close(): Promise<void>
}

export type OutboxOptions = { folder: string; rules: ClassRules }
export type OutboxDeps = {
  time: Time
  /** Called after something new can be taken. */
  announce: () => void
  tell: (event: OutboxEvent) => void
}

/** What was found on opening that somebody should know. */
export type OutboxOpening = { outbox: Outbox; setAside: string | null; adopted: number; missing: number }

/** Rows weigh more than their payload, and SQLite's pages are never quite full. */
const FILE_BYTES_FOR_EACH_KEPT = 3

/** Opens the outbox of a data folder: `outbox.sqlite` and, beside it, the files of frames. */
export async function openOutbox({ folder, rules }: OutboxOptions, deps: OutboxDeps): Promise<OutboxOpening> {
  const { time } = deps
  const files = createFrameFiles(join(folder, 'frames'))
  const recordBytes = ITEM_CLASSES.filter((name) => name !== 'frame').reduce(
    (sum, name) => sum + rules[name].maxBytes,
    0,
  )
  const { database, setAside } = openDatabase(join(folder, 'outbox.sqlite'), {
    maxBytes: recordBytes * FILE_BYTES_FOR_EACH_KEPT,
    now: time.now,
  })
  const table = createItemTable(database)
  const { adopted, missing } = await adoptFrames(table, files, { rebuilt: setAside !== null })
  const turns = createFairTurns(rules)
  const tally = createTally(table.backlog())
  const frames = createFrameKeeper(rules.frame, { table, files, tally, ...deps })

  /** Lets the oldest records of a class give way until so many bytes are free. */
  function dropOldest(name: ItemClass, bytes: number): number {
    let freed = 0
    let dropped = 0
    while (freed < bytes) {
      const oldest = table.oldest(name)
      if (!oldest) break
      table.remove([oldest.id])
      tally.forget(oldest)
      freed += oldest.bytes
      dropped++
    }
    return dropped
  }

  /** Tries once more after frames gave way to a full disk; what still fails is a fault of the disk, or a bug. */
  async function onDisk<Result>(work: () => Result): Promise<Result> {
    try {
      try {
        return work()
      } catch (error) {
        if (!isDiskFull(error)) throw error
        const dropped = await frames.dropSaved(FREED_AT_ONCE_BYTES)
        if (dropped > 0) deps.tell({ kind: 'frames-dropped', dropped })
        return work()
      }
    } catch (error) {
      throw isDiskFailure(error) ? new AgentFault('disk-failing', undefined, { cause: error }) : error
    }
  }

  async function keepRecord({ payload, ...item }: OutgoingItem): Promise<Kept> {
    const rule = rules[item.class]
    const waiting = { ...item, bytes: payload.byteLength }
    const tooMany = tally.bytes(item.class) + waiting.bytes - rule.maxBytes
    if (tooMany > 0 && (rule.whenFull === 'refuse' || waiting.bytes > rule.maxBytes))
      return { kept: false, reason: 'outbox-full' }
    const dropped = tooMany > 0 ? dropOldest(item.class, tooMany) : 0
    tally.add(waiting)
    try {
      await onDisk(() => table.add(waiting, payload))
    } catch (error) {
      tally.forget(waiting)
      throw error
    }
    deps.announce()
    return { kept: true, dropped, where: 'disk' }
  }

  const outbox: Outbox = {
    keep: (item) => (item.class === 'frame' ? frames.keep(item) : keepRecord(item)),

    takeNextBatch(classes, room) {
      if (room.maxItems <= 0) return []
      const queues = new Map<ItemClass, WaitingItem[]>()
      for (const name of classes) {
        const inMemory = name === 'frame' ? frames.held() : []
        const rows = table.next(name, rules[name].leaves, room.maxItems + tally.lentItems(name))
        queues.set(
          name,
          [...inMemory, ...rows].filter((item) => !tally.isLent(item)),
        )
      }
      const batch: WaitingItem[] = []
      let bytes = 0
      while (batch.length < room.maxItems) {
        const fitting = classes.filter((name) => bytes + (queues.get(name)?.[0]?.bytes ?? Infinity) <= room.maxBytes)
        const name = turns.next(fitting)
        const item = name && queues.get(name)?.shift()
        if (!item) break
        tally.lend(item)
        bytes += item.bytes
        batch.push(item)
      }
      return batch
    },

    async read(item) {
      return item.class === 'frame' ? frames.read(item.id) : table.payload(item.id)
    },

    takeBackAll() {
      tally.takeBackAll()
      frames.connectionLost()
    },

    async settle(items) {
      const receipts = new Map(items.map((receipt) => [receipt.id, receipt]))
      const settled = [...receipts.keys()].flatMap((id) => frames.letGo(id) ?? [])
      const inMemory = new Set(settled.map(({ id }) => id))
      const onTheDisk = [...receipts.keys()].filter((id) => !inMemory.has(id))
      for (const item of await onDisk(() => table.remove(onTheDisk))) {
        tally.forget(item)
        settled.push(item)
        if (item.class === 'frame') await files.remove(item.id)
      }
      if (settled.length > 0) frames.receiptCame()
      return settled.flatMap((item) => {
        const receipt = receipts.get(item.id)
        return receipt ? [{ item, receipt }] : []
      })
    },

    waits: (id) => frames.held().some((held) => held.id === id) || table.has(id),
    backlog: tally.backlog,
    nextSession: () => onDisk(() => table.raise('session', Math.floor(time.now() / 1000))),
    countBoot: () => onDisk(() => table.raise('boots', 1)),
    async close() {
      await frames.close()
      database.close()
    },
  }
  return { outbox, setAside, adopted, missing }
}
