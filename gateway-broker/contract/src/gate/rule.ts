import Type from 'typebox'
import { CivilDate, TimeOfDay } from './civil-time.ts'

/**
 * What a ticket type may ask for beyond its days and entries. The language is closed: a gate that meets a word it does
 * not know refuses the catalogue, not the visitor. Exits are never ruled.
 */
const Comparison = Type.Enum(['<', '<=', '=', '>=', '>'])
export type Comparison = Type.Static<typeof Comparison>

/** A moment that is named, not written out: it is another one each day and for each ticket. */
export const Moment = Type.Union([
  /** Today, by the clock on the wall. */
  Type.Object({ at: Type.Literal('time-of-day'), time: TimeOfDay }, { additionalProperties: false }),
  /** A civil day, at midnight or at a time of it. */
  Type.Object(
    { at: Type.Literal('date'), date: CivilDate, time: Type.Optional(TimeOfDay) },
    { additionalProperties: false },
  ),
  /** With its offset: `2026-07-14T10:00:00+02:00`. */
  Type.Object(
    {
      at: Type.Literal('date-time'),
      time: Type.String({
        pattern: '^20\\d\\d-[01]\\d-[0-3]\\dT[0-2]\\d:[0-5]\\d:[0-5]\\d(?:Z|[+-][0-2]\\d:[0-5]\\d)$',
      }),
    },
    { additionalProperties: false },
  ),
  /** Of the ticket's slot today, or of the museum's opening hours where it has none; `admission` falls back to `start`. */
  Type.Object({ at: Type.Enum(['admission', 'start', 'end']) }, { additionalProperties: false }),
])
export type Moment = Type.Static<typeof Moment>

/** What is known of one ticket: entries are admissions that were not given back; exits do not count. */
export const MEASURES = [
  'entries',
  'entries-today',
  /** Civil days with an entry, today among them if there was one. */
  'days-entered',
  /** Whole minutes; -1 where there was no entry. */
  'minutes-since-first-entry',
  'minutes-since-last-entry',
  /** Persons of the ticket who are inside: 0 means that it is outside. */
  'inside',
] as const
export type Measure = (typeof MEASURES)[number]

export const Condition = Type.Union([
  Type.Object({ rule: Type.Enum(['always', 'never']) }, { additionalProperties: false }),
  Type.Object(
    {
      rule: Type.Literal('one-of'),
      what: Type.Enum(['product', 'type', 'lane', 'museum', 'weekday']),
      /** Products and lanes by name, types by number, museums by bit, weekdays from 1 for Monday. */
      values: Type.Array(Type.Union([Type.String({ maxLength: 64 }), Type.Integer()]), { minItems: 1, maxItems: 32 }),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    { rule: Type.Literal('compare'), what: Type.Enum([...MEASURES]), is: Comparison, value: Type.Integer() },
    { additionalProperties: false },
  ),
  /** How many entries, or days with one, there were since a moment (itself included) or before it. */
  Type.Object(
    {
      rule: Type.Literal('count'),
      what: Type.Enum(['entries', 'days']),
      side: Type.Enum(['since', 'before']),
      moment: Moment,
      is: Comparison,
      value: Type.Integer(),
    },
    { additionalProperties: false },
  ),
  /** Now is at or after the moment, or before it; the tolerance widens what is allowed. */
  Type.Object(
    {
      rule: Type.Literal('time'),
      is: Type.Enum(['after', 'before']),
      moment: Moment,
      toleranceMin: Type.Optional(Type.Integer({ minimum: 0, maximum: 1440 })),
    },
    { additionalProperties: false },
  ),
])
export type Condition = Type.Static<typeof Condition>

const Connective = Type.Enum(['all', 'any'])
const Group = Type.Object(
  { rule: Connective, of: Type.Array(Condition, { minItems: 1, maxItems: 16 }) },
  { additionalProperties: false },
)

/** A condition, or conditions joined by "all" or "any", two levels deep: enough for the terms of a tariff, and bounded. */
export const Rule = Type.Union([
  Condition,
  Type.Object(
    { rule: Connective, of: Type.Array(Type.Union([Condition, Group]), { minItems: 1, maxItems: 16 }) },
    { additionalProperties: false },
  ),
])
export type Rule = Type.Static<typeof Rule>
