import Type from 'typebox'
import { LEDGER_MESSAGE_MAX_BYTES, LEDGER_MESSAGE_MAX_ROWS } from '../bounds.ts'
import { jsonDecoder } from '../decode.ts'
import { Count, envelope } from '../envelope.ts'
import { UnitId } from '../ids.ts'
import { WIRE_VERSION } from '../version.ts'
import { Row } from './row.ts'

const Rows = Type.Array(Row, { minItems: 1, maxItems: LEDGER_MESSAGE_MAX_ROWS })

/**
 * Rows of the unit itself, ascending. To the cloud it is an item of class `ticket` with one row, and its id is the row's.
 * On the LAN of a museum it holds several, and the receipt names the ids of the rows.
 */
export const LedgerMessage = Type.Object({ ...envelope, kind: Type.Literal('ledger'), rows: Rows })
export type LedgerMessage = Type.Static<typeof LedgerMessage>
export const decodeLedgerMessage = jsonDecoder(LedgerMessage, LEDGER_MESSAGE_MAX_BYTES)

/** Up to where a ledger holds the rows of one origin without a gap. */
export const HaveMark = Type.Object({ origin: UnitId, seq: Count })
export type HaveMark = Type.Static<typeof HaveMark>

/** Said by a lane to its museum gateway on each connection: what is above these marks is what it lacks. */
export const Have = Type.Object({
  ...envelope,
  kind: Type.Literal('have'),
  have: Type.Array(HaveMark, { maxItems: 64 }),
})
export type Have = Type.Static<typeof Have>
export const decodeHave = jsonDecoder(Have)

/**
 * Said by a museum gateway that lost rows to a lane that said in `have` that it holds them: those of this origin after this
 * number are wanted.
 */
export const Wanted = Type.Object({
  v: Type.Literal(WIRE_VERSION),
  kind: Type.Literal('wanted'),
  origin: UnitId,
  after: Count,
})
export type Wanted = Type.Static<typeof Wanted>
export const decodeWanted = jsonDecoder(Wanted)

/** The answer: rows of that origin behind that number, ascending, as many as one message holds. */
export const Given = Type.Object({ ...envelope, kind: Type.Literal('given'), rows: Rows })
export type Given = Type.Static<typeof Given>
export const decodeGiven = jsonDecoder(Given, LEDGER_MESSAGE_MAX_BYTES)

/** Rows that a lane lacks, from the museum gateway: of other origins, and its own that it lost; ascending for each origin. */
export const Shared = Type.Object({ v: Type.Literal(WIRE_VERSION), kind: Type.Literal('shared'), rows: Rows })
export type Shared = Type.Static<typeof Shared>
export const decodeShared = jsonDecoder(Shared, LEDGER_MESSAGE_MAX_BYTES)
