import type { LedgerMessage } from '@vigie/contract/gate/ledger-message'
import type { Row } from '@vigie/contract/gate/row'
import type { ItemId } from '@vigie/contract/ids'
import type { ReceiptItem } from '@vigie/contract/receipt'
import type { HandoverTable } from '../ledger/handover-table.ts'
import type { Stamp } from './stamp.ts'

/** Hands the rows that were made here to the cloud, in order, each until a receipt names it. */
export type RowSender = {
  /** Sends what may be under way now: new rows, then those whose receipt is overdue. */
  send(): Promise<void>
  /** Takes a receipt; gives since when the longest of its rows was under way, in milliseconds, or null. */
  receipted(items: readonly ReceiptItem[]): number | null
}

type SenderDeps = {
  handover: Pick<HandoverTable, 'waiting' | 'settle'>
  stamp: Stamp
  say(message: LedgerMessage): Promise<void>
  monotonicMs: () => number
  /** The cloud will not take a row, for this reason. It stands, and the others go on. */
  onRefused(reason: string): void
}

/** A minute of a rush on phones; a cloud that is slow is not flooded. Beyond: they wait for receipts. */
const UNDER_WAY_MAX = 32
/** As for every unit. */
const AGAIN_AFTER_MS = 30_000

/** One for each connection: what was under way on the last one is sent again. */
export function createRowSender({ handover, stamp, say, monotonicMs, onRefused }: SenderDeps): RowSender {
  const underWay = new Map<ItemId, { row: Row; sentMs: number }>()
  let sentUpTo = 0

  async function sendRow(row: Row): Promise<void> {
    underWay.set(row.id, { row, sentMs: monotonicMs() })
    // The item is the row: by its id the cloud stores it once, however often it comes.
    await say({ ...stamp('ticket'), id: row.id, kind: 'ledger', rows: [row] })
  }

  return {
    async send() {
      const nowMs = monotonicMs()
      const overdue = [...underWay.values()].filter(({ sentMs }) => nowMs - sentMs >= AGAIN_AFTER_MS)
      for (const { row } of overdue) await sendRow(row)
      for (const row of handover.waiting(sentUpTo, UNDER_WAY_MAX - underWay.size)) {
        sentUpTo = row.seq
        await sendRow(row)
      }
    },
    receipted(items) {
      const sent = items.flatMap(({ id }) => underWay.get(id)?.sentMs ?? [])
      const settled = new Set(sent.length > 0 ? handover.settle(items) : [])
      for (const { id, outcome, reason = 'refused' } of items) {
        if (outcome !== 'stored' && settled.has(id)) onRefused(reason)
      }
      for (const { id } of items) underWay.delete(id)
      return sent.length === 0 ? null : monotonicMs() - Math.max(...sent)
    },
  }
}
