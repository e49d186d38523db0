import type { DecodeReason } from './decode.ts'

/** Why a message that did decode is still not stored. */
export type RefusalReason =
  | 'unit-not-at-site'
  | 'topic-and-header-differ'
  | 'camera-unknown'
  | 'signature-wrong'
  | 'mask-not-approved'
  | 'picture-not-decodable'
  | 'certificate-not-trusted'
  | 'certificate-revoked'
  | 'time-in-the-future'
  | 'id-taken'
  | 'frame-unknown'
  | 'series-refused'
  | 'right-missing'

export type DeadLetterReason = DecodeReason | RefusalReason

/**
 * What the cloud keeps of a message that it could not take. Never a picture: one that was refused may show what the
 * masks should have hidden.
 */
export type DeadLetter = {
  receivedAt: number
  topic: string
  reason: DeadLetterReason
  /** Where it went wrong, without its content. */
  detail: string
  /** Length of the whole message. */
  bytes: number
  /** The first bytes of a JSON message, or the header of a frame; at most DEAD_LETTER_EXCERPT_MAX_BYTES. */
  excerpt: Uint8Array
}
