import { type CivilTime, civilDayOf, dateOfCivilDay } from './civil-time.ts'
import type { Fix } from './decision.ts'
import { type Entitlement, isNotShown } from './entitlement.ts'
import { rightLeft } from './history.ts'
import { isAllowed } from './is-allowed.ts'
import { isOpenAt, nextOpening } from './opening-hours.ts'
import type { Detail, Outcome } from './outcome.ts'
import type { Question } from './question.ts'
import type { Right } from './row.ts'
import { timeProblem } from './slot.ts'
import type { TicketRef } from './ticket-code.ts'
import type { TicketStatus } from './ticket-status.ts'
import { personsElsewhere, type UsedElsewhere, usesCounted } from './used-elsewhere.ts'

/** A question with what was worked out of it once. */
export type Case = Question & {
  now: CivilTime
  isTimeKnown: boolean
  ticket: TicketRef | null
  entitlement: Entitlement | null
  right: Right | null
  status: TicketStatus
  /** What other museums let in on it. */
  elsewhere: readonly UsedElsewhere[]
  /** How many would go through. */
  persons: number
}

export type Finding = { detail: Detail | null; fix: Fix | null }

export type Check = {
  outcome: Outcome
  /** Asked of who leaves, too. Whoever is inside may go out, whatever the ticket says. */
  alsoOut: boolean
  /** A person of the staff may let in against it, with a reason. */
  canBeForced: boolean
  find(one: Case): Finding | null
}

const DESK: Fix = { kind: 'desk' }
const found = (detail: Detail | null, fix: Fix | null = DESK): Finding => ({ detail, fix })

const hasStatus =
  (status: TicketStatus) =>
  (one: Case): Finding | null =>
    one.status === status ? found(null) : null

/**
 * What is looked at, in this order; the first that finds something is the answer. First what makes the question void, then
 * whether the ticket is real, how it stands, where and when it is good, what was done with it, what the visitor can do
 * nothing about, and last whether it was shown at all.
 */
export const CHECKS: readonly Check[] = [
  { outcome: 'duplicate_read', alsoOut: true, canBeForced: false, find: standsOpen },
  { outcome: 'lane_closed', alsoOut: true, canBeForced: false, find: outOfService },
  { outcome: 'invalid', alsoOut: true, canBeForced: false, find: notReal },
  { outcome: 'error', alsoOut: false, canBeForced: false, find: typeUnknown },
  { outcome: 'revoked', alsoOut: false, canBeForced: true, find: hasStatus('revoked') },
  { outcome: 'blocked', alsoOut: false, canBeForced: true, find: hasStatus('blocked') },
  { outcome: 'canceled', alsoOut: false, canBeForced: true, find: hasStatus('canceled') },
  { outcome: 'unpaid', alsoOut: false, canBeForced: true, find: notPaid },
  { outcome: 'unapproved', alsoOut: false, canBeForced: false, find: hasStatus('unapproved') },
  { outcome: 'product', alsoOut: false, canBeForced: false, find: notForHere },
  { outcome: 'invalid_time', alsoOut: false, canBeForced: false, find: notForNow },
  { outcome: 'lane_closed', alsoOut: false, canBeForced: false, find: museumClosed },
  { outcome: 'rules', alsoOut: false, canBeForced: true, find: ruleNotMet },
  { outcome: 'already_redeemed', alsoOut: false, canBeForced: true, find: usedUp },
  { outcome: 'capacity', alsoOut: false, canBeForced: true, find: full },
  { outcome: 'incomplete', alsoOut: false, canBeForced: true, find: notShown },
]

function standsOpen({ lane, ticket }: Case): Finding | null {
  return ticket !== null && lane.openFor === ticket ? found('grant-open', null) : null
}

function outOfService({ lane }: Case): Finding | null {
  return lane.isInService ? null : found('out-of-service')
}

function notReal({ presented, feed, lane }: Case): Finding | null {
  if (isNotShown(presented)) return null
  if (presented.medium === 'none') return found('unreadable')
  if (presented.medium === 'foreign') return feed === null ? found('not-known-here') : null
  if (presented.seal !== 'good') return found(presented.seal === 'wrong' ? 'seal-wrong' : 'key-unknown')
  const { payload, key } = presented
  const isTest = payload.kind === 'test' || key.test === true
  if (isTest !== (lane.isOnTrial ?? false)) return found(isTest ? 'test-ticket' : 'not-known-here')
  const lastDay = payload.firstDay + payload.days - 1
  const isInSeason = dateOfCivilDay(payload.firstDay) >= key.from && dateOfCivilDay(lastDay) <= key.until
  return isInSeason ? null : found('key-over')
}

function typeUnknown({ entitlement }: Case): Finding | null {
  return entitlement === null ? found('type-unknown') : null
}

function notPaid({ status, request, entitlement }: Case): Finding | null {
  if (status !== 'unpaid') return null
  return request.ignoreUnpaid === true && entitlement?.type.mayEnterUnpaid === true ? null : found(null)
}

function notForHere({ entitlement, catalogue, lane }: Case): Finding | null {
  if (entitlement === null) return null
  if ((entitlement.museums & catalogue.museum.bit) === 0) {
    const other = catalogue.others.find(({ bit }) => (entitlement.museums & bit) !== 0)
    return found('other-museum', other === undefined ? DESK : { kind: 'museum', name: other.name })
  }
  const mayUse = lane.bits === null || (entitlement.lanes & lane.bits) !== 0
  return mayUse ? null : found('other-lane', { kind: 'lane', bits: entitlement.lanes })
}

function notForNow({ entitlement, now, isTimeKnown }: Case): Finding | null {
  return entitlement === null || !isTimeKnown ? null : timeProblem(entitlement, now)
}

function museumClosed({ catalogue, now, isTimeKnown }: Case): Finding | null {
  if (!isTimeKnown || isOpenAt(catalogue.museum, now)) return null
  const next = nextOpening(catalogue.museum, now)
  if (next === null) return found('closed-today')
  const isToday = next.day === now.day
  return found(isToday ? 'before-opening' : 'after-closing', { kind: 'opens', ...next, isToday })
}

function ruleNotMet(one: Case): Finding | null {
  const { entitlement, history, elsewhere, lane, catalogue, clock, now, isTimeKnown } = one
  const rule = entitlement?.type.rule
  if (entitlement === null || rule === undefined) return null
  const here = { lane: lane.id, museum: catalogue.museum, nowMs: clock.nowMs, now, isTimeKnown }
  const facts = { entitlement, history, elsewhere, ...here }
  return isAllowed(rule, facts) ? null : found('rule-not-met')
}

function usedUp(one: Case): Finding | null {
  const { right, history, now } = one
  if (right === null || personsLeft(right, one) > 0) return null
  const first = history.entries[0]?.row
  const here: Fix = first === undefined ? DESK : { kind: 'entered', at: first.at, lane: first.lane }
  if (right.reentry === true && history.inside > 0) return found('still-inside', here)
  const isUsedUpHere = rightLeft(history.entries, right, now.day) === 0
  const fix = isUsedUpHere ? here : (enteredElsewhere(right, one) ?? here)
  return found(right.perDay === true ? 'used-up-today' : 'used-up', fix)
}

/** Where and when it was last used at another museum. */
function enteredElsewhere(right: Right, { elsewhere, catalogue, now }: Case): Fix | null {
  const last = usesCounted(elsewhere, right, now.day).at(-1)
  const museum = catalogue.others.find(({ bit }) => bit === last?.museum)?.name
  if (last === undefined || museum === undefined) return null
  const day = civilDayOf(Date.parse(last.at))
  return { kind: 'entered-elsewhere', at: last.at, museum, day: day === now.day ? null : day }
}

/** Those who come in again today, and those whom the right still covers, after what other museums let in on it. */
export function personsLeft(
  right: Right,
  { history, elsewhere, now }: Pick<Case, 'history' | 'elsewhere' | 'now'>,
): number {
  const again = right.reentry === true && history.awayOn === now.day ? history.away : 0
  const left = rightLeft(history.entries, right, now.day) - personsElsewhere(elsewhere, right, now.day)
  return again + Math.max(0, left)
}

function full({ occupancy, catalogue, persons }: Case): Finding | null {
  const { refuseAt } = catalogue.museum.capacity
  return occupancy !== null && refuseAt !== null && occupancy.inside + persons > refuseAt ? found('full', null) : null
}

/** Whoever knows a number has not shown a ticket: a person of the staff answers for it, whatever else would be good. */
function notShown({ presented }: Case): Finding | null {
  return isNotShown(presented) ? found('not-shown') : null
}
