import Type from 'typebox'
import { ClockState } from '../clock.ts'
import { Count, UtcTime } from '../envelope.ts'
import { BootId, ItemId, LaneId, UnitId } from '../ids.ts'
import { LaneMode } from './lane-mode.ts'
import { Detail, Direction, Outcome } from './outcome.ts'
import { TicketRef } from './ticket-code.ts'
import { TicketStatus } from './ticket-status.ts'

/** A person of the staff, by the id of the account; a name never stands in a ledger. */
export const StaffId = Type.String({ pattern: '^[\\w-]{1,64}$' })
/** What a person wrote down. 200 characters are two sentences. */
export const Reason = Type.String({ minLength: 1, maxLength: 200 })
/** What one row may let through: a coach or three. Beyond: as many again on the next showing. */
export const PERSONS_MAX = 255
const Persons = Type.Integer({ minimum: 0, maximum: PERSONS_MAX })
const Digest = Type.String({ pattern: '^[0-9a-f]{64}$' })

/** What a ticket gave the right to when it was let in: by it two ledgers that meet find what was one too many. */
export const Right = Type.Object({
  /** 0: as often as wanted. */
  entries: Type.Integer({ minimum: 0, maximum: 255 }),
  persons: Type.Integer({ minimum: 1, maximum: 255 }),
  /** Counted anew each civil day. */
  perDay: Type.Optional(Type.Literal(true)),
  /** Who went out may come in again without using up an entry. */
  reentry: Type.Optional(Type.Literal(true)),
})
export type Right = Type.Static<typeof Right>

/** How old what the gate knew was: the mark of the feed, and seconds since it was last up to date. */
export const ListAge = Type.Object({ feed: Count, seconds: Type.Union([Count, Type.Null()]) })
export type ListAge = Type.Static<typeof ListAge>

/** A scan and what came of it. `ok` at a lane reserves; where no lane is named, nothing turns, and it is an entry at once. */
export const DecisionBody = Type.Object({
  kind: Type.Literal('decision'),
  /** Made by whoever asks, for one question: asked again with it, the answer is the same and no second row is written. */
  nonce: Type.String({ pattern: '^[\\w-]{8,64}$' }),
  direction: Direction,
  outcome: Outcome,
  detail: Type.Optional(Detail),
  ticket: Type.Union([TicketRef, Type.Null()]),
  /** How many people may go through on it now; 0 unless it is `ok`. */
  persons: Persons,
  /** With `ok` on a ticket. */
  right: Type.Optional(Right),
  /** Somebody let in what the gate would have refused; `outcome` is `ok`, and this is what it would have been. */
  forced: Type.Optional(Type.Object({ by: StaffId, reason: Reason, instead: Outcome })),
  medium: Type.Union([Type.Literal('signed'), Type.Literal('foreign'), Type.Literal('none')]),
  by: Type.Optional(StaffId),
  /** Why the staff opened a lane for somebody without asking for a ticket. Not an override: the gate was asked nothing. */
  reason: Type.Optional(Reason),
  listAge: ListAge,
  /** Made on a phone that did not reach the museum gateway. */
  onList: Type.Optional(Type.Literal('phone')),
  /** Of a code that is not known: the first 16 bytes of its SHA-256. What it said is not kept. */
  text: Type.Optional(Type.String({ pattern: '^[0-9a-f]{32}$' })),
})
export type DecisionBody = Type.Static<typeof DecisionBody>

/** An entry on a ticket that does not say on what right: no ledger could ever find that it was one too many. */
export const lacksRight = ({ outcome, direction, ticket, right }: DecisionBody): boolean =>
  outcome === 'ok' && direction === 'in' && ticket !== null && right === undefined

/** Somebody went through. */
export const PassageBody = Type.Object({
  kind: Type.Literal('passage'),
  direction: Direction,
  decision: Type.Union([ItemId, Type.Null()]),
  of: Type.Enum(['grant', 'forced', 'free', 'fire', 'staff']),
})
export type PassageBody = Type.Static<typeof PassageBody>

/**
 * A grant, or what was left of it, was not used: it is given back. `unseen`: the box was away while the lane was open, so that
 * nobody knows; the visitor is believed, and the count may be short by as many.
 */
export const ReturnedBody = Type.Object({
  kind: Type.Literal('returned'),
  decision: ItemId,
  persons: Type.Integer({ minimum: 1, maximum: 255 }),
  why: Type.Enum(['no-show', 'turned-back', 'fault', 'unseen']),
})
export type ReturnedBody = Type.Static<typeof ReturnedBody>

/** For so long whoever decided may take it back. After that whoever was let in is inside, and an undo would bring nobody out. */
export const UNDO_WITHIN_MS = 30_000

/** A decision did not count: all of it is given back, also what was used. */
export const UndoBody = Type.Object({ kind: Type.Literal('undo'), decision: ItemId, by: StaffId })
export type UndoBody = Type.Static<typeof UndoBody>

/** Somebody counted: so many are inside now. */
export const CorrectionBody = Type.Object({
  kind: Type.Literal('correction'),
  inside: Count,
  by: StaffId,
  reason: Reason,
})
export type CorrectionBody = Type.Static<typeof CorrectionBody>

/** Whoever was not seen to leave is gone; the row's `at` is the hour of the cut, whenever it is written. */
export const EverybodyOutBody = Type.Object({ kind: Type.Literal('everybody-out') })
export type EverybodyOutBody = Type.Static<typeof EverybodyOutBody>

/** A lane came into another mode, was told what to be next, or gave an alarm in the mode that it is in. */
export const LaneBody = Type.Object({
  kind: Type.Literal('lane'),
  state: LaneMode,
  /** What the staff set it to be afterwards, where a fire or a fault hides it. */
  rest: Type.Optional(Type.Enum(['locked', 'free', 'out-of-service'])),
  /** What was seen: `forced`, `too-long`, or a code of the agent's fault table. */
  cause: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9-]{1,40}$' })),
  by: Type.Optional(StaffId),
  reason: Type.Optional(Reason),
  until: Type.Optional(UtcTime),
})
export type LaneBody = Type.Static<typeof LaneBody>

/** The staff set how a ticket stands, on the spot. */
export const StatusBody = Type.Object({
  kind: Type.Literal('status'),
  ticket: TicketRef,
  status: TicketStatus,
  by: StaffId,
  reason: Type.Optional(Reason),
})
export type StatusBody = Type.Static<typeof StatusBody>

export const RowBody = Type.Union([
  DecisionBody,
  PassageBody,
  ReturnedBody,
  UndoBody,
  CorrectionBody,
  EverybodyOutBody,
  LaneBody,
  StatusBody,
])
export type RowBody = Type.Static<typeof RowBody>

/** Who writes a row, when, and how sure of the time. */
const written = {
  v: Type.Literal(1),
  id: ItemId,
  /** The unit that wrote it: a lane's box, or the museum gateway's for phones and staff. */
  origin: UnitId,
  /** Counts up by one for each row of an origin, from 1, whatever was started anew. */
  seq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  boot: BootId,
  mono: Count,
  at: UtcTime,
  clock: ClockState,
  /** How far off its time may be, as far as the unit knows. */
  clockErrorMs: Type.Union([Count, Type.Null()]),
  /** Null for a phone, and for what the staff does to the whole museum. */
  lane: Type.Union([LaneId, Type.Null()]),
  /** The hash of the row before it of its origin. */
  prev: Digest,
}

/** One line of a ledger. Rows are added and never changed; what is to be taken back is taken back by a further row. */
export const Row = Type.Object({ ...written, hash: Digest, body: RowBody })
export type Row = Type.Static<typeof Row>
export type UnhashedRow = Omit<Row, 'hash'>

/** The row with a body of one kind. */
export type RowOf<Kind extends RowBody['kind']> = Omit<Row, 'body'> & { body: Extract<RowBody, { kind: Kind }> }
export const isRowOf = <Kind extends RowBody['kind']>(row: Row, kind: Kind): row is RowOf<Kind> & Row =>
  row.body.kind === kind
