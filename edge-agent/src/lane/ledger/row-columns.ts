import { canonicalJson } from '@vigie/contract/gate/chain'
import type { ListAge, Row, RowBody } from '@vigie/contract/gate/row'
import type { TicketRef } from '@vigie/contract/gate/ticket-code'
import type { BootId, ItemId, LaneId, UnitId } from '@vigie/contract/ids'
import { ulidToUUID, uuidToULID } from 'ulid'

/** What of a row stands in its columns. The rest is its shape, which many rows share, and what it alone says. */
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

type Shape = Pick<Row, 'clock' | 'lane'> & { body: Record<string, unknown> }
type Extra = Record<string, unknown>

/** Takes a row apart. A nonce that is the row's own id is not written twice. */
export function partsOf({ at, id, boot, mono, clock, clockErrorMs, lane, body }: Row): RowParts {
  const entries = Object.entries(body)
  const shape: Shape = { clock, lane, body: Object.fromEntries(entries.filter(([name]) => !PECULIAR.has(name))) }
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
  const { clock, lane, body } = JSON.parse(parts.shape) as Shape // as `partsOf` wrote it
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
    ...{ clock, clockErrorMs: parts.error, lane: lane as LaneId | null, prev, hash },
    body: { ...body, ...names, ...extra } as RowBody, // the parts of one
  }
}

export const bytesOfId = (id: ItemId): Buffer => Buffer.from(ulidToUUID(id).replaceAll('-', ''), 'hex')

export function idOfBytes(bytes: Buffer): ItemId {
  const hex = bytes.toString('hex')
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
  return uuidToULID(uuid) as ItemId // 16 bytes in Crockford's base 32
}
