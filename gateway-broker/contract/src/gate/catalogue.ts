import Type from 'typebox'
import { GATE_DOCUMENT_MAX_BYTES } from '../bounds.ts'
import { jsonDecoder } from '../decode.ts'
import { Count, UtcTime } from '../envelope.ts'
import { SiteId } from '../ids.ts'
import { WIRE_VERSION } from '../version.ts'
import { CivilDate, TimeOfDay } from './civil-time.ts'
import { Rule } from './rule.ts'

const Byte = Type.Integer({ minimum: 0, maximum: 255 })
const MuseumBits = Type.Integer({ minimum: 1, maximum: 3 })
const LaneBits = Type.Integer({ minimum: 1, maximum: 7 })
const Words = Type.Object({
  fr: Type.String({ minLength: 1, maxLength: 80 }),
  en: Type.String({ minLength: 1, maxLength: 80 }),
})

/** A key that signed tickets. Its tickets are good on days from `from` until `until`, both included. */
export const TicketKey = Type.Object({
  id: Byte,
  /** 32 bytes in base64url. */
  publicKey: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
  from: CivilDate,
  until: CivilDate,
  /** Signs test tickets, which open no lane that visitors use. */
  test: Type.Optional(Type.Boolean()),
})
export type TicketKey = Type.Static<typeof TicketKey>

export const TicketType = Type.Object({
  number: Type.Integer({ minimum: 0, maximum: 65_535 }),
  name: Words,
  product: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' }),
  /** Full, reduced, free, ...: the museum's own word. */
  category: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' }),
  persons: Type.Integer({ minimum: 1, maximum: 255 }),
  /** 0: as often as wanted. */
  entries: Byte,
  /** The entries are counted anew each civil day. */
  perDay: Type.Boolean(),
  museums: MuseumBits,
  lanes: LaneBits,
  /** How long after its start a slot may be entered; null: until the end of its day. */
  slotLengthMin: Type.Union([Type.Integer({ minimum: 1, maximum: 1440 }), Type.Null()]),
  /** What must be shown with it. */
  proof: Type.Optional(Words),
  rule: Type.Optional(Rule),
  /** A person of the staff may let it in before it is paid. */
  mayEnterUnpaid: Type.Optional(Type.Boolean()),
  isActive: Type.Boolean(),
})
export type TicketType = Type.Static<typeof TicketType>

/** When the museum lets in; `first` and `last` are the season that it holds for. */
export const Opening = Type.Object({
  /** 1 is Monday. */
  days: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { minItems: 1, maxItems: 7 }),
  from: TimeOfDay,
  until: TimeOfDay,
  first: Type.Optional(CivilDate),
  last: Type.Optional(CivilDate),
})
export type Opening = Type.Static<typeof Opening>

export const MuseumTerms = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 80 }),
  bit: Type.Integer({ minimum: 1, maximum: 2 }),
  opening: Type.Array(Opening, { maxItems: 32 }),
  closedDays: Type.Array(CivilDate, { maxItems: 400 }),
  capacity: Type.Object({
    /** So many inside, and the staff is told. */
    warnAt: Count,
    /** So many inside, and nobody else is let in; null: the law or the house sets none. */
    refuseAt: Type.Union([Count, Type.Null()]),
    /** How long a visit takes: the estimate where exits are not counted. */
    stayMinutes: Type.Integer({ minimum: 1, maximum: 1440 }),
  }),
  /** Who went out may come in again, with a ticket that allows it. */
  reentry: Type.Boolean(),
  /** When whoever was not seen to leave is counted as gone. */
  nightlyOut: TimeOfDay,
  /** How many times a day the staff may let in against the gate's word. */
  overridesPerDay: Count,
})
export type MuseumTerms = Type.Static<typeof MuseumTerms>

/** A P-256 key that signs the passes of staff phones. */
export const StaffKey = Type.Object({
  kid: Type.String({ pattern: '^[\\w-]{1,64}$' }),
  kty: Type.Literal('EC'),
  crv: Type.Literal('P-256'),
  x: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
  y: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
})
export type StaffKey = Type.Static<typeof StaffKey>

/**
 * What a gate must know to decide by itself. It is the payload of a JWS (ES256, chain in `x5c`, the signer CN=tickets),
 * retained on the unit's `catalogue`. A lower version, or a signature that does not hold, is kept out with an alarm.
 */
export const Catalogue = Type.Object({
  v: Type.Literal(WIRE_VERSION),
  kind: Type.Literal('catalogue'),
  site: SiteId,
  /** Counts up by one at each change. */
  version: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }),
  at: UtcTime,
  museum: MuseumTerms,
  keys: Type.Array(TicketKey, { maxItems: 64 }),
  types: Type.Array(TicketType, { maxItems: 64 }),
  /** The other museums, by name. */
  others: Type.Array(
    Type.Object({ bit: Type.Integer({ minimum: 1, maximum: 2 }), name: Type.String({ minLength: 1, maxLength: 80 }) }),
    { maxItems: 8 },
  ),
  /** Other sellers: a barcode that is not ours is looked up under each. */
  sellers: Type.Array(Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' }), { maxItems: 8 }),
  staffKeys: Type.Array(StaffKey, { maxItems: 16 }),
})
export type Catalogue = Type.Static<typeof Catalogue>
/** Of the payload of a JWS whose signature has been verified. */
export const decodeCatalogue = jsonDecoder(Catalogue, GATE_DOCUMENT_MAX_BYTES)

/** The keys that may have signed a ticket: ids come round again, so there can be several. */
export const keysOf = (catalogue: Catalogue, id: number): TicketKey[] => catalogue.keys.filter((key) => key.id === id)
