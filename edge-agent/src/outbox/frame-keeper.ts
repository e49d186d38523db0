import type { ItemId } from '@vigie/contract/ids'
import type { Time } from '../time.ts'
import type { ClassRule } from './class-rules.ts'
import { isDiskFailure, isDiskFull } from './disk-failure.ts'
import type { DiskWord } from './disk-word.ts'
import type { FrameFiles } from './frame-files.ts'
import type { GroupCommit } from './group-commit.ts'
import type { ItemTable, WaitingItem } from './item-table.ts'
import type { Kept, OutboxEvent, OutgoingItem } from './outbox.ts'
import type { Tally } from './tally.ts'

/**
 * The frames of an outbox. While receipts come within seconds a frame is only held in memory and the flash is spared; it is
 * saved, as a file and a row, when its receipt lets itself be waited for, when another frame comes, and when the connection is
 * gone. So at most one frame of a unit dies with its process, unless the disk refuses them.
 */
export type FrameKeeper = {
  keep(item: OutgoingItem): Promise<Kept>
  /** What is only in memory, newest first. All of it is newer than what is on the disk. */
  held(): WaitingItem[]
  read(id: ItemId): Promise<Uint8Array | null>
  /** Forgets a frame that is only in memory. */
  letGo(id: ItemId): WaitingItem | undefined
  /** Lets the oldest of those on the disk give way until so many bytes are free. Gives how many. */
  dropSaved(bytes: number): Promise<number>
  /** Notes that the cloud has answered for something. */
  receiptCame(): void
  /** Notes that nothing can be sent; whatever is held is saved meanwhile. */
  connectionLost(): void
  /** Does something with files and rows of frames while none is being saved or removed. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result>
  /** Removes the file of a frame whose row is gone; nobody waits for it. */
  removeFile(id: ItemId): void
  /** Saves what is held and stops. */
  close(): Promise<void>
}

export type FrameKeeperDeps = {
  table: ItemTable
  files: FrameFiles
  commits: GroupCommit
  tally: Tally
  disk: DiskWord
  hasRoom: () => Promise<boolean>
  time: Time
  announce: () => void
  tell: (event: OutboxEvent) => void
}

/** A receipt is here within a second, within five over a slow link; at 100 kbit/s a frame alone takes ten. */
const HOLD_MS = 10_000
/** A disk that refuses is asked again each minute. */
const ASK_AGAIN_MS = 60_000
/** What may be in memory while the disk refuses: an hour of one view. Beyond, the oldest give way. The box has 1 GB. */
const MAX_HELD_BYTES = 8 * 1024 * 1024
/** How much is freed at once when the disk is full: about a minute of writing for everything else on the box. */
export const FREED_AT_ONCE_BYTES = 8 * 1024 * 1024

type HeldFrame = {
  waiting: WaitingItem
  payload: Uint8Array
  place: 'arriving' | 'memory' | 'disk'
  gone: AbortController
}

export function createFrameKeeper(rule: ClassRule, deps: FrameKeeperDeps): FrameKeeper {
  const { table, files, tally, time } = deps
  /** In the order of their coming, which is the order of their rows. */
  const held = new Map<ItemId, HeldFrame>()
  let areReceiptsComing = false
  let lastTurn: Promise<unknown> = Promise.resolve()

  /** One after the other: the order of rows is that of capture, and two never make room for the same bytes. */
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = lastTurn.then(work)
    lastTurn = turn.catch(() => undefined)
    return turn
  }

  function release({ waiting, gone }: HeldFrame): void {
    held.delete(waiting.id)
    gone.abort()
  }

  async function dropSaved(bytes: number): Promise<number> {
    let freed = 0
    let dropped = 0
    while (freed < bytes) {
      const oldest = table.oldest('frame')
      if (!oldest) break
      // The file first: on a full disk a DELETE finds no room for its log. A row without a file is dropped on opening.
      await files.remove(oldest.id)
      // A receipt may have been quicker while the file was being removed.
      if (!table.remove(oldest.id)) continue
      tally.forget(oldest)
      freed += oldest.bytes
      dropped++
    }
    return dropped
  }

  /** Lets held frames give way, the oldest first and never the newest, until `excess` bytes of them are gone. */
  function dropHeld(excess: number): number {
    let left = excess
    let dropped = 0
    for (const frame of [...held.values()].slice(0, -1)) {
      if (left <= 0) break
      release(frame)
      tally.forget(frame.waiting)
      left -= frame.waiting.bytes
      dropped++
    }
    return dropped
  }

  async function makeRoom(): Promise<number> {
    const excess = () => tally.bytes('frame') - rule.maxBytes
    const dropped = excess() > 0 ? await dropSaved(excess()) : 0
    return dropped + dropHeld(excess())
  }

  async function write(frame: HeldFrame): Promise<void> {
    const { waiting, payload } = frame
    await files.write(waiting.id, payload)
    const isRowed = await deps.commits
      .change({
        work() {
          const isStillHeld = held.has(waiting.id)
          if (isStillHeld) table.add(waiting, null)
          return isStillHeld
        },
        done(isAdded) {
          if (!isAdded) return
          if (frame.place === 'memory') deps.tell({ kind: 'frame-saved', id: waiting.id })
          frame.place = 'disk'
          release(frame)
        },
      })
      .catch(async (error: unknown) => {
        await removeQuietly(waiting.id)
        throw error
      })
    // Its receipt came while it was being written.
    if (!isRowed) await removeQuietly(waiting.id)
  }

  /** Tries once more, on a full disk after the oldest frames gave way. Gives how many did. */
  async function writeInTheEnd(frame: HeldFrame): Promise<number> {
    try {
      await write(frame)
      return 0
    } catch (error) {
      if (!isDiskFailure(error)) throw error
      const isFull = isDiskFull(error) && !(await deps.hasRoom())
      const dropped = isFull ? await dropSaved(FREED_AT_ONCE_BYTES) : 0
      await write(frame)
      return dropped
    }
  }

  /** A file that stays without a row is removed on the next opening. */
  async function removeQuietly(id: ItemId): Promise<void> {
    try {
      await files.remove(id)
    } catch (error) {
      if (!isDiskFailure(error)) throw error
    }
  }

  /** Saves what must not be in memory alone. What the disk refuses stays there, within bounds. Gives how many gave way. */
  async function save(): Promise<number> {
    let dropped = 0
    try {
      for (const frame of [...held.values()].slice(0, areReceiptsComing ? -1 : undefined)) {
        dropped += await writeInTheEnd(frame)
        deps.disk.worked()
      }
    } catch (error) {
      if (!isDiskFailure(error)) throw error
      deps.disk.failed(error)
      const heldBytes = [...held.values()].reduce((sum, { waiting }) => sum + waiting.bytes, 0)
      dropped += dropHeld(heldBytes - MAX_HELD_BYTES)
    }
    return dropped
  }

  /** Saves in the background, where nobody waits for what gave way. */
  async function saveUnasked(): Promise<void> {
    const dropped = await inTurn(save)
    if (dropped > 0) deps.tell({ kind: 'frames-dropped', dropped })
  }

  /** Waits with a held frame for its receipt, and saves it when that does not come. */
  async function watch({ gone }: HeldFrame): Promise<void> {
    while (!gone.signal.aborted) {
      try {
        await time.wait(deps.disk.isFailing() ? ASK_AGAIN_MS : HOLD_MS, gone.signal)
      } catch (error) {
        if (!gone.signal.aborted) throw error
        return
      }
      areReceiptsComing = false
      await saveUnasked()
    }
  }

  return {
    async keep({ payload, ...item }) {
      const waiting = { ...item, bytes: payload.byteLength }
      if (waiting.bytes > rule.maxBytes) return { kept: false, reason: 'outbox-full' }
      const frame: HeldFrame = { waiting, payload, place: 'arriving', gone: new AbortController() }
      held.set(item.id, frame)
      tally.add(waiting)
      deps.announce()
      const dropped = await inTurn(async () => (await makeRoom()) + (await save()))
      if (frame.place === 'disk') return { kept: true, dropped, where: 'disk' }
      frame.place = 'memory'
      // Not waited for: it ends with the frame. What is thrown there is a bug, and ends the process.
      void watch(frame)
      return { kept: true, dropped, where: 'memory' }
    },
    held: () => [...held.values()].map(({ waiting }) => waiting).reverse(),
    read: async (id) => held.get(id)?.payload ?? files.read(id),
    letGo(id) {
      const frame = held.get(id)
      if (!frame) return undefined
      release(frame)
      tally.forget(frame.waiting)
      return frame.waiting
    },
    dropSaved,
    inTurn,
    removeFile(id) {
      // Not waited for: close() does.
      void inTurn(() => removeQuietly(id))
    },
    receiptCame() {
      areReceiptsComing = true
    },
    connectionLost() {
      areReceiptsComing = false
      // Not waited for: close() does, and a bug in it ends the process.
      if (held.size > 0) void saveUnasked()
    },
    async close() {
      areReceiptsComing = false
      await saveUnasked()
      for (const frame of held.values()) frame.gone.abort()
    },
  }
}
