import type { ItemId } from '@vigie/contract/ids'
import type { WaitingItem } from './item-table.ts'

/** How much of the history may leave: of the frames that are older than the newest of their view. */
export type HistoryAllowance = {
  /** Notes a frame that was kept, in the order of keeping. */
  kept(frame: WaitingItem): void
  mayLeave(frame: WaitingItem): boolean
  /** Notes that a frame leaves. */
  leaves(frame: WaitingItem): void
  /** What has been kept so far may leave, whatever the allowance. */
  release(): void
  /** So much from now on; Infinity: as many as there are. */
  allow(bytesPerHour: number): void
}

const HOUR_MS = 3_600_000

/**
 * @param allowedPerHour what may leave in an hour; what was not used of the last hour is added, and nothing from before
 */
export function createHistoryAllowance(allowedPerHour: number, monotonicMs: () => number): HistoryAllowance {
  /** Of each view, also when it has long been sent: what is older stays history. */
  const newest = new Map<string, ItemId>()
  let bytesPerHour = allowedPerHour
  let bytes = bytesPerHour
  /** The newest that somebody asked for: ids rise with time. */
  let released: ItemId | null = null
  let last: ItemId | null = null
  let countedMs = monotonicMs()
  const isHistory = ({ id, topic }: WaitingItem) => newest.get(topic) !== id && (released === null || id > released)

  return {
    kept({ id, topic }) {
      newest.set(topic, id)
      if (last === null || id > last) last = id
    },
    mayLeave(frame) {
      if (!isHistory(frame) || bytesPerHour === Infinity) return true
      const nowMs = monotonicMs()
      bytes = Math.min(bytesPerHour, bytes + ((nowMs - countedMs) / HOUR_MS) * bytesPerHour)
      countedMs = nowMs
      // A frame larger than all that is allowed would otherwise never leave.
      return bytes >= Math.min(frame.bytes, bytesPerHour)
    },
    leaves(frame) {
      if (isHistory(frame)) bytes -= frame.bytes
    },
    release() {
      released = last
    },
    allow(other) {
      if (other === bytesPerHour) return
      bytesPerHour = other
      bytes = other
      countedMs = monotonicMs()
    },
  }
}
