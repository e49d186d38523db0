import { RECEIPT_MAX_ITEMS } from '@vigie/contract/bounds'
import type { Receipt, ReceiptItem } from '@vigie/contract/receipt'
import { buildTopic } from '@vigie/contract/topics'
import { WIRE_VERSION } from '@vigie/contract/version'
import type { Sender } from './message.ts'

/** The cloud's word on one item, and to whom it goes. */
export type Word = { to: Sender; item: ReceiptItem }

/** Puts the words to each unit together: messages of at most RECEIPT_MAX_ITEMS ids. */
export function receiptMessages(words: readonly Word[], now: number): { topic: string; payload: string }[] {
  const at = new Date(now).toISOString()
  const byTopic = new Map<string, ReceiptItem[]>()
  for (const { to, item } of words) {
    const topic = buildTopic({ site: to.site, unit: to.unit, what: 'receipt' })
    byTopic.set(topic, [...(byTopic.get(topic) ?? []), item])
  }
  return [...byTopic].flatMap(([topic, items]) =>
    inParts(items, RECEIPT_MAX_ITEMS).map((part) => {
      const receipt: Receipt = { v: WIRE_VERSION, at, items: part }
      return { topic, payload: JSON.stringify(receipt) }
    }),
  )
}

function inParts<Item>(items: readonly Item[], most: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / most) }, (_, index) =>
    items.slice(index * most, (index + 1) * most),
  )
}
