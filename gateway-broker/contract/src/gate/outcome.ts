import Type from 'typebox'

/**
 * What comes of a scan. The first thirteen mean what they mean in pretix, so that reports compare; the last four are a
 * lane's own. Only `ok` opens.
 */
export const OUTCOMES = [
  'ok',
  'invalid',
  'revoked',
  'blocked',
  'canceled',
  'unpaid',
  'unapproved',
  'product',
  'invalid_time',
  'rules',
  'already_redeemed',
  'ambiguous',
  'incomplete',
  'error',
  'capacity',
  'lane_closed',
  'duplicate_read',
  'no_show',
] as const
export const Outcome = Type.Enum([...OUTCOMES])
export type Outcome = (typeof OUTCOMES)[number]

/** Why, more closely than the outcome says. Words and figures follow from it; new ones may be added. */
export const DETAILS = [
  'unreadable',
  'seal-wrong',
  'key-unknown',
  'key-over',
  'test-ticket',
  'not-known-here',
  'type-unknown',
  'other-museum',
  'other-lane',
  'not-yet',
  'over',
  'other-slot',
  'before-opening',
  'after-closing',
  'closed-today',
  'out-of-service',
  'rule-not-met',
  'used-up',
  'used-up-today',
  'still-inside',
  'full',
  'grant-open',
  'not-shown',
] as const
export const Detail = Type.Enum([...DETAILS])
export type Detail = (typeof DETAILS)[number]

/** Which way a person goes through a lane. */
export const Direction = Type.Union([Type.Literal('in'), Type.Literal('out')])
export type Direction = Type.Static<typeof Direction>
