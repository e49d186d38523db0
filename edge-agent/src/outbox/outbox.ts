import { join } from 'node:path'
import type { ItemId } from '@vigie/contract/ids'
import { ITEM_CLASSES, type ItemClass } from '@vigie/contract/item-class'
import type { ReceiptItem } from '@vigie/contract/receipt'
import type { AgentFault } from '../faults.ts'
import type { Time } from '../time.ts'
import { adoptFrames } from './adopt-frames.ts'
import { createBallast, hasPlentyOfRoom } from './ballast.ts'
import { type ClassRules, forEachClass } from './class-rules.ts'
import { isDiskFailure } from './disk-failure.ts'
import { createDiskWord } from './disk-word.ts'
import { createFairTurns } from './fair-turns.ts'
import { createFrameFiles } from './frame-files.ts'
import { createFrameKeeper, FREED_AT_ONCE_BYTES } from './frame-keeper.ts'
import { createGroupCommit } from './group-commit.ts'
import { createHistoryAllowance } from './history-allowance.ts'
import type { WaitingItem } from './item-table.ts'
import { openLivingTable, type Rebuilding } from './living-table.ts'
import { type Backlog, createTally } from './tally.ts'
import { createTidying } from './tidying.ts'

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
  | { kind: 'disk-working' }
  /** The database was found damaged, and made anew from what can be read of it and from the files of frames. */
  | ({ kind: 'rebuilt' } & Rebuilt)

/** `missing`: frames whose picture is gone. */
export type Rebuilt = { setAside: string; salvaged: number; adopted: number; missing: number }

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
  /** The bytes of an item; null when it has been settled or dropped meanwhile, or when the disk does not give them now. */
  read(item: WaitingItem): Promise<Uint8Array | null>
  /** Takes back everything that was lent: the connection is gone. Frames in memory are saved. */
  takeBackAll(): void
  /** Forgets the items that the cloud has spoken of, and gives them. Ids that are not here are passed over. */
  settle(items: readonly ReceiptItem[]): Promise<SettledItem[]>
  /** What waits now may leave, whatever the allowance for history. */
  releaseHistory(): void
  /** Whether an item is still here: kept, and neither settled nor dropped. */
  waits(id: ItemId): boolean
  backlog(): Backlog
  /** How many bytes of history may leave in an hour from now on; null: as many as there are. */
  allowHistory(bytesPerHour: number | null): void
  /** A number greater than any before, also when this file was lost: the wall clock's seconds, or one more than the last. */
  nextSession(): Promise<number>
  /** How often an agent was started on this outbox. */
  countBoot(): Promise<number>
  /** Another one says that the file was lost or damaged: items may be gone that were kept. Null: the disk does not say. */
  fileNumber(): number | null
  /** Saves what is in memory and closes the file. */
  close(): Promise<void>
}

export type OutboxOptions = {
  folder: string
  rules: ClassRules
  /** Bytes of frames older than the newest of their view that may leave in an hour; as many as there are, unless said. */
  historyBytesPerHour?: number
}
export type OutboxDeps = {
  time: Time
  /** Called after something new can be taken. */
  announce: () => void
  tell: (event: OutboxEvent) => void
}

/** What was found on opening that somebody should know. */
export type OutboxOpening = { outbox: Outbox; rebuilt: Rebuilt | null; missing: number }

/** Rows weigh more than their payload, and SQLite's pages are never quite full. */
const FILE_BYTES_FOR_EACH_KEPT = 3

/** Opens the outbox of a data folder: `outbox.sqlite`, the files of frames beside it, and a ballast for a full disk. */
export async function openOutbox(options: OutboxOptions, deps: OutboxDeps): Promise<OutboxOpening> {
  const { folder, rules, historyBytesPerHour = Infinity } = options
  const { time, tell } = deps
  const files = createFrameFiles(join(folder, 'frames'))
  const recordBytes = ITEM_CLASSES.filter((name) => name !== 'frame').reduce(
    (sum, name) => sum + rules[name].maxBytes,
    0,
  )
  const table = openLivingTable(
    { file: join(folder, 'outbox.sqlite'), maxBytes: recordBytes * FILE_BYTES_FOR_EACH_KEPT, now: time.now },
    onRebuilt,
  )
  const ballast = createBallast(folder)
  const found = await adoptFrames(table, files)
  const turns = createFairTurns(rules)
  const tally = createTally(table.backlog())
  const disk = createDiskWord(tell)
  /** What the transaction under way has added to each class, as long as it is not counted. */
  const underWay = forEachClass(() => 0)
  const commits = createGroupCommit({ inOneGo, makeRoom, onCommit: () => onCommit() })
  const tidying = createTidying({ table, isIdle: commits.isIdle, ballast })
  const frames = createFrameKeeper(rules.frame, {
    ...{ table, files, commits, tally, disk, ...deps },
    hasRoom: () => hasPlentyOfRoom(folder),
  })
  const history = createHistoryAllowance(historyBytesPerHour, time.monotonicMs)
  for (const frame of table.next('frame', 'oldest-first', Number.MAX_SAFE_INTEGER)) history.kept(frame)
  let session = 0

  function inOneGo<Result>(work: () => Result): Result {
    return table.inOneGo(() => {
      for (const name of ITEM_CLASSES) underWay[name] = 0
      return work()
    })
  }

  function onCommit(): void {
    disk.worked()
    tidying.committed()
  }

  function onRebuilt(rebuilding: Rebuilding): void {
    recount()
    // Not waited for: frames are saved after it, and what is thrown there is a bug and ends the process.
    void frames.inTurn(async () => {
      const adoption = await adoptFrames(table, files)
      recount()
      tell({ kind: 'rebuilt', ...rebuilding, ...adoption })
    })
  }

  function recount(): void {
    tally.recount(table.backlog())
    for (const item of frames.held()) tally.add(item)
  }

  /** Frees room on a full disk. Gives whether it is worth trying again. */
  async function makeRoom(forReceipts: boolean): Promise<boolean> {
    // The file has reached its own bound, or the disk says what is not so: no frame has to give way for that.
    if (await hasPlentyOfRoom(folder)) return true
    if (ballast.release(forReceipts)) {
      tidying.writeBack()
      return true
    }
    const dropped = await frames.dropSaved(FREED_AT_ONCE_BYTES)
    if (dropped > 0) tell({ kind: 'frames-dropped', dropped })
    return dropped > 0
  }

  /** Does what can wait for another time when the disk fails. */
  function unlessDiskFails<Result>(work: () => Result, otherwise: Result): Result {
    try {
      return work()
    } catch (error) {
      if (!isDiskFailure(error)) throw error
      disk.failed(error)
      return otherwise
    }
  }

  /** The oldest of a class, until so many bytes are free. To be done within a change. */
  function removeOldest(name: ItemClass, bytes: number): WaitingItem[] {
    const removed: WaitingItem[] = []
    for (let freed = 0; freed < bytes; ) {
      const oldest = table.oldest(name)
      if (!oldest) break
      table.remove(oldest.id)
      removed.push(oldest)
      freed += oldest.bytes
    }
    return removed
  }

  async function keepRecord({ payload, ...item }: OutgoingItem): Promise<Kept> {
    const name = item.class
    const rule = rules[name]
    const waiting = { ...item, bytes: payload.byteLength }
    try {
      const removed = await commits.change({
        work() {
          const excess = tally.bytes(name) + underWay[name] + waiting.bytes - rule.maxBytes
          if (excess > 0 && (rule.whenFull === 'refuse' || waiting.bytes > rule.maxBytes)) return null
          const gaveWay = excess > 0 ? removeOldest(name, excess) : []
          table.add(waiting, payload)
          underWay[name] += waiting.bytes - gaveWay.reduce((sum, { bytes }) => sum + bytes, 0)
          return gaveWay
        },
        done(gaveWay) {
          if (!gaveWay) return
          tally.add(waiting)
          for (const old of gaveWay) tally.forget(old)
        },
      })
      if (!removed) return { kept: false, reason: 'outbox-full' }
      deps.announce()
      return { kept: true, dropped: removed.length, where: 'disk' }
    } catch (error) {
      if (isDiskFailure(error)) disk.failed(error)
      throw error
    }
  }

  const outbox: Outbox = {
    keep(item) {
      if (item.class !== 'frame') return keepRecord(item)
      history.kept({ ...item, bytes: item.payload.byteLength })
      return frames.keep(item)
    },

    takeNextBatch(classes, room) {
      if (room.maxItems <= 0) return []
      const queues = new Map<ItemClass, WaitingItem[]>()
      for (const name of classes) {
        const count = room.maxItems + tally.lentItems(name)
        const rows = unlessDiskFails(() => table.next(name, rules[name].leaves, count), [])
        const inMemory = name === 'frame' ? frames.held() : []
        queues.set(
          name,
          [...inMemory, ...rows].filter((item) => !tally.isLent(item) && (name !== 'frame' || history.mayLeave(item))),
        )
      }
      const batch: WaitingItem[] = []
      let bytes = 0
      while (batch.length < room.maxItems) {
        const fitting = classes.filter((name) => bytes + (queues.get(name)?.[0]?.bytes ?? Infinity) <= room.maxBytes)
        const name = turns.next(fitting)
        const item = name && queues.get(name)?.shift()
        if (!item) break
        if (item.class === 'frame') {
          if (!history.mayLeave(item)) continue
          history.leaves(item)
        }
        tally.lend(item)
        bytes += item.bytes
        batch.push(item)
      }
      return batch
    },

    async read(item) {
      try {
        return item.class === 'frame' ? await frames.read(item.id) : table.payload(item.id)
      } catch (error) {
        if (!isDiskFailure(error)) throw error
        disk.failed(error)
        return null
      }
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
      try {
        const removed = await commits.change({
          work: () => onTheDisk.flatMap((id) => table.remove(id) ?? []),
          isForReceipts: true,
          done(gone) {
            for (const item of gone) tally.forget(item)
          },
        })
        settled.push(...removed)
        for (const item of removed) if (item.class === 'frame') frames.removeFile(item.id)
      } catch (error) {
        // They stay lent, and are sent again on the next connection: the cloud stores them once.
        if (!isDiskFailure(error)) throw error
        disk.failed(error)
      }
      if (settled.length > 0) frames.receiptCame()
      return settled.flatMap((item) => {
        const receipt = receipts.get(item.id)
        return receipt ? [{ item, receipt }] : []
      })
    },

    releaseHistory() {
      history.release()
      deps.announce()
    },

    waits: (id) => frames.held().some((held) => held.id === id) || unlessDiskFails(() => table.has(id), false),
    backlog: tally.backlog,
    allowHistory: (bytesPerHour) => history.allow(bytesPerHour ?? Infinity),

    async nextSession() {
      const least = Math.max(session + 1, Math.floor(time.now() / 1000))
      try {
        session = await commits.change({ work: () => table.raise('session', least), done() {} })
      } catch (error) {
        // Greater than any of this process, and in all likelihood than any before: a dead disk must not keep a unit away.
        if (!isDiskFailure(error)) throw error
        disk.failed(error)
        session = least
      }
      return session
    },

    countBoot: () => commits.change({ work: () => table.raise('boots', 1), done() {} }),

    fileNumber: () => unlessDiskFails(() => table.fileNumber(), null),

    async close() {
      await frames.close()
      await tidying.stop()
      table.close()
    },
  }
  try {
    await ballast.restore()
  } catch (error) {
    if (!isDiskFailure(error)) throw error
  }
  const { rebuilt } = table
  return { outbox, rebuilt: rebuilt && { ...rebuilt, ...found }, missing: found.missing }
}
