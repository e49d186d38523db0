import { canonicalJson } from './gate/chain.ts'
import type { ListAge, Row, RowBody } from './gate/row.ts'
import type { TicketRef } from './gate/ticket-code.ts'
import { type BootId, type ItemId, isItemId, type UnitId } from './ids.ts'

/**
 * What of a row stands in the columns of a ledger, a lane's or a museum gateway's. The rest is its shape, which many rows
 * share, and what it alone says.
 */
export type RowParts = {
  at: number
  id: Buffer
  boot: string
  mono: number
  error: number | null
  /** What many rows have in common, in JSON with sorted keys. */
  shape: string
  ticket: Buffer | null
  /** The decision that it is about. */
  decision: ItemId | null
  feed: number | null
  feedAge: number | null
  extra: string | null
}

/** Where a row stands in its chain. */
export type RowLink = { origin: UnitId; seq: number; prev: string; hash: string }

/** Parts of a body that differ from row to row, and would make a shape of each; the others are the museum's daily bread. */
const PECULIAR = new Set([
  'ticket',
  'decision',
  'listAge',
  'nonce',
  'text',
  'forced',
  'by',
  'reason',
  'until',
  'inside',
])

type Shape = Record<string, unknown> & { body: Record<string, unknown> }
type Extra = Record<string, unknown>

/** Takes a row apart. A nonce that is the row's own id is not written twice. */
export function partsOf(row: Row): RowParts {
  // What is left: clock and lane, and what a newer version of us may say besides.
  const { v: _v, origin: _o, seq: _s, prev: _p, hash: _h, at, id, boot, mono, clockErrorMs, body, ...left } = row
  const entries = Object.entries(body)
  const shape: Shape = { ...left, body: Object.fromEntries(entries.filter(([name]) => !PECULIAR.has(name))) }
  const { ticket, decision, listAge, ...rest } = Object.fromEntries(
    entries.filter(([name]) => PECULIAR.has(name)),
  ) as Partial<{ ticket: TicketRef | null; decision: ItemId | null; listAge: ListAge }> & Extra // of a body of the contract
  if (rest['nonce'] === id) delete rest['nonce']
  return {
    ...{ at: Date.parse(at), id: bytesOfId(id), boot, mono, error: clockErrorMs },
    shape: canonicalJson(shape),
    ticket: ticket === undefined || ticket === null ? null : Buffer.from(ticket, 'hex'),
    decision: decision ?? null,
    feed: listAge?.feed ?? null,
    feedAge: listAge?.seconds ?? null,
    extra: Object.keys(rest).length === 0 ? null : JSON.stringify(rest),
  }
}

/** Puts a row together again, the same as it was. */
export function rowOf(parts: RowParts, { origin, seq, prev, hash }: RowLink): Row {
  const { body, ...left } = JSON.parse(parts.shape) as Shape // as `partsOf` wrote it
  const id = idOfBytes(parts.id)
  const { kind } = body
  const extra = parts.extra === null ? {} : (JSON.parse(parts.extra) as Extra) // likewise
  const names = {
    ...((kind === 'decision' || kind === 'status') && { ticket: parts.ticket?.toString('hex') ?? null }),
    ...((kind === 'passage' || kind === 'returned' || kind === 'undo') && { decision: parts.decision }),
    ...(kind === 'decision' && { nonce: id, listAge: { feed: parts.feed, seconds: parts.feedAge } }),
  }
  return {
    ...{ v: 1, id, origin, seq, boot: parts.boot as BootId, mono: parts.mono, at: new Date(parts.at).toISOString() },
    ...(left as Pick<Row, 'clock' | 'lane'>), // likewise
    ...{ clockErrorMs: parts.error, prev, hash, body: { ...body, ...names, ...extra } as RowBody }, // the parts of one
  }
}

/**
 * Whether a row is the same when it is put together again. One with a day that no calendar has, or with words in places where
 * this version knows of none, is not: it would break its chain later, where nobody can mend it.
 */
export function comesBack(row: Row): boolean {
  const parts = partsOf(row)
  return !Number.isNaN(parts.at) && canonicalJson(rowOf(parts, row)) === canonicalJson(row)
}

/** Crockford's base 32, as a ULID is written: 26 digits of five bits for sixteen bytes, the first two bits empty. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const EMPTY_BITS = 2
const ID_BYTES = 16

/** Each row that is looked at has one or two: bit by bit, since big integers would leave a kilobyte behind for each. */
export function bytesOfId(id: ItemId): Buffer {
  // Its bytes would name another row.
  if (!isItemId(id)) throw new RangeError('no id')
  const bytes = Buffer.alloc(ID_BYTES)
  let [value, bits, at] = [0, -EMPTY_BITS, 0]
  for (const digit of id) {
    value = (value << 5) | DIGITS.indexOf(digit)
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes[at++] = value >> bits
    value &= (1 << bits) - 1
  }
  return bytes
}

export function idOfBytes(bytes: Buffer): ItemId {
  let text = ''
  let [value, bits] = [0, EMPTY_BITS]
  for (const byte of bytes) {
    value = (value << 8) | byte
    for (bits += 8; bits >= 5; ) {
      bits -= 5
      text += DIGITS.charAt(value >> bits)
      value &= (1 << bits) - 1
    }
  }
  return text as ItemId // 130 bits are 26 digits
}
