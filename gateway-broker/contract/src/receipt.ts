import Type from 'typebox'
import { RECEIPT_MAX_ITEMS } from './bounds.ts'
import { jsonDecoder } from './decode.ts'
import { UtcTime } from './envelope.ts'
import { ItemId } from './ids.ts'
import { WIRE_VERSION } from './version.ts'

/**
 * The cloud's word on one item. After any of these the unit forgets the item:
 * - `stored`: committed durably, now or at an earlier delivery.
 * - `expired`: older than what may be kept; not stored, as the law on roadside pictures wants.
 * - `refused`: will never be stored; a dead letter says why, and `reason` is its word.
 */
export const ReceiptItem = Type.Object({
  id: ItemId,
  outcome: Type.Union([Type.Literal('stored'), Type.Literal('expired'), Type.Literal('refused')]),
  reason: Type.Optional(Type.String({ pattern: '^[a-z][a-z-]{1,40}$' })),
})
export type ReceiptItem = Type.Static<typeof ReceiptItem>

/** Sent to a unit on its own topic after the durable commit, several items together. */
export const Receipt = Type.Object({
  v: Type.Literal(WIRE_VERSION),
  /** The cloud's wall time when it wrote this. */
  at: UtcTime,
  items: Type.Array(ReceiptItem, { minItems: 1, maxItems: RECEIPT_MAX_ITEMS }),
})
export type Receipt = Type.Static<typeof Receipt>
export const decodeReceipt = jsonDecoder(Receipt)
