import type { ItemId } from '@vigie/contract/ids'
import type { WaitingItem } from '../outbox/item-table.ts'

/** How much may be under way without a receipt. */
export type WindowLimits = { maxItems: number; maxBytes: number }

/** The cloud answers within a second; 30 s are what a slow link with a lost packet or two may take. */
const FIRST_PATIENCE_MS = 30_000
/** A cloud that stays silent is sent a full window every 15 minutes at most: less than the same time of normal traffic. */
const MAX_PATIENCE_MS = 15 * 60_000
/**
 * Items that the cloud passes over while it answers for others make room for those others, up to this many. Beyond, they
 * hold the window: 32 frames sent again each 15 minutes are twice what a unit sends in normal times, and no more than that.
 */
const MAX_PASSED_OVER = 32

type Sent = {
  item: WaitingItem
  firstSentMs: number
  sentMs: number
  dueMs: number
  attempts: number
  isPassedOver: boolean
}

/** The items of one lane that were sent on this connection and have no receipt yet. */
export type Window = {
  /** How much more may be taken now. */
  room(): WindowLimits
  /** Notes that an item went out, for the first time or again. */
  sent(item: WaitingItem, nowMs: number): void
  /** The next item to be sent again, if one has waited long enough. */
  overdue(nowMs: number): WaitingItem | undefined
  /** Notes the cloud's word on an item. Gives how long ago it was first sent on this connection; null when it was not. */
  settled(id: ItemId, nowMs: number): number | null
  /** Notes that the cloud answered for something, in this lane or another. */
  heard(nowMs: number): void
  /** Drops an item that is no longer in the outbox. */
  forget(id: ItemId): void
  /** When the next item will be overdue; Infinity when nothing is under way. */
  nextDueMs(): number
}

export function createWindow(limits: WindowLimits): Window {
  const underWay = new Map<ItemId, Sent>()
  let lastHeardMs = -Infinity

  return {
    room() {
      const holding = [...underWay.values()].filter(({ isPassedOver }) => !isPassedOver)
      return {
        maxItems: limits.maxItems - holding.length,
        maxBytes: limits.maxBytes - holding.reduce((sum, { item }) => sum + item.bytes, 0),
      }
    },

    sent(item, nowMs) {
      const before = underWay.get(item.id)
      const attempts = (before?.attempts ?? 0) + 1
      const patienceMs = Math.min(FIRST_PATIENCE_MS * 2 ** (attempts - 1), MAX_PATIENCE_MS)
      const isPassedOver = before?.isPassedOver ?? false
      const firstSentMs = before?.firstSentMs ?? nowMs
      underWay.set(item.id, { item, firstSentMs, sentMs: nowMs, dueMs: nowMs + patienceMs, attempts, isPassedOver })
    },

    overdue(nowMs) {
      return [...underWay.values()].find(({ dueMs }) => dueMs <= nowMs)?.item
    },

    settled(id, nowMs) {
      const sent = underWay.get(id)
      underWay.delete(id)
      // A quick receipt can be here before the network has said that it took the last byte.
      return sent ? Math.max(0, nowMs - sent.firstSentMs) : null
    },

    heard(nowMs) {
      const wasSilent = nowMs - lastHeardMs > FIRST_PATIENCE_MS
      let passedOver = [...underWay.values()].filter((sent) => sent.isPassedOver).length
      for (const sent of underWay.values()) {
        if (nowMs - sent.sentMs < FIRST_PATIENCE_MS) continue
        // The cloud is back after a silence: what went into it goes out again now, not when its long patience ends.
        if (wasSilent) sent.dueMs = nowMs
        else if (!sent.isPassedOver && passedOver < MAX_PASSED_OVER) {
          sent.isPassedOver = true
          passedOver++
        }
      }
      lastHeardMs = nowMs
    },

    forget(id) {
      underWay.delete(id)
    },

    nextDueMs: () => Math.min(Infinity, ...[...underWay.values()].map(({ dueMs }) => dueMs)),
  }
}
