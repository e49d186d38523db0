import Type from 'typebox'
import { GATE_DOCUMENT_MAX_BYTES, ISSUED_PAGE_MAX_ENTRIES } from '../bounds.ts'
import { jsonDecoder } from '../decode.ts'
import { Count, UtcTime } from '../envelope.ts'
import { SiteId } from '../ids.ts'
import { WIRE_VERSION } from '../version.ts'
import type { TicketFacts } from './entitlement.ts'
import { TicketId } from './ticket-code.ts'

/**
 * A ticket of our own that was issued: by what the staff finds it without the cloud, and lets it in where its code cannot be
 * shown. It says nothing of how the ticket stands: that is in the feed.
 */
export const IssuedEntry = Type.Object({
  /** Its number in the site's log of issued tickets, from 1, which is not that of the feed. */
  n: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  ticket: TicketId,
  /** As it is printed: the letter of the museum that sold it, and its serial number. */
  number: Type.String({ pattern: '^[A-Z]\\d{1,10}$' }),
  type: Type.Integer({ minimum: 0, maximum: 65_535 }),
  firstDay: Type.Integer({ minimum: 0, maximum: 65_535 }),
  days: Type.Integer({ minimum: 1, maximum: 255 }),
  slotStart: Type.Optional(Type.Integer({ minimum: 0, maximum: 1439 })),
  /** Stands for the order's reference. */
  order: Type.String({ pattern: '^[0-9a-f]{8}$' }),
  /**
   * What else its code says it is good for: bytes 12, 13 and 19 to 22 of the payload (museums, lanes, tolerance, entries,
   * persons, flags). Absent: its code was forgotten before it was told.
   */
  rights: Type.Optional(Type.String({ pattern: '^0[1-3]0[1-7][0-9a-f]{4}(?!00)[0-9a-f]{2}[01][0-9a-f]$' })),
})
export type IssuedEntry = Type.Static<typeof IssuedEntry>

/** @param payload of its code, in hexadecimal */
export const rightsOf = (payload: string): string => payload.slice(24, 28) + payload.slice(38, 46)

/** What the ticket is good for, as in its code; null where that was not told. */
export function issuedFacts({ rights, type, firstDay, days, slotStart }: IssuedEntry): TicketFacts | null {
  if (rights === undefined) return null
  const byte = (index: number) => Number.parseInt(rights.slice(2 * index, 2 * index + 2), 16)
  return {
    ...{ type, firstDay, days, slotStart: slotStart ?? null, museums: byte(0), lanes: byte(1) },
    ...{ toleranceMin: byte(2), entries: byte(3), persons: byte(4), flags: byte(5) },
  }
}

/** As a page of the feed, for a unit that asks for the log of issued tickets; lanes do not. */
export const IssuedPage = Type.Object({
  v: Type.Literal(WIRE_VERSION),
  kind: Type.Literal('issued-page'),
  site: SiteId,
  after: Count,
  upTo: Count,
  newest: Count,
  at: UtcTime,
  entries: Type.Array(IssuedEntry, { maxItems: ISSUED_PAGE_MAX_ENTRIES }),
})
export type IssuedPage = Type.Static<typeof IssuedPage>
/** Of the payload of a JWS whose signature has been verified. */
export const decodeIssuedPage = jsonDecoder(IssuedPage, GATE_DOCUMENT_MAX_BYTES)

/** What an order's reference is hashed from, however it was typed. With the site: no two museums have the same hash of one. */
export const orderText = (site: SiteId, reference: string): string =>
  `vigie order 1\0${site}\0${reference.toUpperCase().replace(/[^0-9A-Z]/g, '')}`
