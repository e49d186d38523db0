import Type from 'typebox'
import { FEED_PAGE_MAX_ENTRIES, GATE_DOCUMENT_MAX_BYTES } from '../bounds.ts'
import { jsonDecoder } from '../decode.ts'
import { Count, envelope, UtcTime } from '../envelope.ts'
import { SiteId } from '../ids.ts'
import { WIRE_VERSION } from '../version.ts'
import { ForeignHash, TicketId } from './ticket-code.ts'
import { TicketStatus } from './ticket-status.ts'
import { UsedElsewhere } from './used-elsewhere.ts'

const Byte = Type.Integer({ minimum: 0, maximum: 255 })

/**
 * How one ticket stands: an entry of a log that is only added to. Of our own tickets it says the status, since the code
 * itself says the rest; of another seller's also what it is good for, each part as in the payload of a ticket code.
 */
export const FeedEntry = Type.Object({
  /** Its number in the site's log, from 1. A later one about the same ticket stands in for the earlier. */
  n: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  ticket: Type.Union([TicketId, Type.Null()]),
  hash: Type.Union([ForeignHash, Type.Null()]),
  seller: Type.Optional(Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' })),
  status: TicketStatus,
  /** When the status was set; absent: before anything that staff did at a gate. */
  at: Type.Optional(UtcTime),
  type: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
  museums: Type.Optional(Type.Integer({ minimum: 1, maximum: 3 })),
  lanes: Type.Optional(Type.Integer({ minimum: 1, maximum: 7 })),
  firstDay: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
  days: Type.Optional(Type.Integer({ minimum: 1, maximum: 255 })),
  slotStart: Type.Optional(Type.Union([Type.Integer({ minimum: 0, maximum: 1439 }), Type.Null()])),
  toleranceMin: Type.Optional(Byte),
  entries: Type.Optional(Byte),
  persons: Type.Optional(Type.Integer({ minimum: 1, maximum: 255 })),
  /** As bits. */
  flags: Type.Optional(Type.Integer({ minimum: 0, maximum: 31 })),
  serial: Type.Optional(Type.Integer({ minimum: 0, maximum: 0xffffffff })),
  /** What was used of it at the other museums; absent: nothing. */
  elsewhere: Type.Optional(Type.Array(UsedElsewhere, { minItems: 1, maxItems: 8 })),
})
export type FeedEntry = Type.Static<typeof FeedEntry>

/**
 * Entries after a mark, in order: the payload of a JWS like the catalogue's, said on the unit's `feed`. The mark moves to
 * `upTo` in the transaction that stores the entries; while it is below `newest` the unit asks on.
 */
export const FeedPage = Type.Object({
  v: Type.Literal(WIRE_VERSION),
  kind: Type.Literal('feed-page'),
  site: SiteId,
  after: Count,
  upTo: Count,
  newest: Count,
  at: UtcTime,
  entries: Type.Array(FeedEntry, { maxItems: FEED_PAGE_MAX_ENTRIES }),
})
export type FeedPage = Type.Static<typeof FeedPage>
/** Of the payload of a JWS whose signature has been verified. */
export const decodeFeedPage = jsonDecoder(FeedPage, GATE_DOCUMENT_MAX_BYTES)

/** A unit asks for what comes after its mark. The cloud answers with one page, also when there is nothing new. */
export const GateAsk = Type.Object({
  ...envelope,
  kind: Type.Literal('gate-ask'),
  after: Count,
  /** The answer may hold fewer. */
  limit: Type.Integer({ minimum: 1, maximum: 1000 }),
  /** Which log; absent: the feed. That of issued tickets has numbers and a mark of its own. */
  log: Type.Optional(Type.Literal('issued')),
})
export type GateAsk = Type.Static<typeof GateAsk>
export const decodeGateAsk = jsonDecoder(GateAsk)

type PageOfALog = Pick<FeedPage, 'after' | 'upTo' | 'newest'> & { entries: readonly { n: number }[] }

/** Whether a page continues a mark: anything else was kept, cut or made for another, and is not taken. */
export const continues = (page: PageOfALog, mark: number): boolean =>
  page.after === mark &&
  page.upTo >= page.after &&
  page.newest >= page.upTo &&
  page.entries.every(({ n }, index) => n > (page.entries[index - 1]?.n ?? page.after)) &&
  (page.entries.at(-1)?.n ?? page.after) <= page.upTo
