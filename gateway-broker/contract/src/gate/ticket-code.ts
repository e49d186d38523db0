import Type from 'typebox'
import { decodeBase45, encodeBase45 } from './base45.ts'
import type { CivilDay } from './civil-time.ts'

/**
 * What stands in the QR of a ticket: 27 bytes, their Ed25519 signature of 64, in base45 behind `VG1:`. There is no
 * personal data in it. docs/ticket-code.md describes it byte by byte, with test vectors.
 */
export const CODE_PREFIX = 'VG1:'
export const PAYLOAD_BYTES = 27
export const SIGNATURE_BYTES = 64
/** 91 bytes are 137 characters of base45; with the prefix 141. Version 6-M of a QR holds 154, version 8-Q 157. */
export const CODE_CHARACTERS = 141
const VERSION = 1
const NO_SLOT = 0xffff
const MINUTES_OF_A_DAY = 1440

declare const brand: unique symbol
/** The random number of a ticket, as 16 lower-case hexadecimal digits. */
export type TicketId = string & { readonly [brand]: 'ticket' }
/** What stands for the barcode of another seller: 32 lower-case hexadecimal digits. */
export type ForeignHash = string & { readonly [brand]: 'foreign' }
/** What a right to enter is known by in a ledger. */
export type TicketRef = TicketId | ForeignHash

export const TicketId = Type.Unsafe<TicketId>(Type.String({ pattern: '^[0-9a-f]{16}$' }))
export const ForeignHash = Type.Unsafe<ForeignHash>(Type.String({ pattern: '^[0-9a-f]{32}$' }))
export const TicketRef = Type.Unsafe<TicketRef>(Type.String({ pattern: '^(?:[0-9a-f]{16}|[0-9a-f]{32})$' }))
export const isTicketId = (text: string): text is TicketId => /^[0-9a-f]{16}$/.test(text)
export const isForeignHash = (text: string): text is ForeignHash => /^[0-9a-f]{32}$/.test(text)

/** Museums as bits, so that one ticket may be good for both. */
export const MUSEUM_BITS = { salagon: 1, prehistoire: 2 } as const
/** Lanes that a ticket has a right to, as bits. */
export const LANE_BITS = { tripod: 1, wide: 2, fast: 4 } as const
/** What else a ticket says, as bits. */
export const FLAG_BITS = { reentry: 1, proof: 2, perDay: 4, companion: 8, soldAtTill: 16 } as const

export type TicketFlags = Record<keyof typeof FLAG_BITS, boolean>
const FLAG_NAMES = ['reentry', 'proof', 'perDay', 'companion', 'soldAtTill'] as const

export type TicketPayload = {
  kind: 'ticket' | 'test'
  /** Which key signed it, 0 to 255. */
  key: number
  id: TicketId
  /** The number of its type in the catalogue, 0 to 65,535. */
  type: number
  museums: number
  lanes: number
  firstDay: CivilDay
  /** How many civil days it is good for, from the first: 1 to 255. */
  days: number
  /** Minutes since midnight, on each of its days; null where it has no slot. */
  slotStart: number | null
  /** Minutes before the slot at which one may enter already. */
  toleranceMin: number
  /** How often one may enter; 0: as often as wanted. */
  entries: number
  /** How many people it admits at an entry, at least 1. */
  persons: number
  flags: TicketFlags
  /** The museum's number of it, unbroken. */
  serial: number
}

/** Why a text is no ticket code. A wrong signature is found later, by whoever has the keys. */
export type NotATicket =
  | 'not-ours'
  | 'not-base45'
  | 'length-wrong'
  | 'version-unknown'
  | 'kind-unknown'
  | 'bits-reserved'
  | 'value-wrong'

export type TicketCode = { payload: TicketPayload /** The 27 bytes. */; bytes: Uint8Array; signature: Uint8Array }

/** Lays the payload out in its 27 bytes. A value outside its bounds is a bug of the caller and throws. */
export function encodeTicketPayload(payload: TicketPayload): Uint8Array {
  const bytes = new Uint8Array(PAYLOAD_BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, (VERSION << 4) | (payload.kind === 'ticket' ? 1 : 2))
  view.setUint8(1, payload.key)
  view.setBigUint64(2, BigInt(`0x${payload.id}`))
  view.setUint16(10, payload.type)
  view.setUint8(12, payload.museums)
  view.setUint8(13, payload.lanes)
  view.setUint16(14, payload.firstDay)
  view.setUint8(16, payload.days)
  view.setUint16(17, payload.slotStart ?? NO_SLOT)
  view.setUint8(19, payload.toleranceMin)
  view.setUint8(20, payload.entries)
  view.setUint8(21, payload.persons)
  view.setUint8(22, bitsOfFlags(payload.flags))
  view.setUint32(23, payload.serial)
  const read = decodeTicketPayload(bytes)
  if (!read.ok || JSON.stringify(read.payload) !== JSON.stringify(inOrder(payload))) {
    throw new RangeError(`not a ticket that can be written: ${read.ok ? 'a value outside its bounds' : read.why}`)
  }
  return bytes
}

/** Reads the 27 bytes, whoever made them: an unknown version or kind, reserved bits and impossible values are refused. */
export function decodeTicketPayload(
  bytes: Uint8Array,
): { ok: true; payload: TicketPayload } | { ok: false; why: NotATicket } {
  if (bytes.byteLength !== PAYLOAD_BYTES) return { ok: false, why: 'length-wrong' }
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const first = view.getUint8(0)
  if (first >> 4 !== VERSION) return { ok: false, why: 'version-unknown' }
  const kind = first & 0x0f
  if (kind !== 1 && kind !== 2) return { ok: false, why: 'kind-unknown' }
  const museums = view.getUint8(12)
  const lanes = view.getUint8(13)
  const flags = view.getUint8(22)
  if (museums > 3 || lanes > 7 || flags > 31) return { ok: false, why: 'bits-reserved' }
  const days = view.getUint8(16)
  const slot = view.getUint16(17)
  const persons = view.getUint8(21)
  const isSlotWrong = slot !== NO_SLOT && slot >= MINUTES_OF_A_DAY
  if (museums === 0 || lanes === 0 || days === 0 || persons === 0 || isSlotWrong) {
    return { ok: false, why: 'value-wrong' }
  }
  const id = view.getBigUint64(2).toString(16).padStart(16, '0')
  const payload: TicketPayload = {
    kind: kind === 1 ? 'ticket' : 'test',
    key: view.getUint8(1),
    id: id as TicketId, // 16 hexadecimal digits by the line above
    type: view.getUint16(10),
    museums,
    lanes,
    firstDay: view.getUint16(14),
    days,
    slotStart: slot === NO_SLOT ? null : slot,
    toleranceMin: view.getUint8(19),
    entries: view.getUint8(20),
    persons,
    flags: flagsOfBits(flags),
    serial: view.getUint32(23),
  }
  return { ok: true, payload }
}

const DOMAIN = new TextEncoder().encode('vigie ticket 1\0')

/** The bytes that are signed; the words in front keep the signature from meaning anything else. */
export function signedBytes(payloadBytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(DOMAIN.byteLength + payloadBytes.byteLength)
  message.set(DOMAIN)
  message.set(payloadBytes, DOMAIN.byteLength)
  return message
}

/** The text of the QR, in the alphabet that QR codes call alphanumeric. */
export function ticketCodeText(payloadBytes: Uint8Array, signature: Uint8Array): string {
  const all = new Uint8Array(PAYLOAD_BYTES + SIGNATURE_BYTES)
  all.set(payloadBytes)
  all.set(signature, PAYLOAD_BYTES)
  return CODE_PREFIX + encodeBase45(all)
}

/**
 * Reads what a reader, a camera or a hand gives. Forgiving where a reader changes the text (lower case, white space around
 * it), and no further: nothing is guessed, and the signature has the last word. The last of 91 bytes stands alone in two
 * characters, of which the second is a digit from 0 to 5: a code has no space at its end that could be lost.
 */
export function readTicketCode(text: string): ({ ok: true } & TicketCode) | { ok: false; why: NotATicket } {
  const upper = text.trim().toUpperCase()
  if (!upper.startsWith(CODE_PREFIX)) return { ok: false, why: 'not-ours' }
  if (upper.length !== CODE_CHARACTERS) return { ok: false, why: 'length-wrong' }
  const all = decodeBase45(upper.slice(CODE_PREFIX.length))
  if (all === null) return { ok: false, why: 'not-base45' }
  const bytes = all.slice(0, PAYLOAD_BYTES)
  const decoded = decodeTicketPayload(bytes)
  return decoded.ok ? { ...decoded, bytes, signature: all.slice(PAYLOAD_BYTES) } : decoded
}

/** What the barcode of another seller is hashed from: its first 16 bytes of SHA-256 stand for it. */
export const foreignText = (seller: string, barcode: string): string => `vigie foreign 1\0${seller}\0${barcode.trim()}`

export const flagsOfBits = (bits: number): TicketFlags => ({
  reentry: (bits & FLAG_BITS.reentry) !== 0,
  proof: (bits & FLAG_BITS.proof) !== 0,
  perDay: (bits & FLAG_BITS.perDay) !== 0,
  companion: (bits & FLAG_BITS.companion) !== 0,
  soldAtTill: (bits & FLAG_BITS.soldAtTill) !== 0,
})

export const bitsOfFlags = (flags: TicketFlags): number =>
  FLAG_NAMES.reduce((bits, name) => (flags[name] ? bits | FLAG_BITS[name] : bits), 0)

/** The same payload with its fields in the order in which they are read. */
const inOrder = (payload: TicketPayload): TicketPayload => ({
  kind: payload.kind,
  key: payload.key,
  id: payload.id,
  type: payload.type,
  museums: payload.museums,
  lanes: payload.lanes,
  firstDay: payload.firstDay,
  days: payload.days,
  slotStart: payload.slotStart,
  toleranceMin: payload.toleranceMin,
  entries: payload.entries,
  persons: payload.persons,
  flags: flagsOfBits(bitsOfFlags(payload.flags)),
  serial: payload.serial,
})
