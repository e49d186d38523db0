import { DEAD_LETTER_EXCERPT_MAX_BYTES, JSON_MESSAGE_MAX_BYTES, TOPIC_MAX_BYTES } from '@vigie/contract/bounds'
import type { DeadLetterReason } from '@vigie/contract/dead-letter'
import { type ItemId, isItemId } from '@vigie/contract/ids'
import type { Topic } from '@vigie/contract/topics'
import type { AddressedDeadLetter } from '../store/dead-letters.ts'

/** A message as it came from the broker. */
export type Message = {
  topic: string
  payload: Uint8Array
  /** Wall time of the cloud, in milliseconds. */
  receivedAt: number
}

/** Whoever sent it, as far as its topic says; the broker has checked that it may. */
export type Sender = Pick<Topic, 'site' | 'unit'>

export type Why = { reason: DeadLetterReason; detail: string }

/**
 * Makes the dead letter of a message. `excerpt` must hold no picture; what is not text is left out.
 * @param sender null when the topic did not parse
 */
export function deadLetterOf(
  { topic, payload, receivedAt }: Message,
  sender: Sender | null,
  { reason, detail }: Why,
  excerpt: Uint8Array = payload,
): AddressedDeadLetter {
  return {
    receivedAt,
    topic: topic.slice(0, TOPIC_MAX_BYTES),
    site: sender?.site ?? null,
    unit: sender?.unit ?? null,
    item: itemIn(excerpt),
    reason,
    detail,
    bytes: payload.byteLength,
    excerpt: textOnly(excerpt.subarray(0, DEAD_LETTER_EXCERPT_MAX_BYTES)),
  }
}

/**
 * The id of an item whose message is refused, where its JSON has one: the unit must hear that it may forget it, also
 * when the rest of the message makes no sense to this version.
 */
function itemIn(json: Uint8Array): ItemId | null {
  if (json.byteLength > JSON_MESSAGE_MAX_BYTES) return null
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(json))
    const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined
    return typeof id === 'string' && isItemId(id) ? id : null
  } catch {
    return null
  }
}

/** A JPEG that was sent where JSON belongs is not UTF-8 from its first byte on: nothing of it is kept. */
function textOnly(bytes: Uint8Array): Uint8Array {
  try {
    // `stream`: a character that the cut divided is no error.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return bytes
  } catch {
    return new Uint8Array()
  }
}
